"""Heads and feet that run through a document are known once its last page is read: its blocks are told so then."""

from ingestion.contracts import RunRef
from ingestion.domain.layout.running_heads import find_headers_and_footers, mark_headers_and_footers, page_edges
from ingestion.domain.page.serialization import pack_block
from ingestion.selectors.run_contents import iterate_pages, pages_of


def store_headers_and_footers(ref: RunRef) -> None:
    """Name the heads and feet of a run's pages; to be called inside the tenant's scope. Repeats are harmless."""
    pages = pages_of(ref)
    found = find_headers_and_footers([page_edges(page) for page in iterate_pages(pages)])
    for page in iterate_pages(pages.filter(number__in=found)):
        blocks = mark_headers_and_footers(page, found[page.number])
        if blocks != page.blocks:
            pages.filter(number=page.number).update(blocks=[pack_block(block) for block in blocks])
