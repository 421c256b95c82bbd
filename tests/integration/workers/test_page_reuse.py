"""Page reuse: same settings, same bytes, within the tenant, and for a limited time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from ingestion.contracts import RunRef
from ingestion.domain.errors import MissingFile
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Page
from ingestion.services.page_reuse import PAGES_PER_REUSE, REUSE_MAX_AGE
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_reading, begin_run, reuse_pages, store_page
from ingestion.services.reruns import rerun_document
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness
from tests.support.text_reader import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import OriginalInput, ReadPagesResult

PAPER = f"{INVOICE}\fsecond page\fthird page"


class CountingReader(TextReader):
    """Reader that counts how often it opens a file, which means a child process each time."""

    opened = 0

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Count and read."""
        self.opened += 1
        yield from super().read(source, folder, options)


@pytest.fixture
def reader() -> CountingReader:
    """Return the reader for all attempts of a test."""
    return CountingReader()


def settings_of(options: ReadingOptions) -> str:
    """Return a settings name like the real ones: without password and first page."""
    return f"{options.mode} {options.engines}"


def read(ref: RunRef, reader: TextReader, engine: AssessmentConfig, settings: str = "") -> ReadPagesResult:
    """Process a run up to its assessment."""
    named = (lambda _: settings) if settings else settings_of
    steps = DocumentActivities(engine)
    run_activity(steps.begin, document_input(ref))
    found: ReadPagesResult = run_activity(
        ReadingActivities(reader, settings_digest=named).read_pages, OriginalInput(document_input(ref))
    )
    run_activity(steps.assess, document_input(ref))
    return found


def start_next_run(ingest: IngestHarness, ref: RunRef) -> RunRef:
    """Start the next run of a document that was decided before."""
    with tenant_scope(ingest.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(status="APPROVED")
        again = rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    return RunRef(ref.tenant_id, again.id, again.run)


def words(ingest: IngestHarness, ref: RunRef) -> list[list[str]]:
    """Return the words of a run's pages."""
    with tenant_scope(ingest.tenant_id):
        rows = Page.objects.filter(document_id=ref.document_id, run=ref.run).order_by("number")
        return [[word["text"] for word in row.words] for row in rows]


def keep_duplicates(ingest: IngestHarness) -> None:
    """Let the tenant keep duplicates."""
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.filter(pk=ingest.tenant_id).update(keep_duplicates=True)


def test_rerun_with_same_settings_reuses_pages(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """The pages are stored and assessed again, and no child process was started for them."""
    ref = ingest.upload(PAPER)
    assert read(ref, reader, assessment_engine) == ReadPagesResult(3)
    again = start_next_run(ingest, ref)
    assert read(again, reader, assessment_engine) == ReadPagesResult(3)
    assert reader.opened == 1
    assert words(ingest, again) == words(ingest, ref)
    assert ingest.document(again).pages == 3


def test_rerun_with_other_settings_reads_again(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """A new version of an engine, of the calibration or of the code has another settings name."""
    ref = ingest.upload(PAPER)
    read(ref, reader, assessment_engine, "version 1")
    read(start_next_run(ingest, ref), reader, assessment_engine, "version 2")
    assert reader.opened == 2


def test_run_without_settings_reuses_nothing(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """Neither its own pages nor those of others can be reused without a settings name."""
    ref = ingest.upload(PAPER)
    steps = ReadingActivities(reader)
    begin_run(ref, scan=False)
    run_activity(steps.read_pages, OriginalInput(document_input(ref)))
    run_activity(DocumentActivities(assessment_engine).assess, document_input(ref))
    read(start_next_run(ingest, ref), reader, assessment_engine)
    assert reader.opened == 2


def test_kept_duplicate_reuses_pages_of_first(
    ingest: IngestHarness,
    assessment_engine: AssessmentConfig,
    reader: CountingReader,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The images belong to both documents: they stay when the first one is erased."""
    keep_duplicates(ingest)
    first = ingest.upload(PAPER)
    read(first, reader, assessment_engine)
    second = ingest.upload(PAPER)
    assert second.document_id != first.document_id
    read(second, reader, assessment_engine)
    assert reader.opened == 1
    with django_capture_on_commit_callbacks(execute=True):
        ingest.erase(first)
    with tenant_scope(ingest.tenant_id):
        keys = list(Page.objects.filter(document_id=second.document_id).values_list("image_key", flat=True))
    assert len(keys) == 3
    assert all(default_storage.exists(key) for key in keys)


def test_erased_pages_are_not_reused(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """The same bytes are read again after an erasure."""
    ref = ingest.upload(PAPER)
    read(ref, reader, assessment_engine)
    ingest.erase(ref)
    again = ingest.upload(PAPER)
    with tenant_scope(ingest.tenant_id):
        assert not Page.objects.exists()
    read(again, reader, assessment_engine)
    assert reader.opened == 2


def test_pages_of_other_tenant_are_not_reused(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """The same bytes are read separately for another tenant."""
    read(ingest.upload(PAPER), reader, assessment_engine)
    other = make_ingest_harness("other")
    read(other.upload(PAPER), reader, assessment_engine)
    assert reader.opened == 2


def test_old_pages_are_not_reused(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """The age is limited."""
    ref = ingest.upload(PAPER)
    read(ref, reader, assessment_engine)
    with tenant_scope(ingest.tenant_id):
        Page.objects.update(read_at=timezone.now() - REUSE_MAX_AGE - timedelta(seconds=1))
    read(start_next_run(ingest, ref), reader, assessment_engine)
    assert reader.opened == 2


def test_failed_page_alone_is_read_again(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """Only the failed page; the ones before and after it are reused."""
    ref = ingest.upload(PAPER)
    read(ref, reader, assessment_engine)
    with tenant_scope(ingest.tenant_id):
        Page.objects.filter(number=2).update(error="resource_limit", words=[])
    again = start_next_run(ingest, ref)
    reader.read_pages.clear()
    read(again, reader, assessment_engine)
    assert reader.read_pages == [2]
    assert words(ingest, again)[0::2] == words(ingest, ref)[0::2]
    assert words(ingest, again)[1] == ["second", "page"]


def test_long_document_is_reused_in_chunks(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """Each chunk in a separate transaction, without duplicates or gaps."""
    count = 2 * PAGES_PER_REUSE + 3
    ref = ingest.upload("\f".join(f"page {number}" for number in range(1, count + 1)))
    read(ref, reader, assessment_engine)
    again = start_next_run(ingest, ref)
    assert read(again, reader, assessment_engine) == ReadPagesResult(count)
    assert reader.opened == 1
    assert words(ingest, again) == [["page", str(number)] for number in range(1, count + 1)]


def test_pages_between_failed_ones_are_reused_in_chunks(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """The first and every tenth page failed, in a document longer than one chunk."""
    count = 2 * PAGES_PER_REUSE + 3
    failed = [1, *range(10, count + 1, 10)]
    ref = ingest.upload("\f".join(f"page {number}" for number in range(1, count + 1)))
    read(ref, reader, assessment_engine)
    with tenant_scope(ingest.tenant_id):
        Page.objects.filter(number__in=failed).update(error="resource_limit", words=[])
    again = start_next_run(ingest, ref)
    reader.read_pages.clear()
    assert read(again, reader, assessment_engine) == ReadPagesResult(count)
    assert reader.read_pages == failed
    assert words(ingest, again) == [["page", str(number)] for number in range(1, count + 1)]


def test_attempt_resumes_at_gap_left_by_another(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """The pages after the gap are already stored."""
    ref = ingest.upload(PAPER)
    read(ref, reader, assessment_engine)
    with tenant_scope(ingest.tenant_id):
        Page.objects.filter(number=2).update(error="resource_limit", words=[])
    again = start_next_run(ingest, ref)
    begun = begin_reading(again)
    assert reuse_pages(again, begun.fence, settings_of(ReadingOptions("application/pdf")), after=0)
    assert reuse_pages(again, begun.fence, settings_of(ReadingOptions("application/pdf")), after=1, scattered=True)
    assert begin_reading(again).pages_done == 1
    reader.read_pages.clear()
    steps = ReadingActivities(reader)  # without settings, so that nothing more is reused
    assert run_activity(steps.read_pages, OriginalInput(document_input(again))) == ReadPagesResult(3)
    assert reader.read_pages == [2]


def test_late_worker_leaves_no_image_of_erased_document(
    ingest: IngestHarness, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """It stores images before rows; images without a row are deleted."""
    ref = ingest.upload(PAPER)
    begin_run(ref, scan=False)
    begun = begin_reading(ref)
    source = tmp_path / "paper"
    source.write_text(PAPER)
    page = next(TextReader().read(source, tmp_path, ReadingOptions("application/pdf")))
    ingest.erase(ref)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(StaleAttempt):
        store_page(ref, page, begun.fence)
    folder = f"tenants/{ingest.tenant_id}/pages"
    assert default_storage.listdir(folder) == ([], [])


def test_missing_original_is_reported_despite_reusable_pages(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: CountingReader
) -> None:
    """The pages could be reused, but the missing file must be reported."""
    ref = ingest.upload(PAPER)
    read(ref, reader, assessment_engine)
    again = start_next_run(ingest, ref)
    default_storage.delete(ingest.document(ref).blob_key)
    steps = ReadingActivities(reader, settings_digest=settings_of)
    with pytest.raises(MissingFile):
        run_activity(steps.read_pages, OriginalInput(document_input(again)))
