"""Read models of reprocessing: what a run would change, field by field and word by word."""

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
    """Option offered for reprocessing: its form value, title and purpose."""

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
    ReprocessingPreset("fast", _("Fast"), _("only one engine"), "fast"),
    ReprocessingPreset(
        "tesseract", _("With Tesseract only"), _("for print that the usual engine misreads"), "standard", ("tesseract",)
    ),
    ReprocessingPreset(
        "rapidocr", _("With PP-OCR only"), _("for print that Tesseract reads badly"), "standard", ("rapidocr",)
    ),
)
THIRD_ENGINE_PRESET = ReprocessingPreset(
    "trocr", _("With TrOCR"), _("for handwriting and worn print, line by line"), "standard", (THIRD_ENGINE_NAME,)
)


@dataclass(frozen=True, slots=True)
class ReprocessingComparison:
    """Comparison of a reprocessing run with the current run; the changes are empty until it is ready."""

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
        """Return the number of fields whose value would change."""
        return sum(change.replaces for change in self.fields)

    @property
    def words_changed(self) -> int:
        """Return the number of words that differ, over all pages."""
        return sum(change.changed for change in self.page_changes)

    @property
    def is_improvement(self) -> bool:
        """Return whether it improves something, makes nothing worse, and keeps the schema."""
        same_kind = self.schema_before == self.schema_after
        return self.ready and same_kind and is_improvement(self.fields, self.page_changes)

    @property
    def mean_confidences(self) -> tuple[float | None, float | None]:
        """Return the mean confidence of both runs' pages; None for a run without pages."""
        return (
            _mean([page.confidence_before for page in self.page_changes]),
            _mean([page.confidence_after for page in self.page_changes]),
        )

    @property
    def mark(self) -> str:
        """Return the name of the status's mark."""
        return f"reprocessing_{self.status.value}"

    @property
    def ready(self) -> bool:
        """Return whether it is ready for a choice."""
        return self.status is S.READY

    @property
    def in_progress(self) -> bool:
        """Return whether it is still being read."""
        return self.status in {S.QUEUED, S.READING}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class WordDiff:
    """Adjacent words of a page: equal in both runs, or the ones before and the ones after."""

    alike: bool
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PageDiff:
    """Page in both runs; `before` and `after` are the rows, None if a run has no such page."""

    number: int
    before: Page | None
    after: Page | None
    word_diffs: tuple[WordDiff, ...]


def status_of(row: ReprocessingRun, document: Document) -> ReprocessingStatus:
    """Return the status of a reprocessing run; a superseded one counts as dropped, regardless of its stored status."""
    overtaken = row.status in OPEN_STATUSES and row.base_run != document.run
    return S.DROPPED if overtaken else ReprocessingStatus(row.status)


def reprocessings_of(actor: Actor, document: Document) -> list[ReprocessingRun]:
    """Return the document's reprocessing runs, the newest first."""
    return list(ReprocessingRun.objects.visible_to(actor).filter(document=document).newest_first())


def reprocessing_comparison(actor: Actor, document_id: UUID, reprocessing_id: UUID) -> ReprocessingComparison:
    """Return the comparison of a reprocessing run; raises Document.DoesNotExist, ReprocessingRun.DoesNotExist."""
    document = Document.objects.visible_to(actor).get(pk=document_id)
    return build_comparison(
        actor, document, ReprocessingRun.objects.visible_to(actor).get(pk=reprocessing_id, document=document)
    )


def open_comparison(actor: Actor, document: Document) -> ReprocessingComparison | None:
    """Return the comparison of the open reprocessing run; None without one."""
    rows = ReprocessingRun.objects.visible_to(actor).filter(document=document, base_run=document.run).open()
    row = rows.first()
    return build_comparison(actor, document, row) if row else None


def build_comparison(
    actor: Actor, document: Document, row: ReprocessingRun, current_fields: Sequence[Field] | None = None
) -> ReprocessingComparison:
    """Compare a reprocessing run with the present fields of its base run.

    Callers that compare many pass these as `current_fields`, in their order.
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
    """Return the title of the preset that matches the run's options, or mode and engines if none does."""
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
    """Compare a page of both runs; raises Page.DoesNotExist if there is nothing to compare."""
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
    """Return the presets of this installation; the third engine needs configured weights."""
    return (*REPROCESSING_PRESETS, THIRD_ENGINE_PRESET) if settings.THIRD_ENGINE else REPROCESSING_PRESETS


def presets_for(document: Document) -> tuple[ReprocessingPreset, ...]:
    """Return the presets for a document; none for one that is not read and assessed, or for a child of a split."""
    return available_presets() if document.status in REPROCESSABLE_STATUSES and document.parent_pages is None else ()


def needs_password_to_reopen(actor: Actor, document: Document) -> bool:
    """Return whether the original needs a password: one was entered, or a reading failed without one."""
    rows = ReprocessingRun.objects.visible_to(actor).filter(document=document, error_code__in=PASSWORD_CODES)
    audit_events = AuditEvent.objects.filter(tenant_id=actor.tenant_id, object_id=document.id)
    given = audit_events.filter(action="document.password_given")
    return rows.exists() or given.exists()
