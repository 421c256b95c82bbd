"""Pages that were read before: by the same settings, from the same bytes, within the tenant, and not for ever."""

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
from ingestion.services.page_reuse import AT_A_TIME, KEPT
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import (
    begin_reading,
    begin_run,
    store_page,
    take_over_pages,
    take_over_scattered,
)
from ingestion.services.reruns import rerun_document
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import INVOICE, Office, open_office
from tests.workflows.readers import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import PagesRead, ReadOrder

PAPER = f"{INVOICE}\fsecond page\fthird page"


class CountingReader(TextReader):
    """Counts how often it is asked to open a file: that is a child process each time."""

    opened = 0

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Count, and read."""
        self.opened += 1
        yield from super().read(source, folder, options)


@pytest.fixture
def reader() -> CountingReader:
    """The reader of all attempts of a test."""
    return CountingReader()


def settings_of(options: ReadingOptions) -> str:
    """Name the settings as the real ones are named: nothing of the password, nothing of the first page."""
    return f"{options.mode} {options.engines}"


def read(ref: RunRef, reader: TextReader, engine: Engine, settings: str = "") -> PagesRead:
    """Bring a run as far as its judgement."""
    named = (lambda _: settings) if settings else settings_of
    steps = DocumentActivities(engine)
    perform(steps.begin, order_of(ref))
    found: PagesRead = perform(ReadingActivities(reader, named=named).read_pages, ReadOrder(order_of(ref)))
    perform(steps.assess, order_of(ref))
    return found


def next_run(office: Office, ref: RunRef) -> RunRef:
    """Send a document to be read again, decided before."""
    with tenant_scope(office.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(status="APPROVED")
        again = rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    return RunRef(ref.tenant_id, again.id, again.run)


def words(office: Office, ref: RunRef) -> list[list[str]]:
    """Give the words of a run's pages."""
    with tenant_scope(office.tenant_id):
        rows = Page.objects.filter(document_id=ref.document_id, run=ref.run).order_by("number")
        return [[word["text"] for word in row.words] for row in rows]


def keep_duplicates(office: Office) -> None:
    """Let the tenant keep the same bytes twice."""
    with tenant_scope(office.tenant_id):
        Tenant.objects.filter(pk=office.tenant_id).update(keep_duplicates=True)


def test_a_run_by_the_same_settings_opens_no_file(office: Office, engine: Engine, reader: CountingReader) -> None:
    """Its pages are there, judged anew, and no child process was started for them."""
    ref = office.upload(PAPER)
    assert read(ref, reader, engine) == PagesRead(3)
    again = next_run(office, ref)
    assert read(again, reader, engine) == PagesRead(3)
    assert reader.opened == 1
    assert words(office, again) == words(office, ref)
    assert office.document(again).pages == 3


def test_other_settings_read_anew(office: Office, engine: Engine, reader: CountingReader) -> None:
    """A new version of an engine, of the calibration or of the code is another name."""
    ref = office.upload(PAPER)
    read(ref, reader, engine, "version 1")
    read(next_run(office, ref), reader, engine, "version 2")
    assert reader.opened == 2


def test_without_settings_nothing_is_taken_over(office: Office, engine: Engine, reader: CountingReader) -> None:
    """Neither from such a reading nor for one."""
    ref = office.upload(PAPER)
    steps = ReadingActivities(reader)
    begin_run(ref, scan=False)
    perform(steps.read_pages, ReadOrder(order_of(ref)))
    perform(DocumentActivities(engine).assess, order_of(ref))
    read(next_run(office, ref), reader, engine)
    assert reader.opened == 2


def test_a_kept_duplicate_takes_the_first_ones_pages(
    office: Office,
    engine: Engine,
    reader: CountingReader,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """With pictures of its own right: they stay when the first one is erased."""
    keep_duplicates(office)
    first = office.upload(PAPER)
    read(first, reader, engine)
    second = office.upload(PAPER)
    assert second.document_id != first.document_id
    read(second, reader, engine)
    assert reader.opened == 1
    with django_capture_on_commit_callbacks(execute=True):
        office.erase(first)
    with tenant_scope(office.tenant_id):
        keys = list(Page.objects.filter(document_id=second.document_id).values_list("image_key", flat=True))
    assert len(keys) == 3
    assert all(default_storage.exists(key) for key in keys)


def test_what_was_erased_does_not_come_back(office: Office, engine: Engine, reader: CountingReader) -> None:
    """The same bytes sent anew are read anew."""
    ref = office.upload(PAPER)
    read(ref, reader, engine)
    office.erase(ref)
    again = office.upload(PAPER)
    with tenant_scope(office.tenant_id):
        assert not Page.objects.exists()
    read(again, reader, engine)
    assert reader.opened == 2


def test_nothing_is_found_across_tenants(office: Office, engine: Engine, reader: CountingReader) -> None:
    """The same bytes at another tenant are read for that one."""
    read(office.upload(PAPER), reader, engine)
    other = open_office("other")
    read(other.upload(PAPER), reader, engine)
    assert reader.opened == 2


def test_what_was_read_long_ago_is_read_again(office: Office, engine: Engine, reader: CountingReader) -> None:
    """The age is bounded."""
    ref = office.upload(PAPER)
    read(ref, reader, engine)
    with tenant_scope(office.tenant_id):
        Page.objects.update(read_at=timezone.now() - KEPT - timedelta(seconds=1))
    read(next_run(office, ref), reader, engine)
    assert reader.opened == 2


def test_a_page_that_failed_is_tried_again(office: Office, engine: Engine, reader: CountingReader) -> None:
    """It alone: what comes before and behind it is taken over."""
    ref = office.upload(PAPER)
    read(ref, reader, engine)
    with tenant_scope(office.tenant_id):
        Page.objects.filter(number=2).update(error="resource_limit", words=[])
    again = next_run(office, ref)
    reader.read_pages.clear()
    read(again, reader, engine)
    assert reader.read_pages == [2]
    assert words(office, again)[0::2] == words(office, ref)[0::2]
    assert words(office, again)[1] == ["second", "page"]


def test_a_long_document_is_taken_over_in_parts(office: Office, engine: Engine, reader: CountingReader) -> None:
    """Each in a transaction of its own, none twice, none left out."""
    count = 2 * AT_A_TIME + 3
    ref = office.upload("\f".join(f"page {number}" for number in range(1, count + 1)))
    read(ref, reader, engine)
    again = next_run(office, ref)
    assert read(again, reader, engine) == PagesRead(count)
    assert reader.opened == 1
    assert words(office, again) == [["page", str(number)] for number in range(1, count + 1)]


def test_pages_between_failed_ones_are_taken_over_in_parts(
    office: Office, engine: Engine, reader: CountingReader
) -> None:
    """The first one and every tenth have failed, in a document that is longer than what is held in memory."""
    count = 2 * AT_A_TIME + 3
    failed = [1, *range(10, count + 1, 10)]
    ref = office.upload("\f".join(f"page {number}" for number in range(1, count + 1)))
    read(ref, reader, engine)
    with tenant_scope(office.tenant_id):
        Page.objects.filter(number__in=failed).update(error="resource_limit", words=[])
    again = next_run(office, ref)
    reader.read_pages.clear()
    assert read(again, reader, engine) == PagesRead(count)
    assert reader.read_pages == failed
    assert words(office, again) == [["page", str(number)] for number in range(1, count + 1)]


def test_an_attempt_goes_on_at_the_gap_that_another_left(
    office: Office, engine: Engine, reader: CountingReader
) -> None:
    """What lies behind it is there already."""
    ref = office.upload(PAPER)
    read(ref, reader, engine)
    with tenant_scope(office.tenant_id):
        Page.objects.filter(number=2).update(error="resource_limit", words=[])
    again = next_run(office, ref)
    begun = begin_reading(again)
    assert take_over_pages(again, begun.fence, settings_of(ReadingOptions("application/pdf")), after=0)
    assert take_over_scattered(again, begun.fence, settings_of(ReadingOptions("application/pdf")), after=1)
    assert begin_reading(again).pages_done == 1
    reader.read_pages.clear()
    steps = ReadingActivities(reader)  # names no settings, so that nothing is taken over any more
    assert perform(steps.read_pages, ReadOrder(order_of(again))) == PagesRead(3)
    assert reader.read_pages == [2]


def test_a_late_worker_leaves_no_picture_of_an_erased_document(
    office: Office, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """It stores before it writes; what it stored for nobody goes."""
    ref = office.upload(PAPER)
    begin_run(ref, scan=False)
    begun = begin_reading(ref)
    source = tmp_path / "paper"
    source.write_text(PAPER)
    page = next(TextReader().read(source, tmp_path, ReadingOptions("application/pdf")))
    office.erase(ref)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(StaleAttempt):
        store_page(ref, page, begun.fence)
    folder = f"tenants/{office.tenant_id}/pages"
    assert default_storage.listdir(folder) == ([], [])


def test_a_lost_original_is_told_of_all_the_same(office: Office, engine: Engine, reader: CountingReader) -> None:
    """Its pages could be had; that the file is gone is what someone has to know."""
    ref = office.upload(PAPER)
    read(ref, reader, engine)
    again = next_run(office, ref)
    default_storage.delete(office.document(ref).blob_key)
    steps = ReadingActivities(reader, named=settings_of)
    with pytest.raises(MissingFile):
        perform(steps.read_pages, ReadOrder(order_of(again)))
