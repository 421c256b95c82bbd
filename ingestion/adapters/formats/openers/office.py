"""Openers of office files from their text, and of books; pages rendered by LibreOffice come as a PDF."""

from ingestion.adapters.formats.file_to_open import FileToOpen, PageOpener
from ingestion.adapters.formats.page_source import PageSource
from ingestion.domain.formats.entries.office import DOC, DOCX, EPUB, ODP, ODS, ODT, PPT, PPTX, RTF, XLS, XLSX


def _office_text(file: FileToOpen) -> PageSource:
    from ingestion.adapters.formats.office.open_office import open_office_text

    return open_office_text(file.path, file.media_type, file.password)


def _book(file: FileToOpen) -> PageSource:
    from ingestion.adapters.formats.office.open_office import open_book

    return open_book(file.path, file.media_type)


_OFFICE = (DOCX, XLSX, PPTX, ODT, ODS, ODP, RTF, DOC, XLS, PPT)
PAGE_OPENERS: dict[str, PageOpener] = {**dict.fromkeys(_OFFICE, _office_text), EPUB: _book}
