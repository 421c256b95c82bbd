"""A PDF that was made here, in memory, from what a file of another kind says."""

from dataclasses import dataclass, field

import pymupdf

from ingestion.adapters.formats.page_source import NativeWord, TextLayer
from ingestion.adapters.formats.pdf.coordinates import ShownPaper
from ingestion.adapters.formats.pdf.document import PdfSource
from ingestion.adapters.formats.pdf.graphics import bold_spans, is_bold

PrintedWord = tuple[float, float, float, float, str]
"""A word's corners in points from the page's upper left, and the word."""


@dataclass(frozen=True, slots=True)
class PrintedPdf:
    """A PDF with the words that were printed on each of its pages."""

    content: bytes = field(repr=False)
    pages: tuple[tuple[PrintedWord, ...], ...] = field(repr=False)


class PrintedSource(PdfSource):
    """Its pages; their words are those that were printed, whatever can be read back from a PDF."""

    def __init__(self, printed: PrintedPdf, notes: tuple[str, ...] = ()) -> None:
        """Take the PDF."""
        self._document = pymupdf.open(stream=printed.content, filetype="pdf")
        self._printed = printed.pages
        self.attachments = 0
        self.made, self.notes = True, notes

    def _layer(self, page: "pymupdf.Page") -> TextLayer | None:
        bold, paper = bold_spans(page.get_texttrace()), ShownPaper.of(page)
        words = []
        for x0, y0, x1, y1, text in self._printed[page.number]:
            box = paper.box((x0, y0, x1, y1))
            if box is not None and text.strip():
                words.append(NativeWord(text, box, is_bold((x0, y0, x1, y1), bold)))
        return TextLayer(tuple(words), 0.0, 0.0) if words else None
