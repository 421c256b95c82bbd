"""Accuracy of e-invoice comparisons: true and false differences of pages, and detection of altered totals."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingestion.adapters.formats.einvoice.embedded import embedded_einvoice
from ingestion.domain.einvoice.mapping import EInvoiceComparison, map_einvoice
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.normalize import find_amounts
from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec

_TOTAL = "total"


def invoice_in(path: Path) -> EInvoice:
    """Return a file's e-invoice; raises ValueError for a file whose XML cannot be read."""
    found = embedded_einvoice(path, None)
    if found is None or found.invoice is None:
        message = f"{path.name} carries no e-invoice that can be read"
        raise ValueError(message)
    return found.invoice


@dataclass(slots=True)
class DifferenceCounts:
    """Counts over a corpus.

    `reported` are the differences on unchanged pages, `false` those of them where the page agrees with the XML.
    `altered` maps the place where a page's total was altered to whether the alteration was found, by document.
    """

    documents: int = 0
    reported: int = 0
    false: int = 0
    altered: dict[str, list[bool]] = field(default_factory=dict)

    def count_document(
        self, invoice: EInvoice, pages: Sequence[PageReading], schema: SchemaSpec, printed: frozenset[str]
    ) -> None:
        """Compare one document unchanged, and with its printed total altered."""
        self.documents += 1
        comparison = _compare_pages(invoice, pages, schema)
        self.reported += len(comparison.differences)
        self.false += sum(each.field in printed for each in comparison.differences)
        if _TOTAL not in printed or invoice.totals.gross is None:
            return
        amount = f"{abs(invoice.totals.gross):.2f}"
        self._alter("everywhere", invoice, [_altered(page, amount) for page in pages], schema)
        read = next(each for each in extract_fields(build_document_rows(pages), schema) if each.name == _TOTAL)
        if read.normalized.lstrip("-") == amount:
            there = [_altered(page, amount, _within(page, read)) for page in pages]
            self._alter("only where it is read", invoice, there, schema)

    def _alter(self, where: str, invoice: EInvoice, pages: Sequence[PageReading], schema: SchemaSpec) -> None:
        found = any(each.field == _TOTAL for each in _compare_pages(invoice, pages, schema).differences)
        self.altered.setdefault(where, []).append(found)

    def lines(self) -> Iterator[str]:
        """Yield the counts as lines."""
        yield f"\n### e-invoice (ZUGFeRD, the page compared with its XML; {self.documents} documents)\n"
        yield f"Unchanged pages: {self.reported} differences, {self.false} of them where the page shows the same value."
        for where, found in self.altered.items():
            yield f"Total altered {where}: {sum(found)} of {len(found)} found ({sum(found) / len(found):.3f})."


def _compare_pages(invoice: EInvoice, pages: Sequence[PageReading], schema: SchemaSpec) -> EInvoiceComparison:
    doc = build_document_rows(pages)
    return map_einvoice(invoice, doc, schema, extract_fields(doc, schema)).comparison


def _within(page: PageReading, read: ExtractedField) -> Callable[[Word], bool]:
    """Return a test for words in the box where a field was read."""
    box = read.bbox

    def inside(word: Word) -> bool:
        middle = ((word.bbox.x0 + word.bbox.x1) / 2, (word.bbox.y0 + word.bbox.y1) / 2)
        return (
            box is not None
            and page.number == read.page
            and box.x0 <= middle[0] <= box.x1
            and box.y0 <= middle[1] <= box.y1
        )

    return inside


def _altered(page: PageReading, amount: str, chosen: Callable[[Word], bool] = lambda _: True) -> PageReading:
    """Replace this amount on the page by one whose first digit is one higher."""
    changed: dict[int, Word] = {}
    for line in page.lines:
        text, starts = "", []
        for word in line:
            starts.append(len(text))
            text += word.text + " "
        for match in find_amounts(text):
            if match.normalized.lstrip("-") == amount:
                spot = max(index for index, start in enumerate(starts) if start <= match.start)
                word = next(each for each in line[spot:] if any(map(str.isdigit, each.text)))
                if chosen(word):
                    changed[id(word)] = replace(word, text=re.sub(r"\d", _one_up, word.text, count=1))
    return replace(page, words=tuple(changed.get(id(word), word) for word in page.words))


def _one_up(digit: re.Match[str]) -> str:
    return str((int(digit[0]) + 1) % 10)
