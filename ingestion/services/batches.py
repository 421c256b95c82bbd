"""Batches: documents that are paused, resumed and cancelled together."""

from uuid import UUID

from django.db import transaction

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import BatchStatus, DocumentStatus
from ingestion.models import Batch, Document, Schema
from ingestion.services.upload import UnknownSchema
from ingestion.services.workflow_signals import hold_run, release_run
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission

B = BatchStatus
BATCH_TRANSITIONS = {
    "pause": (frozenset({B.OPEN, B.RUNNING}), B.PAUSED),
    "resume": (frozenset({B.PAUSED}), B.RUNNING),
    "cancel": (frozenset({B.OPEN, B.RUNNING, B.PAUSED}), B.CANCELLED),
}


class InvalidBatchTransition(ValueError):
    """The batch's status does not allow the action."""


def create_batch(*, actor: Actor, name: str, schema: str = "") -> Batch:
    """Create a batch; raises UnknownSchema."""
    actor.require(Permission.BATCH_CONTROL)
    if schema and not Schema.objects.visible_to(actor).filter(key=schema, is_active=True).exists():
        raise UnknownSchema(schema)
    with transaction.atomic():
        batch = Batch.objects.create(
            tenant_id=actor.tenant_id, name=name, schema_key=schema, created_by_id=actor.user_id
        )
        record_event(actor.audit, "batch.created", "batch", batch.id)
    return batch


def control_batch(*, actor: Actor, batch_id: UUID, action: str) -> Batch:
    """Pause, resume or cancel a batch; raises Batch.DoesNotExist, InvalidBatchTransition.

    Runs that a worker has started are finished; starts that have not left the outbox are held back.
    """
    actor.require(Permission.BATCH_CONTROL)
    before, after = BATCH_TRANSITIONS[action]
    with transaction.atomic():
        batch = Batch.objects.visible_to(actor).select_for_update().get(pk=batch_id)
        if batch.status not in before:
            message = f"a batch that is {batch.status} cannot {action}"
            raise InvalidBatchTransition(message)
        batch.status = after
        batch.save(update_fields=["status"])
        _control_documents(actor, batch, action)
        record_event(actor.audit, f"batch.{action}", "batch", batch.id)
    return batch


def _control_documents(actor: Actor, batch: Batch, action: str) -> None:
    waiting = Document.objects.visible_to(actor).filter(batch=batch, status=DocumentStatus.RECEIVED)
    if action == "resume":
        for document in waiting.filter(stage="held").only("id", "run"):
            release_run(RunRef(actor.tenant_id, document.id, document.run))
        return
    for document in waiting.exclude(stage="held").only("id", "run"):
        hold_run(RunRef(actor.tenant_id, document.id, document.run))
    if action == "cancel":
        waiting.filter(stage="held").update(stage="cancelled")
