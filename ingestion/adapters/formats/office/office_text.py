"""Office files rendered from their text only, if no office program is available; the reading has a note of it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from html import escape
from io import BytesIO
from itertools import islice
from typing import IO, Any

from ingestion.adapters.formats.office.opendocument import open_document
from ingestion.adapters.formats.text.decoding import decode, printable
from ingestion.adapters.formats.text.html_sanitizer import clean_html, split_html
from ingestion.adapters.formats.text.plain_lines import lines_html
from ingestion.adapters.formats.text.printable import NEW_PAGE, HtmlDocument
from ingestion.adapters.formats.text.spreadsheet_tables import Sheet, tables
from ingestion.domain.errors import CorruptFile, EmptyFile, UnsupportedFile
from ingestion.domain.formats.entries.office import DOCX, ODP, ODS, ODT, PPTX, RTF, XLSX

_ROWS_TO = 100_000
_COLUMNS_TO = 500


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


def _word(file: IO[bytes]) -> HtmlDocument:
    import mammoth

    return HtmlDocument(
        split_html(clean_html(mammoth.convert_to_html(file).value).replace("<table>", '<table class="ruled">'))
    )


def _workbook(file: IO[bytes]) -> HtmlDocument:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [Sheet(_rows(sheet), sheet.title, headed=False) for sheet in book.worksheets]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise EmptyFile("There is no text in this file.")
    return tables(filled)


def _rows(sheet: Any) -> list[list[str]]:  # noqa: ANN401 - openpyxl's read-only sheet has no type of its own
    rows = [
        [_value(value) for value in row[:_COLUMNS_TO]] for row in islice(sheet.iter_rows(values_only=True), _ROWS_TO)
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((max((place for place, value in enumerate(row, 1) if value), default=0) for row in rows), default=0)
    return [row[:width] for row in rows]


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return printable(str(value))


def _slides(file: IO[bytes]) -> HtmlDocument:
    from pptx import Presentation

    return HtmlDocument(_slide_parts(Presentation(file)), wide=True, size=13.0)


def _slide_parts(shown: Any) -> Iterator[str]:  # noqa: ANN401 - python-pptx is untyped
    for slide in shown.slides:
        yield NEW_PAGE
        for shape in slide.shapes:
            yield from _shape(shape, title=shape == slide.shapes.title)
        spoken = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        if spoken is not None and spoken.text.strip():
            yield f"<hr><p><i>{escape(printable(spoken.text))}</i></p>"


def _shape(shape: Any, *, title: bool) -> Iterator[str]:  # noqa: ANN401 - as above
    if shape.has_text_frame and shape.text_frame.text.strip():
        tag = "h1" if title else "p"
        for paragraph in shape.text_frame.paragraphs:
            yield f"<{tag}>{escape(printable(paragraph.text))}</{tag}>"
    elif getattr(shape, "has_table", False) and shape.has_table:
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(printable(cell.text))}</td>' for cell in row.cells)}</tr>"
            for row in shape.table.rows
        )
        yield f'<table class="ruled">{rows}</table>'
    for inner in getattr(shape, "shapes", ()):
        yield from _shape(inner, title=False)


def _rich_text(file: IO[bytes]) -> HtmlDocument:
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(decode(file.read()), errors="replace")
    return HtmlDocument(lines_html(printable(text).split("\n")))


_TEXT_LAYOUTS: dict[str, Callable[[IO[bytes]], HtmlDocument]] = {
    DOCX: _word,
    XLSX: _workbook,
    PPTX: _slides,
    RTF: _rich_text,
    ODT: open_document,
    ODS: open_document,
    ODP: open_document,
}
