"""Third engine on the pages of a reprocessing run: selection of lines, and storage of the results."""

from collections.abc import Sequence

from django.db.models import F

from ingestion.contracts import ReprocessingRef, RunRef
from ingestion.domain.ocr.third_engine import (
    LineReading,
    all_ocr_lines,
    apply_third_engine,
    doubted_lines,
    replace_with_third_engine,
)
from ingestion.domain.reprocessing_status import ReprocessingStatus
from ingestion.models import Document, ReprocessingRun
from ingestion.services.progress import StaleAttempt
from ingestion.services.third_engine import DoubtfulPage, merge_page_readings, pages_for_third_engine
from refinery.core.database.scope import tenant_scope


def lines_for_third_engine(ref: ReprocessingRef, *, every: bool) -> tuple[DoubtfulPage, ...]:
    """Return its pages with all lines, or with the doubtful ones; raises StaleAttempt for a finished run."""
    with tenant_scope(ref.tenant_id):
        return pages_for_third_engine(_lock_document_run(ref), all_ocr_lines if every else doubted_lines)


def store_third_engine_lines(ref: ReprocessingRef, number: int, readings: Sequence[LineReading], *, every: bool) -> int:
    """Merge the third engine's lines into a page, once; returns the number of changed words. Raises StaleAttempt."""
    with tenant_scope(ref.tenant_id):
        return merge_page_readings(
            _lock_document_run(ref), number, readings, replace_with_third_engine if every else apply_third_engine
        )


def _lock_document_run(ref: ReprocessingRef) -> RunRef:
    """Lock the document, which prevents a concurrent choice, and return the run of the reprocessed pages."""
    rows = ReprocessingRun.objects.filter(
        tenant_id=ref.tenant_id,
        id=ref.reprocessing_id,
        status=ReprocessingStatus.READING.value,
        base_run=F("document__run"),
    )
    found = rows.values_list("document_id", "base_run").first()
    if found is None:
        raise StaleAttempt
    document_id, base_run = found
    if not Document.objects.select_for_update().only("id").filter(pk=document_id, run=base_run).first():
        raise StaleAttempt
    return RunRef(ref.tenant_id, document_id, base_run + 1)
