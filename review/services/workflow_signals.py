"""Tell the workflows that watch a task of what a person did."""

from typing import Any, Final

from ingestion.contracts import RunRef
from ingestion.models import Document
from ingestion.services.workflow_signals import SIGNAL, signal_run
from refinery.core.outbox.services import Message, enqueue
from review.models import ReviewTask

REOPENED: Final = "reopened by a manager"


def tell(document: Document, task: ReviewTask, signal: str, **values: Any) -> None:  # noqa: ANN401 - JSON values
    """Signal the document's workflow, and the task's own when it was opened after that one had ended."""
    ref = RunRef(document.tenant_id, document.id, document.run)  # type: ignore[arg-type]  # a plain UUID in the row
    once = f"{task.id}/{task.fence}"
    signal_run(ref, signal, once, task=str(task.id), **values)
    if REOPENED in task.reasons:
        workflow_id = watch_id(task)
        payload = {"id": workflow_id, "signal": signal, "args": {"task": str(task.id), **values}}
        enqueue(Message(SIGNAL, payload, task.tenant_id), key=f"{workflow_id}#{signal}/{once}")


def watch_id(task: ReviewTask) -> str:
    """The id of the workflow that watches a reopened task."""
    return f"review/{task.id}"
