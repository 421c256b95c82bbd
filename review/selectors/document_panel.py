"""Review panel of a document's record: its unfinished task and its history."""

from typing import Any

from ingestion.models import Document
from refinery.core.tenancy.actor import Actor
from review.domain.lifecycle import UNFINISHED
from review.models import ReviewTask
from review.selectors.timeline import history_of


def document_panel(actor: Actor, document: Document) -> dict[str, Any]:
    """Return the id of the current run's unfinished task, if any, and the latest events."""
    tasks = ReviewTask.objects.visible_to(actor).filter(document=document, run=document.run, state__in=UNFINISHED)
    return {"task_id": tasks.values_list("id", flat=True).first(), "timeline": history_of(actor, document.id)}
