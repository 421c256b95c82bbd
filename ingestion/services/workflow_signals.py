"""Starts and signals of workflows in Temporal: sent by the outbox, never within the request."""

from typing import Any
from uuid import UUID

from ingestion.contracts import RunRef
from ingestion.models import Document
from refinery.core.outbox.services import OutgoingMessage, enqueue, withdraw

START_TOPIC, SIGNAL_TOPIC = "workflow.start", "workflow.signal"


def start_run(ref: RunRef, *, held: bool = False) -> None:
    """Queue the start of a run's workflow; a held one (its batch is paused) waits for `release_run`."""
    if held:
        Document.objects.filter(pk=ref.document_id).update(stage="held")
        return
    payload = {
        "workflow": "document",
        "id": ref.workflow_id,
        "tenant": str(ref.tenant_id),
        "document": str(ref.document_id),
        "run": ref.run,
        "priority": Document.objects.values_list("priority", flat=True).get(pk=ref.document_id),
    }
    enqueue(OutgoingMessage(START_TOPIC, payload, ref.tenant_id), key=ref.workflow_id)


def hold_run(ref: RunRef) -> bool:
    """Withdraw a start that is still in the outbox; returns whether the run is now held."""
    if not withdraw(ref.tenant_id, START_TOPIC, ref.workflow_id):
        return False
    Document.objects.filter(pk=ref.document_id).update(stage="held")
    return True


def release_run(ref: RunRef) -> None:
    """Start a run that was held."""
    Document.objects.filter(pk=ref.document_id).update(stage="queued")
    start_run(ref)


def signal_run(ref: RunRef, signal: str, dedup_key: str | UUID, **values: Any) -> None:
    """Queue a signal to a run's workflow; `dedup_key` makes repetitions of the same signal count once."""
    payload = {"id": ref.workflow_id, "signal": signal, "args": values}
    enqueue(OutgoingMessage(SIGNAL_TOPIC, payload, ref.tenant_id), key=f"{ref.workflow_id}#{signal}/{dedup_key}")
