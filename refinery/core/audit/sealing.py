"""Sealing of events that are in no seal yet; the order of their commits does not matter."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from refinery.core.audit.canonical import event_bytes
from refinery.core.audit.merkle import leaf_hash, merkle_root
from refinery.core.audit.models import AuditEvent, AuditLeaf, AuditSeal
from refinery.core.database.ids import moment_of_id

SEAL_BATCH_SIZE: Final = 10_000
MAX_COMMIT_DELAY: Final = timedelta(hours=1)  # longer than any transaction


def unsealed_events(tenant_id: UUID, using: str = "default") -> QuerySet[AuditEvent]:
    """Return the tenant's events that are in no seal, oldest first."""
    sealed_leaves = AuditLeaf.objects.using(using).filter(tenant_id=tenant_id, event_id=OuterRef("pk"))
    return AuditEvent.objects.using(using).filter(~Exists(sealed_leaves), tenant_id=tenant_id).order_by("id")


def last_seal(tenant_id: UUID, using: str = "default") -> AuditSeal | None:
    """Return the head of the tenant's chain."""
    return AuditSeal.objects.using(using).filter(tenant_id=tenant_id).order_by("-number").first()


def oldest_unsealed_moment(head: AuditSeal) -> datetime:
    """Return the time before which every event of the application is in a seal.

    Events are sealed in the order of their ids, so all before the last sealed one are, except for a transaction that
    committed late. The seal's own time says nothing: after an outage its events are much older.
    """
    return moment_of_id(head.last_event) - MAX_COMMIT_DELAY


def seal_events(tenant_id: UUID, *, using: str = "default", batch: int = SEAL_BATCH_SIZE) -> AuditSeal | None:
    """Seal up to `batch` events of a tenant, in its scope; None if there is nothing to seal."""
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [f"audit/{tenant_id}"])
        head = last_seal(tenant_id, using)
        waiting = unsealed_events(tenant_id, using)
        if head is not None:
            waiting = waiting.filter(at__gte=oldest_unsealed_moment(head))  # limits the index scan
        events = list(waiting[:batch])
        return _write_seal(tenant_id, head, events, using) if events else None


def _write_seal(tenant_id: UUID, head: AuditSeal | None, events: list[AuditEvent], using: str) -> AuditSeal:
    hashes = [leaf_hash(event_bytes(event)) for event in events]
    seal = AuditSeal(
        tenant_id=tenant_id,
        number=head.number + 1 if head else 1,
        first_event=events[0].id,
        last_event=events[-1].id,
        events=len(events),
        root=merkle_root(hashes).hex(),
        previous=head.digest() if head else "",
        sealed_at=timezone.now(),
    )
    seal.sign()
    seal.save(using=using, force_insert=True)
    AuditLeaf.objects.using(using).bulk_create(
        [
            AuditLeaf(tenant_id=tenant_id, event_id=event.id, seal=seal.number, position=at, hash=leaf.hex())
            for at, (event, leaf) in enumerate(zip(events, hashes, strict=True))
        ],
        batch_size=1000,
    )
    return seal
