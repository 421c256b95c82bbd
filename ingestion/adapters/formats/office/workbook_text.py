"""Workbook as tables of its values, with its pictures; results of formulas that nobody has computed are marked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO
from itertools import chain, islice, repeat
from typing import IO, Any
from zipfile import ZipFile

from ingestion.adapters.formats.office.definite_dates import with_definite_dates
from ingestion.adapters.formats.office.formula_results import UNCALCULATED, formula_results
from ingestion.adapters.formats.text.decoding import printable
from ingestion.adapters.formats.text.embedded_pictures import picture_html
from ingestion.adapters.formats.text.printable import HtmlDocument
from ingestion.adapters.formats.text.spreadsheet_tables import Sheet, tables
from ingestion.domain.errors import EmptyFile
from ingestion.domain.formats.entries.office import XLSX
from ingestion.domain.page.notes import Note

_ROWS_TO = 100_000
_COLUMNS_TO = 500
_MEDIA = "xl/media/"
_UNKNOWN = (None, 0, time())  # results of a formula that may mean that there is none; the last one is a zero as a date


def workbook_text(file: IO[bytes]) -> HtmlDocument:
    """Lay out a workbook (XLSX); raises EmptyFile, TooLarge."""
    content = with_definite_dates(file.read())
    sheets = [sheet for sheet in _sheets(content) if sheet.rows]
    pictures = [shown for shown in _pictures(content) if shown]
    if not sheets and not pictures:
        raise EmptyFile("There is no text in this file.")
    document = tables(sheets) if sheets else HtmlDocument(())
    unknown = any(UNCALCULATED in row for sheet in sheets for row in sheet.rows)
    notes = (Note.UNCALCULATED.value,) if unknown else ()
    return replace(document, parts=chain(document.parts, pictures), notes=notes)


def _sheets(content: bytes) -> Iterator[Sheet]:
    results = formula_results(content, XLSX)
    marked = results.missing > 0 or results.zeros_are_unknown
    unknown = _UNKNOWN if results.zeros_are_unknown else _UNKNOWN[:1]
    formulas = _book(content, values=False).worksheets if marked else repeat(None)
    for sheet, formula_sheet in zip(_book(content, values=True).worksheets, formulas, strict=False):
        yield Sheet(_rows(_values(sheet, formula_sheet, unknown)), sheet.title, headed=False)


def _book(content: bytes, *, values: bool) -> Any:  # noqa: ANN401 - openpyxl's read-only sheets have no type
    from openpyxl import load_workbook

    return load_workbook(BytesIO(content), read_only=True, data_only=values, keep_links=False)


def _values(sheet: Any, formula_sheet: Any, unknown: Sequence[object]) -> Iterator[list[str]]:  # noqa: ANN401 - as above
    """Yield the rows of a sheet as text; `formula_sheet` holds its formulas in place of their results."""
    rows = islice(sheet.iter_rows(values_only=True), _ROWS_TO)
    if formula_sheet is None:
        yield from ([_text(value) for value in row[:_COLUMNS_TO]] for row in rows)
        return
    for row, formulas in zip(rows, formula_sheet.iter_rows(), strict=False):
        yield [
            UNCALCULATED if value in unknown and cell.data_type == "f" else _text(value)
            for value, cell in islice(zip(row, formulas, strict=False), _COLUMNS_TO)
        ]


def _rows(values: Iterator[list[str]]) -> list[list[str]]:
    rows = list(values)
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((max((place for place, value in enumerate(row, 1) if value), default=0) for row in rows), default=0)
    return [row[:width] for row in rows]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return printable(str(value))


def _pictures(content: bytes) -> Iterator[str]:
    with ZipFile(BytesIO(content)) as archive:
        for name in sorted(name for name in archive.namelist() if name.startswith(_MEDIA)):
            yield picture_html(archive.read(name))
