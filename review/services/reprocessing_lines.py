"""What a third engine is shown of a candidate's pages, and what is kept of its answer."""

from collections.abc import Sequence

from django.db.models import F

from ingestion.contracts import RunRef
from ingestion.domain.ocr.third_engine import LineRead, doubted_lines, every_line, looked_again, read_by_third
from ingestion.models import Document
from ingestion.services.progress import StaleAttempt
from ingestion.services.third_engine import DoubtedPage, pages_to_look_at, weigh_page
from refinery.core.database.scope import tenant_scope
from review.contracts import CandidateRef
from review.domain.reprocessing_status import RereadingStatus
from review.models import Rereading


def lines_to_read(candidate: CandidateRef, *, every: bool) -> tuple[DoubtedPage, ...]:
    """Give its pages with all lines, or with the doubted ones; raises StaleAttempt for one that is over."""
    with tenant_scope(candidate.tenant_id):
        return pages_to_look_at(_held(candidate), every_line if every else doubted_lines)


def keep_lines(candidate: CandidateRef, number: int, readings: Sequence[LineRead], *, every: bool) -> int:
    """Write what was read of a page's lines, once, and give how many words changed; raises StaleAttempt."""
    with tenant_scope(candidate.tenant_id):
        return weigh_page(_held(candidate), number, readings, read_by_third if every else looked_again)


def _held(candidate: CandidateRef) -> RunRef:
    """Lock the document, under which nobody takes or drops the candidate, and give its pages' run."""
    rows = Rereading.objects.filter(
        tenant_id=candidate.tenant_id,
        id=candidate.rereading_id,
        status=RereadingStatus.READING.value,
        base_run=F("document__run"),
    )
    found = rows.values_list("document_id", "base_run").first()
    if found is None:
        raise StaleAttempt
    document_id, base_run = found
    if not Document.objects.select_for_update().only("id").filter(pk=document_id, run=base_run).first():
        raise StaleAttempt
    return RunRef(candidate.tenant_id, document_id, base_run + 1)
