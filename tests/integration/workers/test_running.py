"""Heads and feet are told once the last page is read: the rows say so, and saying it again changes nothing."""

from dataclasses import replace
from pathlib import Path

from ingestion.domain.ports import ReadPage
from ingestion.models import Page
from ingestion.services.reading import begin_run
from ingestion.services.running_heads import mark_running
from refinery.core.database.scope import tenant_scope
from tests.fakes import page_of
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import Office
from tests.workflows.readers import TextReader
from workers.activities.read_pages import ReadingActivities
from workers.messages import ReadOrder

TALES = (
    "the goods were sent to the northern branch\nby ship and have not been paid for",
    "repairs to the roof were put off once more\nuntil all of the works are finished",
    "an auditor will look at what was spent\non the harbour before the summer",
)
PAPER = "\f".join(f"Harbour Works Ltd\n\n\n\n\n\n{tale}" for tale in TALES)


class LaidReader(TextReader):
    """Lays text out in blocks."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read one page."""
        return replace(super().page(number, total, text, folder), reading=page_of(text, number=number))


def kinds(office: Office) -> list[str]:
    """Give the kind of each page's first block."""
    with tenant_scope(office.tenant_id):
        return [page.blocks[0]["kind"] for page in Page.objects.order_by("number")]


def test_what_recurs_at_the_top_of_pages_is_their_head(office: Office) -> None:
    ref = office.upload(PAPER)
    begin_run(ref, scan=False)
    perform(ReadingActivities(LaidReader()).read_pages, ReadOrder(order_of(ref)))
    assert kinds(office) == ["header"] * 3
    with tenant_scope(office.tenant_id):
        before = list(Page.objects.order_by("number").values_list("blocks", flat=True))
        mark_running(ref)
        assert list(Page.objects.order_by("number").values_list("blocks", flat=True)) == before
        assert all(
            [i for block in page.blocks for i in range(*block["words"])] == list(range(len(page.words)))
            for page in Page.objects.all()
        )
