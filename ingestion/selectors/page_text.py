"""Plain text of pages, for API clients."""

from collections.abc import Iterator
from typing import Any, Final

from ingestion.domain.page.plain_text import LineToken, block_texts
from ingestion.domain.page.serialization import unpack_block
from ingestion.models import Document, Page
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor

AT_A_TIME: Final = 20  # pages held in memory


def page_texts(actor: Actor, document: Document) -> Iterator[dict[str, Any]]:
    """Yield the text of each page of the current run, in order.

    Each chunk has a separate transaction: when a response streams, the request's has ended.
    """
    last = 0
    while True:
        with tenant_scope(actor.tenant_id):
            rows = Page.objects.visible_to(actor).filter(document=document, run=document.run, number__gt=last)
            chunk = list(rows.only("number", "words", "blocks", "error").order_by("number")[:AT_A_TIME])
        if not chunk:
            return
        yield from map(page_text, chunk)
        last = chunk[-1].number


def page_text(row: Page) -> dict[str, Any]:
    """Return a page's text, whole and by block, in reading order; empty for a page that was not read."""
    words = [LineToken(word["text"], word.get("line", 0)) for word in row.words]
    blocks = block_texts(words, [unpack_block(block) for block in row.blocks])
    return {
        "number": row.number,
        "text": "\n\n".join(block.text for block in blocks),
        "blocks": [{"kind": block.kind.value, "text": block.text} for block in blocks],
        "error": row.error or None,
    }
