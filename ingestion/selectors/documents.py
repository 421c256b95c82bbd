"""Lists of documents with their scores: the documents page, a batch's files, and the search palette."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, Schema
from ingestion.querysets import DocumentQuerySet
from ingestion.selectors.labels import STAGE_LABELS, explain_failure
from ingestion.selectors.panels import list_panels
from refinery.core.tenancy.actor import Actor
from refinery.core.web.page_cursors import ROWS_PER_PAGE, CursorPage, uuid_or_none

COLUMNS = tuple(
    (
        "id filename status stage schema_key pages pages_failed run error_code created_at part_name parent "
        "parent__filename"
    ).split()
)
FOUND_AT_MOST = 8
UNREAD = frozenset({DocumentStatus.FAILED, DocumentStatus.QUARANTINED})  # these will never get a score


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Filter of a list of documents."""

    q: str = ""
    status: str = ""
    schema: str = ""
    batch: str = ""
    parent: str = ""
    cursor: str = ""

    @property
    def active(self) -> bool:
        """Return whether any filter is set."""
        return bool(self.q or self.status or self.schema or self.batch or self.parent)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Row of a document list; `judged` distinguishes a score that does not exist from one that is still to come.

    `parent` is the name of the mail, archive or PDF that it came out of, `folder` its path in there.
    """

    id: UUID
    title: str
    schema_title: str
    pages: int
    overall: float | None
    judged: bool
    status: str
    stage: str
    note: str
    created_at: datetime
    parent: str = ""
    parent_id: UUID | None = None
    folder: str = ""


def schemas_of(actor: Actor) -> list[tuple[str, str]]:
    """Return key and title of the tenant's schemas, the newest version of each."""
    rows = Schema.objects.visible_to(actor).filter(is_active=True).order_by("key", "-version").distinct("key")
    return sorted(rows.values_list("key", "title"), key=lambda pair: pair[1])


def documents(actor: Actor, wanted: DocumentFilter, titles: dict[str, str]) -> CursorPage[DocumentLine]:
    """Return one page of documents, the newest first, in two queries."""
    rows = _narrowed(Document.objects.visible_to(actor), wanted)
    if after := uuid_or_none(wanted.cursor):
        rows = rows.filter(pk__lt=after)
    found = list(rows.newest_first().select_related("parent").only(*COLUMNS)[: ROWS_PER_PAGE + 1])
    shown = found[:ROWS_PER_PAGE]
    return CursorPage(lines_of(actor, shown, titles), str(shown[-1].id) if len(found) > ROWS_PER_PAGE else "")


def lines_of(actor: Actor, rows: Sequence[Document], titles: dict[str, str]) -> list[DocumentLine]:
    """Return documents as rows of a list; `rows` must be selected together with their parents."""
    panels = list_panels(actor, rows)
    return [_line(row, titles, panels.get(row.id, {})) for row in rows]


def _narrowed(rows: DocumentQuerySet[Document], wanted: DocumentFilter) -> DocumentQuerySet[Document]:
    if wanted.status in DocumentStatus.__members__:
        rows = rows.in_status(DocumentStatus(wanted.status))
    if wanted.schema:
        rows = rows.filter(schema_key=wanted.schema)
    if batch := uuid_or_none(wanted.batch):
        rows = rows.filter(batch_id=batch)
    if parent := uuid_or_none(wanted.parent):
        rows = rows.filter(parent_id=parent)
    return rows.matching(wanted.q) if wanted.q else rows


def _line(row: Document, titles: dict[str, str], panel: Mapping[str, Any]) -> DocumentLine:
    return DocumentLine(
        id=row.id,
        title=row.filename,
        schema_title=titles.get(row.schema_key, row.schema_key),
        pages=row.pages,
        overall=panel.get("overall"),
        judged="overall" in panel or row.status in UNREAD,
        status=row.status,
        stage=str(STAGE_LABELS.get(row.stage, "")),
        note=_note(row),
        created_at=row.created_at,
        parent=row.parent.filename if row.parent else "",
        parent_id=row.parent_id,
        folder=row.part_name.replace("\\", "/").rpartition("/")[0],
    )


def _note(row: Document) -> str:
    """Return the detail that the status does not show: the failure, or the stage."""
    wrong = explain_failure(row.error_code)
    return str(wrong.title) if wrong else str(STAGE_LABELS.get(row.stage, ""))


def find_documents(actor: Actor, text: str, titles: dict[str, str]) -> list[DocumentLine]:
    """Return the newest documents that match part of a name, for the palette."""
    rows = Document.objects.visible_to(actor).matching(text).newest_first().select_related("parent")
    rows = rows.only(*COLUMNS)[:FOUND_AT_MOST]
    return [_line(row, titles, {}) for row in rows]
