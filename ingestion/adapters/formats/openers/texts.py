"""Openers of texts, which are typeset; e-invoices in XML are rendered."""

from ingestion.adapters.formats.file_to_open import FileToOpen, PageOpener
from ingestion.adapters.formats.page_source import PageSource
from ingestion.domain.einvoice.detection import looks_like_einvoice
from ingestion.domain.formats.entries.texts import CSV, HTML, JSON, MARKDOWN, RST, TXT, XML

_HEAD = 4096


def _text(file: FileToOpen) -> PageSource:
    from ingestion.adapters.formats.text.open_text import TEXT_LAYOUTS, open_text

    return open_text(file.path, TEXT_LAYOUTS[file.media_type])


def _xml(file: FileToOpen) -> PageSource:
    with file.path.open("rb") as opened:
        if not looks_like_einvoice(opened.read(_HEAD)):
            return _text(file)
    from ingestion.adapters.formats.einvoice.source import InvoiceSource

    return InvoiceSource(file.path)


PAGE_OPENERS: dict[str, PageOpener] = {**dict.fromkeys((TXT, MARKDOWN, RST, HTML, CSV, JSON), _text), XML: _xml}
