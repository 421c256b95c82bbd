"""Audit seals detect any tampering: a changed, removed or added row or field."""

import random
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from refinery.core.audit.canonical import canonical_value, event_bytes
from refinery.core.audit.merkle import EMPTY_ROOT, leaf_hash, merkle_root, node_hash
from refinery.core.audit.models import AuditEvent, AuditLeaf, AuditSeal
from refinery.core.audit.sealing import last_seal, seal_events, unsealed_events
from refinery.core.audit.services import AuditActor, record_event
from refinery.core.audit.verification import AuditVerification, verify_log
from refinery.core.database.ids import first_id_at, new_id
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId
from tests.support.factories.tenants import make_tenant

DETAILS: list[dict[str, Any]] = [
    {},
    {"n": 1},
    {"n": 1.0, "x": 1e20, "z": -0.0},
    {"list": [0.1, True, None, "é"], "in": {"b": 2, "a": 1}},
]
EVENTS, BATCH, ROUNDS = 40, 12, 500


def tree(leaves: list[bytes]) -> bytes:
    """Compute the Merkle tree hash as defined in RFC 6962, section 2.1."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(tree(leaves[:split]), tree(leaves[split:]))


def test_merkle_root_follows_rfc_6962() -> None:
    """For every size of a small tree; leaf and node hashes differ."""
    leaves = [leaf_hash(bytes([number])) for number in range(70)]
    assert all(merkle_root(leaves[:size]) == tree(leaves[:size]) for size in range(71))
    assert leaf_hash(leaves[0] + leaves[1]) != node_hash(leaves[0], leaves[1])


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1e20, 10**20), (-0.0, 0), (1e-7, 0.0000001)])
def test_canonical_number_is_independent_of_database_notation(one: float, other: float) -> None:
    """But true is not 1, and text is not a number."""
    assert canonical_value({"a": [one]}) == canonical_value({"a": [other]})
    assert canonical_value([True]) != canonical_value([1])
    assert canonical_value(["1"]) != canonical_value([1])
    assert canonical_value(["number 1"]) != canonical_value([1])


@pytest.mark.django_db
def test_seals_chain_and_cover_every_event_once() -> None:
    """Nothing is sealed twice or left unsealed, and the commands agree."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        for detail in DETAILS:
            record_event(AuditActor(tenant.tenant_id, None, "system"), "test.done", "thing", new_id(), **detail)
        count = AuditEvent.objects.count()
        first, second = seal_events(tenant.tenant_id, batch=3), seal_events(tenant.tenant_id, batch=count)
        assert first is not None
        assert second is not None
        assert second.previous == first.digest()
        assert seal_events(tenant.tenant_id) is None
        assert AuditLeaf.objects.count() == first.events + second.events == count
    said = StringIO()
    call_command("seal_audit", stdout=said)
    assert said.getvalue().split() == [str(tenant.tenant_id), "2", second.digest()]
    call_command("verify_audit", stdout=said)
    assert f"good: {count} events, 2 seals, head {second.digest()}" in said.getvalue()
    call_command("verify_audit", tenant=tenant.tenant_id, head=first.digest(), stdout=said)
    with pytest.raises(CommandError, match="was altered"):
        call_command("verify_audit", tenant=tenant.tenant_id, head="0" * 64, stdout=said)


class SealedLog:
    """Sealed log on the owner's connection, to which no policy applies (as with a superuser)."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Disable forced RLS for the owner, write events and seal them."""
        self.tenant_id, self.connection = tenant_id, connections["owner"]
        for table in ("audit_event", "audit_leaf", "audit_seal"):
            self.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for number in range(EVENTS):
            self.event(number).save(using="owner")
            if number % BATCH == BATCH - 1:
                seal_events(tenant_id, using="owner")
        self.ids = list(AuditEvent.objects.using("owner").order_by("id").values_list("id", flat=True))
        self.sealed = set(AuditLeaf.objects.using("owner").values_list("event_id", flat=True))

    def event(self, number: int) -> AuditEvent:
        """Return a new event as `record` would create it."""
        detail = DETAILS[number % len(DETAILS)]
        return AuditEvent(
            tenant_id=self.tenant_id,
            actor_id=uuid4(),
            actor_kind="user",
            action="test.done",
            object_type="thing",
            object_id=uuid4(),
            request_id=f"request-{number}",
            detail=detail,
        )

    def execute(self, statement: str, *values: str | int | UUID | None) -> None:
        """Execute a statement that must affect at least one row."""
        connection: BaseDatabaseWrapper = self.connection
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            assert cursor.rowcount != 0, statement

    def verify(self, head: str = "") -> AuditVerification:
        """Verify on the same connection."""
        return verify_log(self.tenant_id, using="owner", heads=[head] if head else [])


@pytest.fixture
def sealed_log(db: None) -> SealedLog:
    """Return a log of EVENTS events, the last few still unsealed."""
    return SealedLog(TenantId(new_id()))


Tampering = Callable[[SealedLog, random.Random], UUID | None]


def change_field(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Change one field of one event."""
    row = dice.choice(sealed_log.ids)
    field, value = dice.choice(
        [
            ("action", "'test.undone'"),
            ("actor_id", "gen_random_uuid()"),
            ("actor_id", "NULL"),
            ("actor_kind", "'service'"),
            ("object_type", "'other'"),
            ("object_id", "gen_random_uuid()"),
            ("request_id", "''"),
            ("at", "at + interval '1 microsecond'"),
            ("at", "at - interval '30 days'"),
            ("detail", """'{"n": 2}'"""),
            ("detail", "detail || '{\"more\": null}'"),
            ("mac", "repeat('0', 64)"),
            ("detail", "jsonb_build_array(detail)"),
        ]
    )
    sealed_log.execute(f"UPDATE audit_event SET {field} = {value} WHERE id = %s", row)  # noqa: S608 - from the list above
    return row


def change_id(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Change an event's id, so that the sealed one is missing."""
    row = dice.choice(sorted(sealed_log.sealed))
    sealed_log.execute("UPDATE audit_event SET id = gen_random_uuid() WHERE id = %s", row)
    return row


def delete_event(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Delete a sealed event."""
    row = dice.choice(sorted(sealed_log.sealed))
    sealed_log.execute("DELETE FROM audit_event WHERE id = %s", row)
    return row


def delete_event_and_leaf(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Delete an event and its leaf."""
    row = delete_event(sealed_log, dice)
    sealed_log.execute("DELETE FROM audit_leaf WHERE event_id = %s", row)
    return None


def insert_copy(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Insert a copy of an event under a new id."""
    row = new_id()
    sealed_log.execute(
        "INSERT INTO audit_event (id, tenant_id, at, actor_id, actor_kind, action, object_type, object_id,"
        " request_id, detail, mac) SELECT %s, tenant_id, at, actor_id, actor_kind, action, object_type, object_id,"
        " request_id, detail, mac FROM audit_event WHERE id = %s",
        row,
        dice.choice(sealed_log.ids),
    )
    return row


def swap_leaves(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Swap the leaves of two sealed events."""
    one, other = sorted(dice.sample(sorted(sealed_log.sealed), 2))
    sealed_log.execute("UPDATE audit_event SET id = %s WHERE id = %s", UUID(int=0), one)
    sealed_log.execute("UPDATE audit_event SET id = %s WHERE id = %s", one, other)
    sealed_log.execute("UPDATE audit_event SET id = %s WHERE id = %s", other, UUID(int=0))
    return None


def move_to_other_tenant(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Move a sealed event to another tenant."""
    row = dice.choice(sorted(sealed_log.sealed))
    sealed_log.execute("UPDATE audit_event SET tenant_id = gen_random_uuid() WHERE id = %s", row)
    return row


def forge_leaf(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Change an event and recompute its leaf."""
    row = change_field(sealed_log, dice)
    assert row is not None
    event = AuditEvent.objects.using("owner").get(pk=row)
    if row in sealed_log.sealed:
        leaf = leaf_hash(event_bytes(event)).hex()
        sealed_log.execute("UPDATE audit_leaf SET hash = %s WHERE event_id = %s", leaf, row)
    return row


def change_or_delete_seal(sealed_log: SealedLog, dice: random.Random) -> UUID | None:
    """Change one field of a seal, or delete it."""
    number = dice.randint(1, EVENTS // BATCH)
    statement = dice.choice(
        [
            "UPDATE audit_seal SET root = repeat('0', 64)",
            "UPDATE audit_seal SET previous = repeat('0', 64)",
            "UPDATE audit_seal SET events = events + 1",
            "UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day'",
            "UPDATE audit_seal SET signature = repeat('0', 64)",
            "UPDATE audit_seal SET number = number + 100",
            "UPDATE audit_seal SET first_event = last_event",
            "DELETE FROM audit_seal",
        ]
    )
    sealed_log.execute(f"{statement} WHERE number = %s", number)
    return None


TAMPERINGS: list[Tampering] = [
    change_field,
    change_field,
    change_field,
    change_id,
    delete_event,
    delete_event_and_leaf,
    insert_copy,
    swap_leaves,
    move_to_other_tenant,
    forge_leaf,
    change_or_delete_seal,
]


@pytest.mark.django_db(databases=["default", "owner"])
def test_verify_detects_five_hundred_random_tamperings(sealed_log: SealedLog) -> None:
    """Each one is detected, and if it affected a single event, that row is named."""
    assert sealed_log.verify().first_finding is None
    dice, missed = random.Random(20261121), []  # noqa: S311 - a seed, so that a miss can be replayed
    for turn in range(ROUNDS):
        kind = TAMPERINGS[turn % len(TAMPERINGS)]
        with transaction.atomic(using="owner"):
            row = kind(sealed_log, dice)
            found = sealed_log.verify().first_finding
            if found is None or (row is not None and found.row != row):
                missed.append((turn, kind.__name__, row, found))
            transaction.set_rollback(True, using="owner")
    assert missed == []
    assert sealed_log.verify().first_finding is None


@pytest.mark.django_db(databases=["default", "owner"])
def test_verify_detects_truncated_log_by_external_head(sealed_log: SealedLog) -> None:
    """Removing the last events with their leaves and seal leaves no internal trace; the printed head detects it."""
    head = last_seal(sealed_log.tenant_id, "owner")
    assert head is not None
    noted = head.digest()
    sealed_log.execute(
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_leaf WHERE seal = %s)", head.number
    )
    sealed_log.execute("DELETE FROM audit_leaf WHERE seal = %s", head.number)
    sealed_log.execute("DELETE FROM audit_seal WHERE number = %s", head.number)
    assert sealed_log.verify().first_finding is None
    found = sealed_log.verify(noted).first_finding
    assert found is not None
    assert "its end is missing" in found.problem


def write_events(tenant_id: TenantId, count: int, *, hours_ago: float) -> None:
    """Write events as they were written some hours ago, a second apart."""
    first = timezone.now() - timedelta(hours=hours_ago)
    for number in range(count):
        at = first + timedelta(seconds=number)
        facts = {"actor_kind": "system", "action": "test.done", "object_type": "thing"}
        AuditEvent(id=first_id_at(at), tenant_id=tenant_id, at=at, **facts).save()


@pytest.mark.django_db
def test_seals_after_outage_leave_no_event_out() -> None:
    """Thirty events waited for half a day and are sealed in batches of ten; the log is good at every moment."""
    tenant_id = TenantId(new_id())
    with tenant_scope(tenant_id):
        write_events(tenant_id, 30, hours_ago=12)
        for left in (20, 10, 0):
            assert seal_events(tenant_id, batch=10) is not None
            assert unsealed_events(tenant_id).count() == left
            assert verify_log(tenant_id).first_finding is None
        assert seal_events(tenant_id) is None
        write_events(tenant_id, 5, hours_ago=11.5)
        assert seal_events(tenant_id) is not None
        assert not unsealed_events(tenant_id).exists()


@pytest.mark.django_db
def test_seal_contains_event_that_committed_late() -> None:
    """A transaction that began before the sealed events and committed after them."""
    tenant_id = TenantId(new_id())
    with tenant_scope(tenant_id):
        write_events(tenant_id, 3, hours_ago=0.1)
        assert seal_events(tenant_id) is not None
        write_events(tenant_id, 1, hours_ago=0.9)
        assert verify_log(tenant_id).first_finding is None
        late = seal_events(tenant_id)
        assert late is not None
        assert late.events == 1


@pytest.mark.django_db(databases=["default", "owner"])
def test_verify_detects_unsealed_backdated_event(sealed_log: SealedLog) -> None:
    """An event backdated with a stolen key is detected."""
    late = sealed_log.event(1)
    late.at = AuditSeal.objects.using("owner").earliest("number").sealed_at.replace(year=2020)
    late.save(using="owner")
    found = sealed_log.verify().first_finding
    assert found is not None
    assert (found.row, found.problem) == (late.id, "the event is old and not in any seal")
    assert not seal_events(sealed_log.tenant_id, using="owner") or late in unsealed_events(
        sealed_log.tenant_id, "owner"
    )
