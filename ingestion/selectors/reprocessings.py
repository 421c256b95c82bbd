"""Candidate readings as people and programs see them: what they would change, field by field and word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ingestion.contracts import ReprocessingOptions
from ingestion.domain.lifecycle import REPROCESSABLE_STATUSES
from ingestion.domain.reprocessing import (
    FieldChange,
    FieldSnapshot,
    PageChange,
    compare_fields,
    diff_words,
    is_improvement,
)
from ingestion.domain.reprocessing_status import OPEN_STATUSES, THIRD_ENGINE_NAME, ReprocessingStatus
from ingestion.models import Document, Field, Page, ReprocessingRun
from refinery.core.audit.models import AuditEvent
from refinery.core.tenancy.actor import Actor

S = ReprocessingStatus
PASSWORD_CODES = ("needs_password", "wrong_password")


@dataclass(frozen=True, slots=True)
class ReprocessingPreset:
    """A way to read a document again, as it is offered: its value in a form, and what it is good for."""

    value: str
    title: str | Promise
    hint: str | Promise
    mode: str
    engines: tuple[str, ...] = ()


REPROCESSING_PRESETS = (
    ReprocessingPreset("thorough", _("Thorough"), _("every engine on every page; takes longer"), "thorough"),
    ReprocessingPreset(
        "standard", _("Standard"), _("one engine reads, a second one checks uncertain text"), "standard"
    ),
    ReprocessingPreset("fast", _("Fast"), _("one engine alone"), "fast"),
    ReprocessingPreset(
        "tesseract",
        _("With Tesseract alone"),
        _("for print that the usual engine misreads"),
        "standard",
        ("tesseract",),
    ),
    ReprocessingPreset(
        "rapidocr", _("With PP-OCR alone"), _("for print that Tesseract reads badly"), "standard", ("rapidocr",)
    ),
)
THIRD_ENGINE_PRESET = ReprocessingPreset(
    "trocr", _("With TrOCR"), _("for handwriting and worn print, line by line"), "standard", (THIRD_ENGINE_NAME,)
)


@dataclass(frozen=True, slots=True)
class ReprocessingComparison:
    """A candidate beside what stands: the changes are empty until it is ready."""

    id: UUID
    document: Document
    status: ReprocessingStatus
    options: ReprocessingOptions
    preset_title: str
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
    def is_improvement(self) -> bool:
        """Say whether it is better somewhere and worse nowhere, and of the same kind."""
        same_kind = self.schema_before == self.schema_after
        return self.ready and same_kind and is_improvement(self.fields, self.page_changes)

    @property
    def mean_confidences(self) -> tuple[float | None, float | None]:
        """Give how sure both readings are of the pages that they have, on the mean."""
        return (
            _mean([page.confidence_before for page in self.page_changes]),
            _mean([page.confidence_after for page in self.page_changes]),
        )

    @property
    def mark(self) -> str:
        """Name how its status looks."""
        return f"reprocessing_{self.status.value}"

    @property
    def ready(self) -> bool:
        """Say whether someone can choose."""
        return self.status is S.READY

    @property
    def in_progress(self) -> bool:
        """Say whether it is still being read."""
        return self.status in {S.QUEUED, S.READING}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class WordDiff:
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
    word_diffs: tuple[WordDiff, ...]


def status_of(row: ReprocessingRun, document: Document) -> ReprocessingStatus:
    """Give where a candidate stands: one that another run has overtaken is over, whatever its row says."""
    overtaken = row.status in OPEN_STATUSES and row.base_run != document.run
    return S.DROPPED if overtaken else ReprocessingStatus(row.status)


def reprocessings_of(actor: Actor, document: Document) -> list[ReprocessingRun]:
    """Give a document's candidates, the newest first."""
    return list(ReprocessingRun.objects.visible_to(actor).filter(document=document).newest_first())


def reprocessing_comparison(actor: Actor, document_id: UUID, reprocessing_id: UUID) -> ReprocessingComparison:
    """Give a candidate beside what stands; raises Document.DoesNotExist, Rereading.DoesNotExist."""
    document = Document.objects.visible_to(actor).get(pk=document_id)
    return build_comparison(
        actor, document, ReprocessingRun.objects.visible_to(actor).get(pk=reprocessing_id, document=document)
    )


def open_comparison(actor: Actor, document: Document) -> ReprocessingComparison | None:
    """Give the candidate that is under way or waits for a word; None when there is none."""
    rows = ReprocessingRun.objects.visible_to(actor).filter(document=document, base_run=document.run).open()
    row = rows.first()
    return build_comparison(actor, document, row) if row else None


def build_comparison(
    actor: Actor, document: Document, row: ReprocessingRun, current_fields: Sequence[Field] | None = None
) -> ReprocessingComparison:
    """Lay a candidate beside the fields of the run that it was read beside, as they are now.

    Who lays many gives the fields that are `standing`, in their order.
    """
    status = status_of(row, document)
    read = status is S.READY or status is S.APPLIED
    return ReprocessingComparison(
        id=row.id,
        document=document,
        status=status,
        options=ReprocessingOptions(row.mode, tuple(row.engines)),
        preset_title=preset_title_of(row),
        pages=row.pages,
        pages_done=row.pages_done,
        pages_failed=row.pages_failed,
        schema_before=document.schema_key,
        schema_after=row.schema_key,
        fields=_field_changes(_current_fields(actor, row) if current_fields is None else current_fields, row)
        if read
        else (),
        page_changes=tuple(PageChange(**change) for change in row.page_changes) if read else (),
        base_run=row.base_run,
        run=row.run,
        error_code=row.error_code,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def preset_title_of(row: ReprocessingRun) -> str:
    """Name how it was read, as it was offered; what a program asked for otherwise by its own names."""
    engines = tuple(row.engines)
    found = next(
        (one for one in (*REPROCESSING_PRESETS, THIRD_ENGINE_PRESET) if (one.mode, one.engines) == (row.mode, engines)),
        None,
    )
    return str(found.title) if found else ", ".join([row.mode, *engines])


def _current_fields(actor: Actor, row: ReprocessingRun) -> Sequence[Field]:
    fields = Field.objects.visible_to(actor).filter(document_id=row.document_id, run=row.base_run)
    return list(fields.order_by("position"))


def _field_changes(current_fields: Sequence[Field], row: ReprocessingRun) -> tuple[FieldChange, ...]:
    before = [
        FieldSnapshot(field.name, field.value, field.confidence, field.human, field.normalized)
        for field in current_fields
    ]
    after = [
        FieldSnapshot(value["name"], value["value"], value["confidence"], normalized=value.get("normalized", ""))
        for value in row.fields
    ]
    return compare_fields(before, after)


def page_diff(actor: Actor, comparison: ReprocessingComparison, number: int) -> PageDiff:
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
    runs = _word_diffs(before.words if before else [], after.words if after else [])
    return PageDiff(number, before, after, tuple(runs))


def _word_diffs(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> Iterator[WordDiff]:
    for step in diff_words([word["text"] for word in before], [word["text"] for word in after]):
        yield WordDiff(step.equal, list(before[slice(*step.before)]), list(after[slice(*step.after)]))


def available_presets() -> tuple[ReprocessingPreset, ...]:
    """Give the ways that are set up here: a third engine is one where its weights are named."""
    return (*REPROCESSING_PRESETS, THIRD_ENGINE_PRESET) if settings.THIRD_ENGINE else REPROCESSING_PRESETS


def presets_for(document: Document) -> tuple[ReprocessingPreset, ...]:
    """Give the ways in which a document can be read again now; none for one that was not read and judged."""
    return available_presets() if document.status in REPROCESSABLE_STATUSES and document.parent_pages is None else ()


def needs_password_to_reopen(actor: Actor, document: Document) -> bool:
    """Say whether the original opens by a password alone: one was given, or a reading failed for want of it."""
    rows = ReprocessingRun.objects.visible_to(actor).filter(document=document, error_code__in=PASSWORD_CODES)
    audit_events = AuditEvent.objects.filter(tenant_id=actor.tenant_id, object_id=document.id)
    given = audit_events.filter(action="document.password_given")
    return rows.exists() or given.exists()
