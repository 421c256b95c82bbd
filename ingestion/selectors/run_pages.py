"""Pages of a run without their words, for the user interface."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ingestion.domain.page.notes import CHECKED_NOTES
from ingestion.models import Document, Page
from ingestion.selectors.labels import Explanation, explain_note
from ingestion.selectors.stored_readings import image_address
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query


def page_summaries(actor: Actor, document: Document, run: int) -> list[dict[str, Any]]:
    """Return the pages of a run without their words."""
    return [
        {
            "number": number,
            "width": width,
            "height": height,
            "image": image_address(document.id, number, run, image_key),
            "thumbnail": image_address(document.id, number, run, thumbnail_key, thumbnail=True),
            "words_url": f"/v1/documents/{document.id}/pages/{number}",
            "error": error,
            "notes": notes,
        }
        for number, width, height, error, notes, image_key, thumbnail_key in _page_rows(actor, document.id, run)
    ]


@compiled_query
def _page_rows(actor: Actor, document_id: UUID, run: int) -> "QuerySet[Page, tuple[Any, ...]]":
    rows = Page.objects.visible_to(actor).filter(document_id=document_id, run=run).order_by("number")
    return rows.values_list("number", "width", "height", "error", "notes", "image_key", "thumbnail_key")


def note_issues(pages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the pages' notes as issues without a cost, because they require no action; others have a check."""
    shown = ((page["number"], code) for page in pages for code in page["notes"] if code not in CHECKED_NOTES)
    notes = ((number, code, explain_note(code)) for number, code in shown)
    return [_note_issue(number, code, words) for number, code, words in notes if words]


def _note_issue(page: int, code: str, explanation: Explanation) -> dict[str, Any]:
    return {
        "code": f"note.{code}",
        "severity": "info",
        "field": None,
        "page": page,
        "bbox": None,
        "message": str(explanation.title),
        "recommendation": str(explanation.advice),
        "fix": None,
        "other": None,
        "accepted_by": "",
        "state": "open",
    }
