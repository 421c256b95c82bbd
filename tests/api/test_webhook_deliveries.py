"""Deliveries of a receiver: newest first regardless of ids, and each listed once over all pages."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.support.factories.tenants import TenantFixture

BEGIN = datetime(2026, 11, 21, 12, tzinfo=UTC)
IDS = ("cc", "11", "ee", "77", "33")  # not in time order; the last two have the same time


@pytest.fixture
def receiver(tenant: TenantFixture) -> UUID:
    """Return a receiver with five deliveries."""
    with tenant_scope(tenant.tenant_id):
        tenant_key = {"tenant_id": tenant.tenant_id}
        endpoint = WebhookEndpoint.objects.create(**tenant_key, url="https://receiver.example/", secret="whsec_x")
        for number, prefix in enumerate(IDS):
            row = WebhookDelivery.objects.create(
                **tenant_key, id=UUID(prefix * 16), endpoint=endpoint, url=endpoint.url, event="e", payload={}
            )
            moment = BEGIN + timedelta(seconds=min(number, 3))
            WebhookDelivery.objects.filter(pk=row.pk).update(created_at=moment)
    return endpoint.id


def test_deliveries_are_listed_newest_first_without_repetition(tenant: TenantFixture, receiver: UUID) -> None:
    """Page by page; for equal times the greater id comes first."""
    client, address = tenant.api(Role.ORG_ADMIN), f"/v1/webhooks/{receiver}/deliveries?limit=2"
    seen: list[str] = []
    while address:
        page = client.get(address).json()
        seen += [row["id"][:2] for row in page["results"]]
        address = page["next"]
    assert seen == ["77", "33", "ee", "11", "cc"]


def test_deliveries_continue_when_last_row_was_deleted(tenant: TenantFixture, receiver: UUID) -> None:
    """The cursor is a position: what was pruned meanwhile is only missing."""
    client, address = tenant.api(Role.ORG_ADMIN), f"/v1/webhooks/{receiver}/deliveries?limit=3"
    first = client.get(address).json()
    with tenant_scope(tenant.tenant_id):
        WebhookDelivery.objects.filter(pk=first["results"][-1]["id"]).delete()
    second = client.get(first["next"]).json()
    assert [row["id"][:2] for row in second["results"]] == ["11", "cc"]
    assert second["next"] is None


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7])
def test_deliveries_of_one_moment_are_listed_once(tenant: TenantFixture, receiver: UUID, limit: int) -> None:
    """By descending id, whatever the page's length."""
    with tenant_scope(tenant.tenant_id):
        WebhookDelivery.objects.update(created_at=BEGIN)
    client, address = tenant.api(Role.ORG_ADMIN), f"/v1/webhooks/{receiver}/deliveries?limit={limit}"
    seen: list[str] = []
    while address:
        page = client.get(address).json()
        seen += [row["id"][:2] for row in page["results"]]
        address = page["next"]
    assert seen == sorted(IDS, reverse=True)


@pytest.mark.parametrize("position", ["018f2d3a-1111-7abc-8def-0123456789ab", "yesterday", "2026-02-30T00:00:00Z"])
def test_deliveries_cursor_that_is_no_time_is_refused(tenant: TenantFixture, receiver: UUID, position: str) -> None:
    """Cursors of other lists and invented ones."""
    cursor = b64encode(urlencode({"p": position}).encode()).decode()
    answer = tenant.api(Role.ORG_ADMIN).get(f"/v1/webhooks/{receiver}/deliveries", {"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:refinery:problem:bad-cursor")
