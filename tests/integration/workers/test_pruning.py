"""Pruning: expired rows of every kind are deleted in bounded batches, all others stay."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from temporalio.testing import ActivityEnvironment

from refinery.core.database import pruning
from refinery.core.database.ids import first_id_at
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.models import SignInAttempt, TokenFamily
from refinery.core.tenancy.roles import Role
from refinery.core.web.models import IdempotencyKey
from refinery.core.webhooks.models import WebhookDelivery
from tests.support.factories.tenants import TenantFixture, make_tenant
from workers.activities.upkeep import UpkeepActivities

pytestmark = pytest.mark.django_db
KEPT_DAYS = {"outbox": 30, "idempotency": 2, "delivery": 60, "family": 1}


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant."""
    return make_tenant(roles=[Role.VIEWER])


def days_ago(days: float) -> datetime:
    """Return a time in the past."""
    return timezone.now() - timedelta(days=days)


def id_at(moment: datetime) -> UUID:
    """Return an id of a moment that no other row of its millisecond has."""
    return UUID(int=first_id_at(moment).int | (uuid4().int & 0xFFFF_FFFF))


def add_message(tenant: TenantFixture, age: float, *, sent: bool) -> None:
    """Write a message of the outbox, sent or not."""
    row = OutboxMessage.objects.create(
        id=id_at(days_ago(age)),
        tenant_id=tenant.tenant_id,
        topic="workflow.start",
        key=f"{age}/{sent}",
        payload={},
        available_at=days_ago(age),
    )
    if sent:
        with connection.cursor() as cursor:
            cursor.execute("SELECT platform_outbox_sent(%s)", [[row.id]])


def add_key(tenant: TenantFixture, age: float) -> None:
    """Store a response."""
    IdempotencyKey.objects.create(
        id=id_at(days_ago(age)),
        tenant_id=tenant.tenant_id,
        key=str(age),
        actor_id=uuid4(),
        path="/v1/batches",
        fingerprint="0" * 64,
        status=201,
        response={},
    )


def add_delivery(tenant: TenantFixture, age: float, **ended: datetime) -> None:
    """Create a delivery; `ended` is delivered_at or gave_up_at."""
    row = WebhookDelivery.objects.create(
        tenant_id=tenant.tenant_id, url=f"https://{age}.example", event="e", payload={}, **ended
    )
    WebhookDelivery.objects.filter(pk=row.pk).update(created_at=days_ago(age))


def prune() -> int:
    """Run the activity."""
    return int(ActivityEnvironment().run(UpkeepActivities().prune_rows))


def test_prune_deletes_old_messages_that_were_sent(tenant: TenantFixture) -> None:
    """An unsent message is never deleted, however old."""
    limit = KEPT_DAYS["outbox"]
    with tenant_scope(tenant.tenant_id):
        for age in (limit + 1, limit - 1):
            for sent in (True, False):
                add_message(tenant, age, sent=sent)
    assert prune() == 1
    with tenant_scope(tenant.tenant_id):
        left = set(OutboxMessage.objects.values_list("key", flat=True))
    assert left == {f"{limit + 1}/False", f"{limit - 1}/True", f"{limit - 1}/False"}


def test_prune_deletes_old_idempotency_keys(tenant: TenantFixture) -> None:
    """A client repeats a request within hours."""
    limit = KEPT_DAYS["idempotency"]
    with tenant_scope(tenant.tenant_id):
        for age in (limit + 0.1, limit - 0.1):
            add_key(tenant, age)
    assert prune() == 1
    with tenant_scope(tenant.tenant_id):
        assert IdempotencyKey.objects.get().key == str(limit - 0.1)


def test_prune_deletes_old_deliveries_that_have_ended(tenant: TenantFixture) -> None:
    """One that is still tried stays."""
    limit = KEPT_DAYS["delivery"]
    with tenant_scope(tenant.tenant_id):
        add_delivery(tenant, limit + 1, delivered_at=days_ago(1))
        add_delivery(tenant, limit + 2, gave_up_at=days_ago(1))
        add_delivery(tenant, limit + 3)
        add_delivery(tenant, limit - 1, delivered_at=days_ago(1))
    assert prune() == 2
    with tenant_scope(tenant.tenant_id):
        left = set(WebhookDelivery.objects.values_list("url", flat=True))
    assert left == {f"https://{limit + 3}.example", f"https://{limit - 1}.example"}


def test_prune_deletes_expired_sessions_families_and_attempts(tenant: TenantFixture) -> None:
    """What has not expired stays: a session, a token family, a counted attempt."""
    for name, age in (("over", 1.0), ("open", -1.0)):
        Session.objects.create(session_key=name, session_data="", expire_date=days_ago(age))
        SignInAttempt.objects.create(bucket=name, started_at=days_ago(age + 1), count=1)
        with tenant_scope(tenant.tenant_id):
            TokenFamily.objects.create(
                tenant_id=tenant.tenant_id,
                user=tenant.user(Role.VIEWER),
                current=name,
                expires_at=days_ago(age + KEPT_DAYS["family"]),
            )
    assert prune() == 3
    assert Session.objects.get().session_key == "open"
    assert SignInAttempt.objects.get().bucket == "open"
    with tenant_scope(tenant.tenant_id):
        assert TokenFamily.objects.get().current == "open"


def test_prune_is_bounded_and_continues_later(tenant: TenantFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven old rows, batches of two, two batches a run."""
    monkeypatch.setattr(pruning, "BATCH", 2)
    monkeypatch.setattr(pruning, "MOST_BATCHES", 2)
    with tenant_scope(tenant.tenant_id):
        for number in range(7):
            add_key(tenant, 10 + number)
    assert [prune(), prune(), prune()] == [4, 3, 0]
