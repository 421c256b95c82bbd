"""Reading as an activity: it resumes, it gives up what kills it, and a late writer is refused."""

from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Page
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import Finished, begin_reading, begin_run, finish_reading, store_page
from refinery.core.database.scope import tenant_scope
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import INVOICE, Office
from tests.workflows.readers import TextReader
from workers.activities.heartbeat import MOST_DEATHS
from workers.activities.read_pages import ReadingActivities
from workers.messages import PagesRead, ReadOrder

PAPER = f"{INVOICE}\fsecond page\fthird page"


class DyingReader(TextReader):
    """Dies after its second page, as a worker that is switched off."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read two pages."""
        if number > 2:
            raise SystemExit
        return super().page(number, total, text, folder)


def test_a_later_attempt_goes_on_where_the_first_stopped(office: Office) -> None:
    """Pages that are stored are not read again; a third attempt finds all done."""
    ref = office.upload(PAPER)
    begin_run(ref, scan=False)
    with pytest.raises(SystemExit):
        perform(ReadingActivities(DyingReader()).read_pages, ReadOrder(order_of(ref)))
    reader = TextReader()
    assert perform(ReadingActivities(reader).read_pages, ReadOrder(order_of(ref))) == PagesRead(3, 0)
    assert reader.read_pages == [3]
    assert perform(ReadingActivities(reader).read_pages, ReadOrder(order_of(ref))) == PagesRead(3, 0)
    assert reader.read_pages == [3]
    with tenant_scope(office.tenant_id):
        assert Page.objects.count() == 3


def test_a_worker_that_wakes_is_refused(office: Office, tmp_path: Path) -> None:
    """Its fence is older than that of the attempt that took over: neither a page nor the end is written."""
    ref = office.upload(PAPER)
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
    with tenant_scope(office.tenant_id):
        assert not Page.objects.exists()
        assert Document.objects.get().status == "READING"


def test_what_kills_every_attempt_is_poison(office: Office) -> None:
    """An attempt that cannot say why it died is counted by the beats that it left."""
    ref = office.upload(PAPER)
    begin_run(ref, scan=False)
    steps = ReadingActivities(TextReader())
    with pytest.raises(ApplicationError) as end:
        perform(steps.read_pages, ReadOrder(order_of(ref)), heartbeat_details=[0, MOST_DEATHS - 1])
    assert (end.value.type, end.value.non_retryable) == ("poison", True)
    assert perform(steps.read_pages, ReadOrder(order_of(ref)), heartbeat_details=[0, 2]) == PagesRead(3, 0)


def test_a_page_that_fails_is_counted_and_kept(office: Office, tmp_path: Path) -> None:
    """Pages in = pages read + pages failed; a page that never came has failed."""
    ref = office.upload(PAPER)
    begin_run(ref, scan=False)
    begun = begin_reading(ref)
    source = tmp_path / "paper"
    source.write_text(PAPER)
    first = next(TextReader().read(source, tmp_path, ReadingOptions("application/pdf")))
    store_page(ref, first, begun.fence)
    assert finish_reading(ref, 3, begun.fence) == Finished(3, 2, 0)
    with tenant_scope(office.tenant_id):
        document = Document.objects.get()
    assert (document.pages, document.pages_failed, document.status) == (3, 2, "ASSESSING")
