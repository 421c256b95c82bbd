"""Office files drawn from their text alone, where no office program makes their pages: and the reading says so."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from html import escape
from io import BytesIO
from itertools import islice
from typing import IO, Any

from ingestion.adapters.formats.office.opendocument import open_document
from ingestion.adapters.formats.text.decoding import decode, printable
from ingestion.adapters.formats.text.html_sanitizer import clean, parts_of
from ingestion.adapters.formats.text.plain_lines import lines
from ingestion.adapters.formats.text.printable import NEW_PAGE, Typescript
from ingestion.adapters.formats.text.spreadsheet_tables import Sheet, tables
from ingestion.domain.errors import CorruptFile, EmptyFile, UnsupportedFile
from ingestion.domain.formats.office import DOCX, ODP, ODS, ODT, PPTX, RTF, XLSX

_ROWS_TO = 100_000
_COLUMNS_TO = 500


def text_of(content: bytes, media_type: str) -> Typescript:
    """Lay out an office file's text; raises CorruptFile, EmptyFile, TooLarge, UnsupportedFile."""
    way = _WAYS.get(media_type)
    if way is None:
        raise UnsupportedFile("Office files of this old kind are read only where LibreOffice is installed.")
    try:
        return way(BytesIO(content))
    except (EmptyFile, UnsupportedFile, CorruptFile):
        raise
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,
        RuntimeError,
    ) as broken:
        raise CorruptFile("This document is damaged.") from broken


def _word(file: IO[bytes]) -> Typescript:
    import mammoth

    return Typescript(
        parts_of(clean(mammoth.convert_to_html(file).value).replace("<table>", '<table class="ruled">'))
    )


def _workbook(file: IO[bytes]) -> Typescript:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [Sheet(_rows(sheet), sheet.title, headed=False) for sheet in book.worksheets]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise EmptyFile("There is no text in this file.")
    return tables(filled)


def _rows(sheet: Any) -> list[list[str]]:  # noqa: ANN401 - openpyxl's read-only sheet has no type of its own
    rows = [
        [_value(value) for value in row[:_COLUMNS_TO]]
        for row in islice(sheet.iter_rows(values_only=True), _ROWS_TO)
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(
        (max((place for place, value in enumerate(row, 1) if value), default=0) for row in rows), default=0
    )
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


def _slides(file: IO[bytes]) -> Typescript:
    from pptx import Presentation

    return Typescript(_slide_parts(Presentation(file)), wide=True, size=13.0)


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


def _rich_text(file: IO[bytes]) -> Typescript:
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(decode(file.read()), errors="replace")
    return Typescript(lines(printable(text).split("\n")))


_WAYS: dict[str, Callable[[IO[bytes]], Typescript]] = {
    DOCX: _word, XLSX: _workbook, PPTX: _slides, RTF: _rich_text, ODT: open_document, ODS: open_document,
    ODP: open_document,
}  # fmt: skip
