"""Heads and feet that run through a document are known once its last page is read: its blocks are told so then."""

from collections.abc import Iterator

from django.db.models import QuerySet

from ingestion.contracts import RunRef
from ingestion.domain.layout.running_heads import edges_of, running_lines, with_running
from ingestion.domain.page.elements import PageReading
from ingestion.domain.page.serialization import pack_block, unpack_page
from ingestion.models import Page

_AT_A_TIME = 50  # pages held in memory
_COLUMNS = ("width", "height", "source", "confidence", "words", "blocks", "measures", "error")


def mark_running(ref: RunRef) -> None:
    """Name the heads and feet of a run's pages; to be called inside the tenant's scope. Repeats are harmless."""
    pages = Page.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)
    found = running_lines([edges_of(page) for page in _readings(pages)])
    for page in _readings(pages.filter(number__in=found)):
        blocks = with_running(page, found[page.number])
        if blocks != page.blocks:
            pages.filter(number=page.number).update(blocks=[pack_block(block) for block in blocks])


def _readings(pages: "QuerySet[Page]") -> Iterator[PageReading]:
    rows = pages.order_by("number").values("number", *_COLUMNS)
    for row in rows.iterator(chunk_size=_AT_A_TIME):
        yield unpack_page(row["number"], row)
