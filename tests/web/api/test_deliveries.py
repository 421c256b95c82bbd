"""A receiver's deliveries: newest first, whatever their ids, over all pages once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories.people import House

BEGIN = datetime(2026, 11, 21, 12, tzinfo=UTC)
IDS = ("cc", "11", "ee", "77", "33")  # no order in time; the last two of the same moment


@pytest.fixture
def receiver(house: House) -> UUID:
    """A receiver that was told five things."""
    with tenant_scope(house.tenant_id):
        tenant = {"tenant_id": house.tenant_id}
        endpoint = WebhookEndpoint.objects.create(**tenant, url="https://receiver.example/", secret="whsec_x")
        for number, prefix in enumerate(IDS):
            row = WebhookDelivery.objects.create(
                **tenant, id=UUID(prefix * 16), endpoint=endpoint, url=endpoint.url, event="e", payload={}
            )
            moment = BEGIN + timedelta(seconds=min(number, 3))
            WebhookDelivery.objects.filter(pk=row.pk).update(created_at=moment)
    return endpoint.id


def test_deliveries_come_newest_first_and_once(house: House, receiver: UUID) -> None:
    """Page by page; of the same moment the greater id first."""
    client, address = house.api(Role.ORG_ADMIN), f"/v1/webhooks/{receiver}/deliveries?limit=2"
    seen: list[str] = []
    while address:
        page = client.get(address).json()
        seen += [row["id"][:2] for row in page["results"]]
        address = page["next"]
    assert seen == ["77", "33", "ee", "11", "cc"]


def test_a_cursor_of_no_row_is_refused(house: House, receiver: UUID) -> None:
    """It cannot be told where to go on."""
    address = f"/v1/webhooks/{receiver}/deliveries?cursor={uuid4()}"
    answer = house.api(Role.ORG_ADMIN).get(address)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:refinery:problem:bad-cursor")
