"""Signals to the workflows that watch a task."""

from typing import Any, Final
from uuid import UUID

from ingestion.contracts import RunRef
from ingestion.models import Document
from ingestion.services.workflow_signals import SIGNAL_TOPIC, signal_run
from refinery.core.outbox.services import OutgoingMessage, enqueue
from review.models import ReviewTask

REOPENED_REASON: Final = "reopened by a manager"


def signal_task_workflows(document: Document, task: ReviewTask, signal: str, **values: Any) -> None:
    """Signal the document's workflow, and the task's separate workflow if the document was reopened."""
    ref = RunRef(document.tenant_id, document.id, document.run)  # type: ignore[arg-type]  # a plain UUID in the row
    once = f"{task.id}/{task.fence}"
    signal_run(ref, signal, once, task=str(task.id), **values)
    if REOPENED_REASON in task.reasons:
        workflow_id = review_workflow_id(task.id)
        payload = {"id": workflow_id, "signal": signal, "args": {"task": str(task.id), **values}}
        enqueue(OutgoingMessage(SIGNAL_TOPIC, payload, task.tenant_id), key=f"{workflow_id}#{signal}/{once}")


def review_workflow_id(task_id: UUID) -> str:
    """Return the id of the workflow that watches the task of a reopened document."""
    return f"review/{task_id}"


def audit_workflow_id(task: ReviewTask) -> str:
    """Return the id of the workflow that reports what an audit corrected; a decision after an undo gets another."""
    return f"audit/{task.id}/{task.fence}"
