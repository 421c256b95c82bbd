"""Office files rendered from their text only, if no office program is available; the reading has a note of it."""

from collections.abc import Callable
from io import BytesIO
from typing import IO

from ingestion.adapters.formats.office.opendocument import open_document
from ingestion.adapters.formats.office.rich_text import rich_text
from ingestion.adapters.formats.office.slides_text import slides_text
from ingestion.adapters.formats.office.word_text import word_text
from ingestion.adapters.formats.office.workbook_text import workbook_text
from ingestion.adapters.formats.text.printable import HtmlDocument
from ingestion.domain.errors import CorruptFile, EmptyFile, UnsupportedFile
from ingestion.domain.formats.entries.office import DOCX, ODP, ODS, ODT, PPTX, RTF, XLSX


def lay_out_office_text(content: bytes, media_type: str) -> HtmlDocument:
    """Lay out an office file's text; raises CorruptFile, EmptyFile, TooLarge, UnsupportedFile."""
    way = _TEXT_LAYOUTS.get(media_type)
    if way is None:
        raise UnsupportedFile("Office files of this old kind are read only where LibreOffice is installed.")
    try:
        return way(BytesIO(content))
    except (EmptyFile, UnsupportedFile, CorruptFile):
        raise
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError, RuntimeError) as broken:
        raise CorruptFile("This document is damaged.") from broken


_TEXT_LAYOUTS: dict[str, Callable[[IO[bytes]], HtmlDocument]] = {
    DOCX: word_text,
    XLSX: workbook_text,
    PPTX: slides_text,
    RTF: rich_text,
    ODT: open_document,
    ODS: open_document,
    ODP: open_document,
}
