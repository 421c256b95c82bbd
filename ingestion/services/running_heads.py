"""Page headers and footers, which can only be detected once the last page is read."""

from ingestion.contracts import RunRef
from ingestion.domain.layout.running_heads import find_headers_and_footers, mark_headers_and_footers, page_edges
from ingestion.domain.page.serialization import pack_block
from ingestion.selectors.run_contents import iterate_pages, pages_of


def store_headers_and_footers(ref: RunRef) -> None:
    """Mark the headers and footers of a run's pages; needs an open tenant scope. Idempotent."""
    pages = pages_of(ref)
    found = find_headers_and_footers([page_edges(page) for page in iterate_pages(ref)])
    for page in iterate_pages(ref) if found else ():
        if page.number not in found:
            continue
        blocks = mark_headers_and_footers(page, found[page.number])
        if blocks != page.blocks:
            pages.filter(number=page.number).update(blocks=[pack_block(block) for block in blocks])
