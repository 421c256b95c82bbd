"""E-invoice in plain XML: read, and rendered as the page that people see."""

from pathlib import Path

import pymupdf

from ingestion.adapters.formats.einvoice.embedded import EmbeddedXml, parse_embedded_xml
from ingestion.adapters.formats.einvoice.xml import MAX_XML_BYTES
from ingestion.adapters.formats.pdf.document import PdfSource
from ingestion.adapters.formats.pdf.html_story import html_to_pdf
from ingestion.domain.einvoice.rendering import CSS, invoice_html
from ingestion.domain.errors import CorruptFile, PolicyViolation, ReadingError, TooLarge, UnsupportedFile

EINVOICE_NAME = "e-invoice.xml"
_FAULT_ERRORS: dict[str, tuple[type[ReadingError], str]] = {
    "malformed": (CorruptFile, "This e-invoice is not well-formed XML."),
    "forbidden": (PolicyViolation, "This XML declares a document type or an entity, which is not allowed."),
    "too_large": (TooLarge, f"This XML is larger than an e-invoice may be ({MAX_XML_BYTES // 2**20} MB)."),
    "no_invoice": (UnsupportedFile, "This is XML, but not an e-invoice of a known format."),
}


class InvoiceSource(PdfSource):
    """Page source with the rendered page; `einvoice` is the content of the XML."""

    generated = True

    def __init__(self, path: Path) -> None:
        """Read and render it; raises CorruptFile, PolicyViolation, TooLarge or UnsupportedFile."""
        with path.open("rb") as file:
            self.einvoice: EmbeddedXml = parse_embedded_xml(EINVOICE_NAME, file.read(MAX_XML_BYTES + 1))
        if self.einvoice.invoice is None:
            kind, words = _FAULT_ERRORS[self.einvoice.fault]
            raise kind(words)
        made = html_to_pdf(invoice_html(self.einvoice.invoice), CSS)
        self._document = pymupdf.open(stream=made, filetype="pdf")
        self.attachments = 0
