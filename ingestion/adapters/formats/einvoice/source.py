"""An e-invoice that is nothing but XML: read, and drawn as the page that people look at."""

from pathlib import Path

import pymupdf

from ingestion.adapters.formats.einvoice.embedded import EmbeddedXml, judged
from ingestion.adapters.formats.einvoice.xml import BYTES_TO
from ingestion.adapters.formats.pdf.document import PdfSource
from ingestion.adapters.formats.pdf.html_story import draw
from ingestion.domain.einvoice.rendering import CSS, invoice_html
from ingestion.domain.errors import CorruptFile, PolicyViolation, ReadingError, TooLarge, UnsupportedFile

NAME = "e-invoice.xml"
_ENDS: dict[str, tuple[type[ReadingError], str]] = {
    "malformed": (CorruptFile, "This e-invoice is no well-formed XML."),
    "forbidden": (PolicyViolation, "This XML asks for what no e-invoice may: a document type or an entity."),
    "too_large": (TooLarge, f"This XML is larger than an e-invoice may be ({BYTES_TO // 2**20} MB)."),
    "no_invoice": (UnsupportedFile, "This is XML, but no e-invoice that is known here."),
}


class InvoiceSource(PdfSource):
    """Its page, drawn once; what the XML says is `einvoice`."""

    made = True

    def __init__(self, path: Path) -> None:
        """Read and draw it; raises CorruptFile, PolicyViolation, TooLarge or UnsupportedFile."""
        with path.open("rb") as file:
            self.einvoice: EmbeddedXml = judged(NAME, file.read(BYTES_TO + 1))
        if self.einvoice.invoice is None:
            kind, words = _ENDS[self.einvoice.fault]
            raise kind(words)
        made = draw(invoice_html(self.einvoice.invoice), CSS)
        self._document = pymupdf.open(stream=made, filetype="pdf")
        self.attachments = 0
