"""Candidate readings as people and programs see them: what they would change, field by field and word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ingestion.domain.reprocessing import (
    FieldChange,
    FieldSight,
    PageChange,
    compare_fields,
    only_improves,
    word_steps,
)
from ingestion.models import Document, Field, Page
from refinery.core.audit.models import AuditEvent
from refinery.core.tenancy.actor import Actor
from review.contracts import Means
from review.domain.reprocessing_status import ASKED_FROM, OPEN, THIRD, RereadingStatus
from review.models import Rereading

S = RereadingStatus
PASSWORD_CODES = ("needs_password", "wrong_password")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read a document again, as it is offered: its value in a form, and what it is good for."""

    value: str
    title: str | Promise
    hint: str | Promise
    mode: str
    engines: tuple[str, ...] = ()


WAYS = (
    Way("thorough", _("Thoroughly"), _("every engine on every page; takes longer"), "thorough"),
    Way("standard", _("As usual"), _("one engine reads, another is asked where it is in doubt"), "standard"),
    Way("fast", _("Quickly"), _("one engine alone"), "fast"),
    Way(
        "tesseract",
        _("With Tesseract alone"),
        _("for print that the usual engine misreads"),
        "standard",
        ("tesseract",),
    ),
    Way("rapidocr", _("With PP-OCR alone"), _("for print that Tesseract disturbs"), "standard", ("rapidocr",)),
)
BY_THIRD = Way("trocr", _("With TrOCR"), _("for handwriting and worn print, line by line"), "standard", (THIRD,))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate beside what stands: the changes are empty until it is ready."""

    id: UUID
    document: Document
    status: RereadingStatus
    means: Means
    way: str
    pages: int
    pages_done: int
    pages_failed: int
    schema_before: str
    schema_after: str
    fields: tuple[FieldChange, ...]
    page_changes: tuple[PageChange, ...]
    base_run: int
    run: int
    error_code: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def fields_changed(self) -> int:
        """Count the fields that would have another value."""
        return sum(change.replaces for change in self.fields)

    @property
    def words_changed(self) -> int:
        """Count the words that differ, over all pages."""
        return sum(change.changed for change in self.page_changes)

    @property
    def better(self) -> bool:
        """Say whether it is better somewhere and worse nowhere, and of the same kind."""
        same_kind = self.schema_before == self.schema_after
        return self.ready and same_kind and only_improves(self.fields, self.page_changes)

    @property
    def sureness(self) -> tuple[float | None, float | None]:
        """Give how sure both readings are of the pages that they have, on the mean."""
        return (
            _mean([page.confidence_before for page in self.page_changes]),
            _mean([page.confidence_after for page in self.page_changes]),
        )

    @property
    def mark(self) -> str:
        """Name how its status looks."""
        return f"reread_{self.status.value}"

    @property
    def ready(self) -> bool:
        """Say whether someone can choose."""
        return self.status is S.READY

    @property
    def under_way(self) -> bool:
        """Say whether it is still being read."""
        return self.status in {S.QUEUED, S.READING}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class WordRun:
    """Neighbouring words of a page in two readings: alike, or what was read first and what was read now."""

    alike: bool
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PageDiff:
    """A page in two readings; `before` and `after` are their rows, None where one has no such page."""

    number: int
    before: Page | None
    after: Page | None
    runs: tuple[WordRun, ...]


def status_of(row: Rereading, document: Document) -> RereadingStatus:
    """Give where a candidate stands: one that another run has overtaken is over, whatever its row says."""
    overtaken = row.status in OPEN and row.base_run != document.run
    return S.DROPPED if overtaken else RereadingStatus(row.status)


def rereadings_of(actor: Actor, document: Document) -> list[Rereading]:
    """Give a document's candidates, the newest first."""
    return list(Rereading.objects.visible_to(actor).filter(document=document).newest_first())


def comparison_of(actor: Actor, document_id: UUID, rereading_id: UUID) -> Comparison:
    """Give a candidate beside what stands; raises Document.DoesNotExist, Rereading.DoesNotExist."""
    document = Document.objects.visible_to(actor).get(pk=document_id)
    return compared(actor, document, Rereading.objects.visible_to(actor).get(pk=rereading_id, document=document))


def open_comparison(actor: Actor, document: Document) -> Comparison | None:
    """Give the candidate that is under way or waits for a word; None when there is none."""
    rows = Rereading.objects.visible_to(actor).filter(document=document, base_run=document.run).open()
    row = rows.first()
    return compared(actor, document, row) if row else None


def compared(
    actor: Actor, document: Document, row: Rereading, standing: Sequence[Field] | None = None
) -> Comparison:
    """Lay a candidate beside the fields of the run that it was read beside, as they are now.

    Who lays many gives the fields that are `standing`, in their order.
    """
    status = status_of(row, document)
    read = status is S.READY or status is S.APPLIED
    return Comparison(
        id=row.id,
        document=document,
        status=status,
        means=Means(row.mode, tuple(row.engines)),
        way=way_of(row),
        pages=row.pages,
        pages_done=row.pages_done,
        pages_failed=row.pages_failed,
        schema_before=document.schema_key,
        schema_after=row.schema_key,
        fields=_field_changes(_standing(actor, row) if standing is None else standing, row) if read else (),
        page_changes=tuple(PageChange(**change) for change in row.page_changes) if read else (),
        base_run=row.base_run,
        run=row.run,
        error_code=row.error_code,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def way_of(row: Rereading) -> str:
    """Name how it was read, as it was offered; what a program asked for otherwise by its own names."""
    engines = tuple(row.engines)
    found = next((way for way in (*WAYS, BY_THIRD) if (way.mode, way.engines) == (row.mode, engines)), None)
    return str(found.title) if found else ", ".join([row.mode, *engines])


def _standing(actor: Actor, row: Rereading) -> Sequence[Field]:
    fields = Field.objects.visible_to(actor).filter(document_id=row.document_id, run=row.base_run)
    return list(fields.order_by("position"))


def _field_changes(standing: Sequence[Field], row: Rereading) -> tuple[FieldChange, ...]:
    before = [
        FieldSight(field.name, field.value, field.confidence, field.human, field.normalized) for field in standing
    ]
    after = [
        FieldSight(value["name"], value["value"], value["confidence"], normalized=value.get("normalized", ""))
        for value in row.fields
    ]
    return compare_fields(before, after)


def page_diff(actor: Actor, comparison: Comparison, number: int) -> PageDiff:
    """Lay a page of both readings side by side; raises Page.DoesNotExist where there is nothing to lay."""
    if comparison.status not in {S.READY, S.APPLIED}:
        raise Page.DoesNotExist
    pages = Page.objects.visible_to(actor).filter(
        document=comparison.document, number=number, run__in=[comparison.base_run, comparison.run]
    )
    found = {page.run: page for page in pages}
    if not found:
        raise Page.DoesNotExist
    before, after = found.get(comparison.base_run), found.get(comparison.run)
    runs = _runs(before.words if before else [], after.words if after else [])
    return PageDiff(number, before, after, tuple(runs))


def _runs(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> Iterator[WordRun]:
    for step in word_steps([word["text"] for word in before], [word["text"] for word in after]):
        yield WordRun(step.alike, list(before[slice(*step.before)]), list(after[slice(*step.after)]))


def ways() -> tuple[Way, ...]:
    """Give the ways that are set up here: a third engine is one where its weights are named."""
    return (*WAYS, BY_THIRD) if settings.THIRD_ENGINE else WAYS


def ways_for(document: Document) -> tuple[Way, ...]:
    """Give the ways in which a document can be read again now; none for one that was not read and judged."""
    return ways() if document.status in ASKED_FROM and document.parent_pages is None else ()


def was_locked(actor: Actor, document: Document) -> bool:
    """Say whether the original opens by a password alone: one was given, or a reading failed for want of it."""
    rows = Rereading.objects.visible_to(actor).filter(document=document, error_code__in=PASSWORD_CODES)
    told = AuditEvent.objects.filter(tenant_id=actor.tenant_id, object_id=document.id)
    given = told.filter(action="document.password_given")
    return rows.exists() or given.exists()
