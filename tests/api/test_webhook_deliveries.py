"""Deliveries of a receiver: newest first regardless of ids, and each listed once over all pages."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

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


def test_deliveries_unknown_cursor_is_refused(tenant: TenantFixture, receiver: UUID) -> None:
    """An unknown cursor has no position to continue from."""
    address = f"/v1/webhooks/{receiver}/deliveries?cursor={uuid4()}"
    answer = tenant.api(Role.ORG_ADMIN).get(address)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:refinery:problem:bad-cursor")
