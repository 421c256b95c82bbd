"""Lineage of a document: its origin, its child documents, and its skipped files."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from ingestion.domain.formats.containers import SkipReason
from ingestion.domain.lifecycle import FINAL, DocumentStatus
from ingestion.models import Document, SkippedContainerFile
from ingestion.selectors.documents import COLUMNS, DocumentLine, lines_of, schemas_of
from ingestion.selectors.labels import SKIP_REASON_LABELS
from refinery.core.tenancy.actor import Actor

SHOWN = 50
MAIL_HEADER_KEYS = ("sender", "to", "cc", "subject", "sent")


@dataclass(frozen=True, slots=True)
class Origin:
    """Mail, archive or PDF that a document came out of; `id` is None if it was erased since."""

    id: UUID | None
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class SkippedFileLine:
    """File that did not become a document."""

    name: str
    reason: str | Promise


@dataclass(frozen=True, slots=True)
class Lineage:
    """Relations of a document: `children` are the first SHOWN of `total`, of which `done` are finished."""

    origin: Origin | None = None
    children: list[DocumentLine] = field(default_factory=list)
    total: int = 0
    done: int = 0
    skipped_files: list[SkippedFileLine] = field(default_factory=list)
    skipped_total: int = 0


@dataclass(frozen=True, slots=True)
class MailSummary:
    """Mail headers for display; `sent` is None if its date could not be read."""

    sender: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    sent: datetime | None = None


def lineage_of(actor: Actor, document: Document) -> Lineage:
    """Return the lineage for a document's record; a document without relations costs two queries."""
    children = Document.objects.visible_to(actor).filter(parent=document).exclude(status=DocumentStatus.SUPERSEDED)
    final = Q(status__in=[status.value for status in FINAL])
    counts = children.aggregate(total=Count("id"), done=Count("id", filter=final))
    left = SkippedContainerFile.objects.visible_to(actor).filter(document=document)
    left_total = left.count()
    rows = list(children.order_by("part").select_related("parent").only(*COLUMNS)[:SHOWN]) if counts["total"] else []
    return Lineage(
        origin=_origin(document),
        children=lines_of(actor, rows, dict(schemas_of(actor))) if rows else [],
        total=counts["total"],
        done=counts["done"],
        skipped_files=[_skipped_file_line(row) for row in left.order_by("part")[:SHOWN]] if left_total else [],
        skipped_total=left_total,
    )


def _origin(document: Document) -> Origin | None:
    if document.parent is not None:
        return Origin(document.parent.id, document.parent.filename, document.part_name)
    return Origin(None, "", document.part_name) if document.depth else None


def _skipped_file_line(row: SkippedContainerFile) -> SkippedFileLine:
    return SkippedFileLine(row.name, SKIP_REASON_LABELS[SkipReason(row.reason)])


def mail_summary_of(document: Document) -> MailSummary | None:
    """Return the mail headers; None for other documents."""
    headers = document.mail_headers
    if not headers:
        return None
    sender, to, cc, subject, sent = (str(headers.get(name, "")) for name in MAIL_HEADER_KEYS)
    return MailSummary(sender, to, cc, subject, _moment(sent))


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
