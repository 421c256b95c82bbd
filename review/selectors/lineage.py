"""Where a document came from, what came out of it, and what of it became no document."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from ingestion.domain.formats.containers import Why
from ingestion.domain.lifecycle import FINAL, DocumentStatus
from ingestion.models import Document, LeftOutFile
from ingestion.selectors.labels import LEFT_OUT
from refinery.core.tenancy.actor import Actor
from review.selectors.documents import COLUMNS, DocumentLine, lines_of, schemas_of

SHOWN = 50
LINES = ("sender", "to", "cc", "subject", "sent")


@dataclass(frozen=True, slots=True)
class Origin:
    """The mail, archive or PDF that a document came out of; `id` is None for one that is erased by now."""

    id: UUID | None
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file that became no document."""

    name: str
    why: str | Promise


@dataclass(frozen=True, slots=True)
class Family:
    """A document's relations: `children` are the first SHOWN of `total`; `done` of them have come to their end."""

    origin: Origin | None = None
    children: list[DocumentLine] = field(default_factory=list)
    total: int = 0
    done: int = 0
    left_out: list[Leftover] = field(default_factory=list)
    left_total: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """A mail's head to show; `sent` is None where its date could not be read."""

    sender: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    sent: datetime | None = None


def family_of(actor: Actor, document: Document) -> Family:
    """Give what a document's record tells of its relations; two queries more for one that has none."""
    children = Document.objects.visible_to(actor).filter(parent=document).exclude(status=DocumentStatus.SUPERSEDED)
    final = Q(status__in=[status.value for status in FINAL])
    counts = children.aggregate(total=Count("id"), done=Count("id", filter=final))
    left = LeftOutFile.objects.visible_to(actor).filter(document=document)
    left_total = left.count()
    rows = (
        list(children.order_by("part").select_related("parent").only(*COLUMNS)[:SHOWN]) if counts["total"] else []
    )
    return Family(
        origin=_origin(document),
        children=lines_of(actor, rows, dict(schemas_of(actor))) if rows else [],
        total=counts["total"],
        done=counts["done"],
        left_out=[_leftover(row) for row in left.order_by("part")[:SHOWN]] if left_total else [],
        left_total=left_total,
    )


def _origin(document: Document) -> Origin | None:
    if document.parent is not None:
        return Origin(document.parent.id, document.parent.filename, document.part_name)
    return Origin(None, "", document.part_name) if document.depth else None


def _leftover(row: LeftOutFile) -> Leftover:
    return Leftover(row.name, LEFT_OUT[Why(row.why)])


def head_of(document: Document) -> Head | None:
    """Give the head of a mail, None for other documents."""
    said = document.letterhead
    if not said:
        return None
    sender, to, cc, subject, sent = (str(said.get(name, "")) for name in LINES)
    return Head(sender, to, cc, subject, _moment(sent))


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
