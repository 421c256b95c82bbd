"""Read models of splits: for the API, for the record, and for the split editor."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ingestion.domain.lifecycle import SPLIT_EDITABLE, DocumentStatus
from ingestion.models import Document, Split
from ingestion.selectors.run_pages import page_summaries
from ingestion.selectors.splits import latest_split, split_source_of
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.status_badges import mark_of_state

SPLIT_REASONS = {
    "separator": _("preceded by a separator sheet"),
    "blank": _("preceded by an empty sheet"),
    "person": _("split by a person"),
    "counter_restarts": _("its page numbers begin again"),
    "other_number": _("another document number"),
    "other_kind": _("another kind of document"),
    "title": _("a title at its top"),
    "letterhead": _("another letterhead"),
    "other_size": _("another paper size"),
    "blank_before": _("an empty page before it"),
}
DROP_REASONS = {"separator": _("Separator sheet"), "blank": _("Empty sheet"), "excluded": _("Removed by a person")}


@dataclass(frozen=True, slots=True)
class SplitSummary:
    """Split on a document's record: access to the page editor, dropped pages, and replacing documents."""

    can_view_pages: bool
    dropped: list[tuple[int, str | Promise]] = field(default_factory=list)
    superseded: bool = False
    file_id: UUID | None = None
    replaced_by: list[tuple[UUID, str]] = field(default_factory=list)


def split_of(actor: Actor, document_id: UUID) -> dict[str, Any]:
    """Return the split of a document's file; raises Document.DoesNotExist."""
    return _split_payload(actor, _file(actor, document_id))


def split_editor_payload(actor: Actor, document_id: UUID) -> dict[str, Any]:
    """Return everything the split editor shows: the split, every page of the file, and labels of reasons."""
    file = _file(actor, document_id)
    answer = _split_payload(actor, file)
    for part in answer["parts"]:
        part["mark"] = mark_of_state(part["status"]).as_dict()
    return answer | {
        "filename": file.filename,
        "all_pages": page_summaries(actor, file, file.run),
        "labels": {"reasons": _translated(SPLIT_REASONS), "dropped": _translated(DROP_REASONS)},
        "may_edit": actor.can(Permission.REVIEW_WORK) and DocumentStatus(file.status) in SPLIT_EDITABLE,
        "may_reopen": actor.can(Permission.REVIEW_REOPEN),
        "opened_from": str(document_id),
        "urls": {
            "split": f"/v1/documents/{file.id}/split",
            "rotations": f"/v1/documents/{file.id}/rotations",
            "record": "/documents/{id}/",
        },
    }


def split_summary_of(actor: Actor, document: Document) -> SplitSummary:
    """Return the split for a document's record; a document that was never split costs one query."""
    if document.status == DocumentStatus.SUPERSEDED:
        rows = Document.objects.visible_to(actor).filter(parent_id=document.parent_id, parent_pages__isnull=False)
        own = set(document.parent_pages or ())
        replacing_documents = [
            (row.id, row.filename)
            for row in rows.exclude(status=DocumentStatus.SUPERSEDED).order_by("part")
            if own & set(row.parent_pages or ())
        ]
        return SplitSummary(
            document.parent_id is not None, superseded=True, file_id=document.parent_id, replaced_by=replacing_documents
        )
    split = latest_split(document) if document.status == DocumentStatus.SPLIT else None
    dropped = sorted((int(page), DROP_REASONS.get(why, why)) for page, why in split.dropped.items()) if split else []
    return SplitSummary(
        document.pages > 0 and document.status in SPLIT_EDITABLE, dropped, file_id=split_source_of(document).id
    )


def _file(actor: Actor, document_id: UUID) -> Document:
    return split_source_of(Document.objects.visible_to(actor).get(pk=document_id))


def _split_payload(actor: Actor, file: Document) -> dict[str, Any]:
    split = latest_split(file) or _whole(file)
    ids = [UUID(part["document"]) for part in split.parts]
    rows = {row.id: row for row in Document.objects.visible_to(actor).filter(pk__in=ids)}
    return {
        "document": file.id,
        "status": file.status,
        "pages": file.pages,
        "number": split.number,
        "by_person": split.created_by_id is not None,
        "parts": [_part(part, rows.get(UUID(part["document"]))) for part in split.parts],
        "dropped": [{"page": int(page), "reason": why} for page, why in sorted(split.dropped.items(), key=_by_page)],
        "boundaries": split.boundaries,
    }


def _by_page(item: tuple[str, str]) -> int:
    return int(item[0])


def _whole(file: Document) -> Split:
    """Return an unsaved split for a file without a stored one: a single part."""
    pages = list(range(1, file.pages + 1))
    return Split(number=0, parts=[{"document": str(file.id), "pages": pages, "reasons": []}])


def _part(part: dict[str, Any], row: Document | None) -> dict[str, Any]:
    """Return a part as JSON; its document may have been erased."""
    return {
        "document": row.id if row else None,
        "filename": row.filename if row else "",
        "status": row.status if row else "ERASED",
        "pages": part["pages"],
        "reasons": part["reasons"],
    }


def _translated(words: dict[str, Any]) -> dict[str, str]:
    return {code: str(text) for code, text in words.items()}
