"""Columns of a workbook widened to their values where its pages would cut them, and sheets that fit a page.

On paper a text ends at the next used cell, and a number that is too long becomes "###". A reviewer cannot widen a
column, so that is done here, in the sheets' XML; everything else stays unchanged.
"""

import re
from collections.abc import Iterable
from datetime import date
from html import escape
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZipFile

from ingestion.adapters.formats.office.package_parts import repack
from ingestion.adapters.formats.office.sheet_fitting import fit_to_page, last_drawn_column

_BYTES_TO = 32 * 2**20  # of a sheet; longer ones are not changed
_ROWS_TO = 5_000
_COLUMNS_TO = 200
_WIDEST = 60.0  # characters
_USUAL = 8.43
_MORE = 2.0  # characters of extra space
_COLS = re.compile(rb"<cols>(.*?)</cols>", re.DOTALL)
_COL = re.compile(rb"<col\b([^>]*?)/?>")
_ATTRIBUTE = re.compile(rb'(?<![A-Za-z])([A-Za-z]++)="([^"]*+)"')
_DEFAULT = re.compile(rb'<sheetFormatPr[^>]*\bdefaultColWidth="([\d.]+)"')

ColumnSettings = dict[str, str]


def widen_columns(content: bytes) -> bytes:
    """Return a workbook whose columns show their values; unchanged if it cannot be read."""
    from openpyxl import load_workbook

    changed: dict[str, bytes] = {}
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        with ZipFile(BytesIO(content)) as archive:
            sheets: list[Any] = list(book.worksheets)
            for sheet in sheets:
                name = sheet._worksheet_path.lstrip("/")  # noqa: SLF001 - openpyxl tells it in no other way
                if archive.getinfo(name).file_size <= _BYTES_TO:
                    changed[name] = _widened_sheet(archive.read(name), sheet, last_drawn_column(archive, name))
            return repack(archive, changed)
    except Exception:  # noqa: BLE001 - foreign files make parsers raise anything; the office program has its own
        return content


def _widened_sheet(xml: bytes, sheet: Any, drawn: int) -> bytes:  # noqa: ANN401 - openpyxl's read-only sheet has no type
    head, mark, rest = xml.partition(b"<sheetData")
    if not mark:
        return xml
    columns, beyond = _columns(head)
    usual = float(found[1]) if (found := _DEFAULT.search(head)) else _USUAL
    needs, last = _needed_widths(sheet, lambda place: float(columns.get(place, {}).get("width", usual)))
    for place, width in needs.items():
        columns.setdefault(place, {}).update({"width": f"{width:.2f}", "customWidth": "1"})
    if needs:
        written = "".join(_column_xml(place, place, columns[place]) for place in sorted(columns)) + beyond
        new = f"<cols>{written}</cols>".encode()
        head = _COLS.sub(lambda _: new, head, count=1) if _COLS.search(head) else head + new
    widths = [_shown_width(columns.get(place, {}), usual) for place in range(1, max(last, drawn) + 1)]
    return fit_to_page(head + mark + rest, widths)


def _shown_width(column: ColumnSettings, usual: float) -> float:
    return 0.0 if column.get("hidden") in {"1", "true"} else float(column.get("width", usual))


def _columns(head: bytes) -> tuple[dict[int, ColumnSettings], str]:
    """Return the settings of columns by number, and those of columns beyond the limit as XML."""
    columns: dict[int, ColumnSettings] = {}
    beyond = ""
    for found in _COL.finditer(inside[1] if (inside := _COLS.search(head)) else b""):
        own = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(found[1])}
        first, last = int(own.pop("min")), int(own.pop("max"))
        for place in range(first, min(last, _COLUMNS_TO) + 1):
            columns[place] = dict(own)
        if last > _COLUMNS_TO:
            beyond += _column_xml(max(first, _COLUMNS_TO + 1), last, own)
    return columns, beyond


def _column_xml(first: int, last: int, own: ColumnSettings) -> str:
    settings = "".join(f' {name}="{escape(value)}"' for name, value in own.items())
    return f'<col min="{first}" max="{last}"{settings}/>'


def _needed_widths(sheet: Any, width_of: Any) -> tuple[dict[int, float], int]:  # noqa: ANN401 - as above
    """Return the width of each column that is too narrow, and the last column that is used."""
    needs: dict[int, float] = {}
    last = 0
    for row in islice(sheet.iter_rows(max_col=_COLUMNS_TO), _ROWS_TO):
        for place, (cell, after) in enumerate(zip(row, [*row[1:], None], strict=True), 1):
            length = _length(cell.value, cut=after is not None and after.value is not None)
            if length > max(width_of(place), needs.get(place, 0.0)) and not _wraps(cell):
                needs[place] = min(length, _WIDEST)
            last = last if cell.value is None else max(last, place)
    return needs, last


def _length(value: object, *, cut: bool) -> float:
    """Return the characters that a value needs; 0 for a text whose next cell is empty."""
    if value is None or isinstance(value, bool):
        return 0.0
    if isinstance(value, int | float):
        return len(f"{value:,.12g}") + _MORE
    if isinstance(value, date):
        return 16 + _MORE
    return _longest(str(value).splitlines()) + _MORE if cut else 0.0


def _longest(lines: Iterable[str]) -> int:
    return max((len(line) for line in lines), default=0)


def _wraps(cell: Any) -> bool:  # noqa: ANN401 - as above
    return bool(cell.alignment and cell.alignment.wrap_text) and isinstance(cell.value, str)
