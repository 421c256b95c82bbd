"""How a file is parted into documents: for the API, for the record, and for the workspace where people mend it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ingestion.domain.lifecycle import MENDABLE, DocumentStatus
from ingestion.models import Document, Split
from ingestion.services.child_documents import file_of, latest_split
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.status_badges import mark
from review.selectors.viewer import pages_of

REASONS = {
    "separator": _("a separator sheet lies before it"),
    "blank": _("an empty sheet lies before it"),
    "person": _("cut by a person"),
    "counter_restarts": _("its page numbers begin again"),
    "other_number": _("another document number"),
    "other_kind": _("another kind of document"),
    "title": _("a title at its top"),
    "letterhead": _("another letterhead"),
    "other_size": _("another paper size"),
    "blank_before": _("an empty page before it"),
}
LEFT_OUT = {
    "separator": _("Separator sheet"),
    "blank": _("Empty sheet"),
    "left_out": _("Left out by a person"),
}


@dataclass(frozen=True, slots=True)
class Parting:
    """What a record tells: the file's workspace if there is one, its pages left out, and what took its place."""

    may_look: bool
    dropped: list[tuple[int, str | Promise]] = field(default_factory=list)
    superseded: bool = False
    file_id: UUID | None = None
    replaced_by: list[tuple[UUID, str]] = field(default_factory=list)


def split_of(actor: Actor, document_id: UUID) -> dict[str, Any]:
    """Give how the file of a document is parted; raises Document.DoesNotExist."""
    return _answer(actor, _file(actor, document_id))


def workspace_of(actor: Actor, document_id: UUID) -> dict[str, Any]:
    """Give all that the workspace shows: the split, every page of the file, and words for each sign."""
    file = _file(actor, document_id)
    answer = _answer(actor, file)
    for part in answer["parts"]:
        part["mark"] = mark(part["status"]).as_dict()
    return answer | {
        "filename": file.filename,
        "all_pages": pages_of(actor, file, file.run),
        "words": {"reasons": _said(REASONS), "left_out": _said(LEFT_OUT)},
        "may_mend": actor.can(Verb.REVIEW_WORK) and DocumentStatus(file.status) in MENDABLE,
        "may_reopen": actor.can(Verb.REVIEW_REOPEN),
        "opened_from": str(document_id),
        "urls": {
            "split": f"/v1/documents/{file.id}/split",
            "turns": f"/v1/documents/{file.id}/turns",
            "record": "/documents/{id}/",
        },
    }


def parting_of(actor: Actor, document: Document) -> Parting:
    """Give what a document's record tells of the parting of its file; a query for one that was never parted."""
    if document.status == DocumentStatus.SUPERSEDED:
        rows = Document.objects.visible_to(actor).filter(parent_id=document.parent_id, parent_pages__isnull=False)
        own = set(document.parent_pages or ())
        heirs = [
            (row.id, row.filename)
            for row in rows.exclude(status=DocumentStatus.SUPERSEDED).order_by("part")
            if own & set(row.parent_pages or ())
        ]
        return Parting(
            document.parent_id is not None, superseded=True, file_id=document.parent_id, replaced_by=heirs
        )
    split = latest_split(document) if document.status == DocumentStatus.SPLIT else None
    dropped = sorted((int(page), LEFT_OUT.get(why, why)) for page, why in split.dropped.items()) if split else []
    return Parting(document.pages > 0 and document.status in MENDABLE, dropped, file_id=file_of(document).id)


def _file(actor: Actor, document_id: UUID) -> Document:
    return file_of(Document.objects.visible_to(actor).get(pk=document_id))


def _answer(actor: Actor, file: Document) -> dict[str, Any]:
    split = latest_split(file) or _whole(file)
    ids = [UUID(part["document"]) for part in split.parts]
    rows = {row.id: row for row in Document.objects.visible_to(actor).filter(pk__in=ids)}
    return {
        "document": file.id,
        "status": file.status,
        "pages": file.pages,
        "number": split.number,
        "by_person": split.made_by_id is not None,
        "parts": [_part(part, rows.get(UUID(part["document"]))) for part in split.parts],
        "dropped": [{"page": int(page), "why": why} for page, why in sorted(split.dropped.items(), key=_by_page)],
        "boundaries": split.boundaries,
    }


def _by_page(item: tuple[str, str]) -> int:
    return int(item[0])


def _whole(file: Document) -> Split:
    """Give the split of a file that nothing was found to part in; it is not stored."""
    pages = list(range(1, file.pages + 1))
    return Split(number=0, parts=[{"document": str(file.id), "pages": pages, "reasons": []}])


def _part(part: dict[str, Any], row: Document | None) -> dict[str, Any]:
    """Tell of a part; its document may have been erased."""
    return {
        "document": row.id if row else None,
        "filename": row.filename if row else "",
        "status": row.status if row else "ERASED",
        "pages": part["pages"],
        "reasons": part["reasons"],
    }


def _said(words: dict[str, Any]) -> dict[str, str]:
    return {code: str(text) for code, text in words.items()}
