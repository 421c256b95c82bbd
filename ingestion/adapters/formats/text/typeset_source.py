"""Text as a page source: typeset, or the pictures in it as pages where it holds nothing else."""

from dataclasses import replace

from ingestion.adapters.formats.pdf.document import GeneratedPdfSource, PdfSource
from ingestion.adapters.formats.pdf.generated import TypesetPdfSource
from ingestion.adapters.formats.text.embedded_pictures import picture_pages
from ingestion.adapters.formats.text.printable import HtmlDocument
from ingestion.adapters.formats.text.typesetting import typeset


def open_typeset(document: HtmlDocument, notes: tuple[str, ...] = ()) -> PdfSource:
    """Typeset a text and open its pages; raises EmptyFile, TooLarge.

    Pictures without any text around them are scans: each becomes a page of its size, which is then read by OCR.
    """
    parts = list(document.parts)
    printed = typeset(replace(document, parts=parts))
    scans = None if any(printed.pages) else picture_pages(parts)
    notes = (*notes, *document.notes)
    return TypesetPdfSource(printed, notes) if scans is None else GeneratedPdfSource(scans, notes)
