"""Running heads and feet are marked after the last page is read; repeating the step changes nothing."""

from dataclasses import replace
from pathlib import Path

from ingestion.domain.ports import ReadPage
from ingestion.models import Page
from ingestion.services.reading import begin_run
from ingestion.services.running_heads import store_headers_and_footers
from refinery.core.database.scope import tenant_scope
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.ingest_harness import IngestHarness
from tests.support.text_pages import native_page
from tests.support.text_reader import TextReader
from workers.activities.read_pages import ReadingActivities
from workers.messages import OriginalInput

BODY_TEXTS = (
    "the goods were sent to the northern branch\nby ship and have not been paid for",
    "repairs to the roof were put off once more\nuntil all of the works are finished",
    "an auditor will look at what was spent\non the harbour before the summer",
)
PAPER = "\f".join(f"Harbour Works Ltd\n\n\n\n\n\n{tale}" for tale in BODY_TEXTS)


class LayoutReader(TextReader):
    """Reader that arranges text in blocks."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read one page."""
        return replace(super().page(number, total, text, folder), reading=native_page(text, number=number))


def kinds(ingest: IngestHarness) -> list[str]:
    """Return the kind of each page's first block."""
    with tenant_scope(ingest.tenant_id):
        return [page.blocks[0]["kind"] for page in Page.objects.order_by("number")]


def test_recurring_top_lines_are_stored_as_headers(ingest: IngestHarness) -> None:
    ref = ingest.upload(PAPER)
    begin_run(ref, scan=False)
    run_activity(ReadingActivities(LayoutReader()).read_pages, OriginalInput(document_input(ref)))
    assert kinds(ingest) == ["header"] * 3
    with tenant_scope(ingest.tenant_id):
        before = list(Page.objects.order_by("number").values_list("blocks", flat=True))
        store_headers_and_footers(ref)
        assert list(Page.objects.order_by("number").values_list("blocks", flat=True)) == before
        assert all(
            [i for block in page.blocks for i in range(*block["words"])] == list(range(len(page.words)))
            for page in Page.objects.all()
        )
