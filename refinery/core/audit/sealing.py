"""Put the events that no seal holds yet under a new one; the order of commits does not matter."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from refinery.core.audit.canonical import event_bytes
from refinery.core.audit.merkle import leaf_hash, root_of
from refinery.core.audit.models import AuditEvent, AuditLeaf, AuditSeal

BATCH: Final = 10_000
LATE: Final = timedelta(hours=1)  # longer than any transaction: an older event without a seal came by another way


def unsealed(tenant_id: UUID, using: str = "default") -> QuerySet[AuditEvent]:
    """Give the tenant's events that no seal holds, oldest first."""
    held = AuditLeaf.objects.using(using).filter(tenant_id=tenant_id, event_id=OuterRef("pk"))
    return AuditEvent.objects.using(using).filter(~Exists(held), tenant_id=tenant_id).order_by("id")


def last_seal(tenant_id: UUID, using: str = "default") -> AuditSeal | None:
    """Give the head of the tenant's chain."""
    return AuditSeal.objects.using(using).filter(tenant_id=tenant_id).order_by("-number").first()


def seal_events(tenant_id: UUID, *, using: str = "default", batch: int = BATCH) -> AuditSeal | None:
    """Seal up to `batch` events of a tenant, in its scope; None when there is nothing to seal."""
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [f"audit/{tenant_id}"])
        head = last_seal(tenant_id, using)
        waiting = unsealed(tenant_id, using)
        if head is not None:
            waiting = waiting.filter(at__gte=head.sealed_at - LATE)  # keeps the look at the index's end
        events = list(waiting[:batch])
        return _write(tenant_id, head, events, using) if events else None


def _write(tenant_id: UUID, head: AuditSeal | None, events: list[AuditEvent], using: str) -> AuditSeal:
    hashes = [leaf_hash(event_bytes(event)) for event in events]
    seal = AuditSeal(
        tenant_id=tenant_id,
        number=head.number + 1 if head else 1,
        first_event=events[0].id,
        last_event=events[-1].id,
        events=len(events),
        root=root_of(hashes).hex(),
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
