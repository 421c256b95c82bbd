"""Reading as an activity: it resumes, ends poison files, and refuses late writers."""

from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Page
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import ReadingSummary, begin_reading, begin_run, finish_reading, store_page
from refinery.core.database.scope import tenant_scope
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.ingest_harness import INVOICE, IngestHarness
from tests.support.text_reader import TextReader
from workers.activities.heartbeat import MAX_STALLED_ATTEMPTS
from workers.activities.read_pages import ReadingActivities
from workers.messages import OriginalInput, ReadPagesResult

PAPER = f"{INVOICE}\fsecond page\fthird page"


class InterruptedReader(TextReader):
    """Reader that fails after its second page, like a worker that is switched off."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read two pages."""
        if number > 2:
            raise SystemExit
        return super().page(number, total, text, folder)


def test_read_pages_second_attempt_resumes_at_first_missing_page(ingest: IngestHarness) -> None:
    """Stored pages are not read again; a third attempt finds everything done."""
    ref = ingest.upload(PAPER)
    begin_run(ref, scan=False)
    with pytest.raises(SystemExit):
        run_activity(ReadingActivities(InterruptedReader()).read_pages, OriginalInput(document_input(ref)))
    reader = TextReader()
    assert run_activity(ReadingActivities(reader).read_pages, OriginalInput(document_input(ref))) == ReadPagesResult(
        3, 0
    )
    assert reader.read_pages == [3]
    assert run_activity(ReadingActivities(reader).read_pages, OriginalInput(document_input(ref))) == ReadPagesResult(
        3, 0
    )
    assert reader.read_pages == [3]
    with tenant_scope(ingest.tenant_id):
        assert Page.objects.count() == 3


def test_read_pages_late_worker_with_old_fence_is_refused(ingest: IngestHarness, tmp_path: Path) -> None:
    """Its fence is older than that of the new attempt: it writes neither pages nor the end."""
    ref = ingest.upload(PAPER)
    begin_run(ref, scan=False)
    late, now = begin_reading(ref), begin_reading(ref)
    assert now.fence > late.fence
    source = tmp_path / "paper"
    source.write_text(PAPER)
    page = next(TextReader().read(source, tmp_path, ReadingOptions("application/pdf")))
    with pytest.raises(StaleAttempt):
        store_page(ref, page, late.fence)
    with pytest.raises(StaleAttempt):
        finish_reading(ref, 3, late.fence)
    with tenant_scope(ingest.tenant_id):
        assert not Page.objects.exists()
        assert Document.objects.get().status == "READING"


def test_read_pages_file_killing_every_attempt_is_poison(ingest: IngestHarness) -> None:
    """An attempt without an error report is counted by the heartbeats that it left."""
    ref = ingest.upload(PAPER)
    begin_run(ref, scan=False)
    steps = ReadingActivities(TextReader())
    with pytest.raises(ApplicationError) as end:
        run_activity(
            steps.read_pages, OriginalInput(document_input(ref)), heartbeat_details=[0, MAX_STALLED_ATTEMPTS - 1]
        )
    assert (end.value.type, end.value.non_retryable) == ("poison", True)
    assert run_activity(
        steps.read_pages, OriginalInput(document_input(ref)), heartbeat_details=[0, 2]
    ) == ReadPagesResult(3, 0)


def test_read_pages_failed_page_is_counted_and_stored(ingest: IngestHarness, tmp_path: Path) -> None:
    """Pages in = pages read + pages failed; a page that never arrived counts as failed."""
    ref = ingest.upload(PAPER)
    begin_run(ref, scan=False)
    begun = begin_reading(ref)
    source = tmp_path / "paper"
    source.write_text(PAPER)
    first = next(TextReader().read(source, tmp_path, ReadingOptions("application/pdf")))
    store_page(ref, first, begun.fence)
    assert finish_reading(ref, 3, begun.fence) == ReadingSummary(3, 2, 0)
    with tenant_scope(ingest.tenant_id):
        document = Document.objects.get()
    assert (document.pages, document.pages_failed, document.status) == (3, 2, "ASSESSING")
