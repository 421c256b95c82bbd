"""PDF rendered here, in memory, from the content of a file of another kind."""

from dataclasses import dataclass, field

import pymupdf

from ingestion.adapters.formats.page_source import NativeWord, TextLayer
from ingestion.adapters.formats.pdf.coordinates import PdfPageTransform
from ingestion.adapters.formats.pdf.document import PdfSource
from ingestion.adapters.formats.pdf.graphics import bold_spans, is_bold

TypesetWord = tuple[float, float, float, float, str]
"""Corners of a word in points from the page's upper left, and the word."""


@dataclass(frozen=True, slots=True)
class TypesetPdf:
    """PDF with the words that were printed on each of its pages."""

    content: bytes = field(repr=False)
    pages: tuple[tuple[TypesetWord, ...], ...] = field(repr=False)


class TypesetPdfSource(PdfSource):
    """Page source with the words as printed, independent of the text extracted from the PDF."""

    def __init__(self, printed: TypesetPdf, notes: tuple[str, ...] = ()) -> None:
        """Open the PDF."""
        self._document = pymupdf.open(stream=printed.content, filetype="pdf")
        self._words = printed.pages
        self.attachments = 0
        self.generated, self.notes = True, notes

    def _layer(self, page: "pymupdf.Page") -> TextLayer | None:
        bold, transform = bold_spans(page.get_texttrace()), PdfPageTransform.of(page)
        words = []
        for x0, y0, x1, y1, text in self._words[page.number]:
            box = transform.display_box((x0, y0, x1, y1))
            if box is not None and text.strip():
                words.append(NativeWord(text, box, is_bold((x0, y0, x1, y1), bold)))
        return TextLayer(tuple(words), 0.0, 0.0) if words else None
