"""Batches: documents that came together, paused, resumed and cancelled as one."""

from uuid import UUID

from django.db import transaction

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Batch, Document, Schema
from ingestion.services.upload import UnknownSchema
from ingestion.services.workflow_signals import hold_run, release_run
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb

MOVES = {
    "pause": (frozenset({"OPEN", "RUNNING"}), "PAUSED"),
    "resume": (frozenset({"PAUSED"}), "RUNNING"),
    "cancel": (frozenset({"OPEN", "RUNNING", "PAUSED"}), "CANCELLED"),
}


class BatchCannot(ValueError):
    """The batch's status does not lead there."""


def create_batch(*, actor: Actor, name: str, schema: str = "") -> Batch:
    """Open a batch; raises UnknownSchema."""
    actor.require(Verb.BATCH_CONTROL)
    if schema and not Schema.objects.visible_to(actor).filter(key=schema, is_active=True).exists():
        raise UnknownSchema(schema)
    with transaction.atomic():
        batch = Batch.objects.create(
            tenant_id=actor.tenant_id, name=name, schema_key=schema, created_by_id=actor.user_id
        )
        record(actor.audit, "batch.created", "batch", batch.id)
    return batch


def steer_batch(*, actor: Actor, batch_id: UUID, verb: str) -> Batch:
    """Pause, resume or cancel; raises Batch.DoesNotExist, BatchCannot.

    What a worker has in hand is finished; what has not left the outbox is held back.
    """
    actor.require(Verb.BATCH_CONTROL)
    before, after = MOVES[verb]
    with transaction.atomic():
        batch = Batch.objects.visible_to(actor).select_for_update().get(pk=batch_id)
        if batch.status not in before:
            message = f"a batch that is {batch.status} cannot {verb}"
            raise BatchCannot(message)
        batch.status = after
        batch.save(update_fields=["status"])
        _steer_documents(actor, batch, verb)
        record(actor.audit, f"batch.{verb}", "batch", batch.id)
    return batch


def _steer_documents(actor: Actor, batch: Batch, verb: str) -> None:
    waiting = Document.objects.visible_to(actor).filter(batch=batch, status=DocumentStatus.RECEIVED)
    if verb == "resume":
        for document in waiting.filter(stage="held").only("id", "run"):
            release_run(RunRef(actor.tenant_id, document.id, document.run))
        return
    for document in waiting.exclude(stage="held").only("id", "run"):
        hold_run(RunRef(actor.tenant_id, document.id, document.run))
    if verb == "cancel":
        waiting.filter(stage="held").update(stage="cancelled")
