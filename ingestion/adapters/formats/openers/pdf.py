"""Openers of PDF files: their pages, and the files attached to them."""

from collections.abc import Iterator

from ingestion.adapters.formats.containers.contained_file import ContainerItem
from ingestion.adapters.formats.file_to_open import ContainerOpener, FileToOpen, PageOpener
from ingestion.adapters.formats.page_source import PageSource
from ingestion.domain.formats.entries.pdf import PDF


def _pages(file: FileToOpen) -> PageSource:
    from ingestion.adapters.formats.pdf.document import PdfSource

    return PdfSource(file.path, file.password, generated=file.generated)


def _attachments(file: FileToOpen) -> Iterator[ContainerItem]:
    from ingestion.adapters.formats.containers.pdf_portfolio import open_portfolio

    return open_portfolio(file.path, file.depth, file.limits, file.password)


PAGE_OPENERS: dict[str, PageOpener] = {PDF: _pages}
CONTAINER_OPENERS: dict[str, ContainerOpener] = {PDF: _attachments}
