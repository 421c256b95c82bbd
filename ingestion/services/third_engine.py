"""Third engine on the pages of a run: selection of doubtful lines, and storage of the results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from ingestion.contracts import RunRef
from ingestion.domain.layout.analysis import adjusted_page_confidence
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.ocr.third_engine import LineReading, LineRegion, apply_third_engine, doubted_lines
from ingestion.domain.page.elements import Word
from ingestion.domain.page.serialization import pack_word, unpack_word
from ingestion.models import Document, Page
from ingestion.services.progress import StaleAttempt
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant

THOROUGH_MODE = "thorough"
LineSelector = Callable[[Sequence[Word]], tuple[LineRegion, ...]]
ReadingMerger = Callable[[Sequence[Word], Sequence[LineReading]], tuple[Word, ...]]
# Stored in place of the digest of a page's reading settings: it equals no digest, so no other run reuses the page, and
# it shows that the third engine has read the page, which it does only once.
THIRD_ENGINE_DONE = "third engine done"


@dataclass(frozen=True, slots=True)
class DoubtfulPage:
    """Page with doubtful lines, and the key of its image."""

    number: int
    image_key: str
    lines: tuple[LineRegion, ...]


def needs_third_engine(ref: RunRef) -> bool:
    """Return whether the tenant uses all engines and a page has doubtful lines."""
    with tenant_scope(ref.tenant_id):
        thorough = Tenant.objects.filter(id=ref.tenant_id, reading_mode=THOROUGH_MODE).exists()
    return thorough and bool(find_doubtful_pages(ref))


def find_doubtful_pages(ref: RunRef) -> tuple[DoubtfulPage, ...]:
    """Return the pages that a third engine could improve; raises StaleAttempt for a run that has moved on."""
    with tenant_scope(ref.tenant_id):
        _check(ref)
        return pages_for_third_engine(ref, doubted_lines)


def pages_for_third_engine(ref: RunRef, select_lines: LineSelector) -> tuple[DoubtfulPage, ...]:
    """Return the pages with selected lines, except those done before; needs an open tenant scope."""
    rows = Page.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run, error="").exclude(
        Q(image_key="") | Q(settings=THIRD_ENGINE_DONE)
    )
    pages = []
    for row in rows.only("number", "image_key", "words").order_by("number").iterator(chunk_size=20):
        lines = select_lines([unpack_word(word) for word in row.words])
        if lines:
            pages.append(DoubtfulPage(row.number, row.image_key, lines))
    return tuple(pages)


def store_third_engine_reading(ref: RunRef, number: int, readings: Sequence[LineReading]) -> int:
    """Merge the third engine's lines into a page, once; returns the number of changed words. Raises StaleAttempt."""
    with tenant_scope(ref.tenant_id):
        _check(ref)
        return merge_page_readings(ref, number, readings, apply_third_engine)


def merge_page_readings(ref: RunRef, number: int, readings: Sequence[LineReading], merge: ReadingMerger) -> int:
    """Write a page's merged words, once; returns the number of changed words. Needs an open tenant scope."""
    page = Page.objects.select_for_update().get(
        tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run, number=number
    )
    if page.settings == THIRD_ENGINE_DONE:
        return 0
    before = tuple(unpack_word(word) for word in page.words)
    after = merge(before, readings)
    page.words = [pack_word(word) for word in after]
    page.confidence = adjusted_page_confidence(page.confidence, before, after)
    page.settings = THIRD_ENGINE_DONE
    page.save(update_fields=["words", "confidence", "settings"])
    return sum(a.text != b.text for a, b in zip(before, after, strict=True))


def _check(ref: RunRef) -> None:
    row = Document.objects.only("status", "run").filter(tenant_id=ref.tenant_id, id=ref.document_id).first()
    if row is None or row.run != ref.run or row.status != DocumentStatus.ASSESSING:
        raise StaleAttempt
