"""Rows of values as tables on pages: narrow ones in portrait, wide ones in landscape, the widest in panels."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from math import ceil
from unicodedata import east_asian_width

from ingestion.adapters.formats.text.csv_dialect import csv_dialect
from ingestion.adapters.formats.text.decoding import decode
from ingestion.adapters.formats.text.printable import HtmlDocument, text_width_points
from ingestion.domain.errors import EmptyFile, TooLarge

Row = Sequence[str]

_ROWS = 60  # laid out at a time
_SAMPLE = 64 * 1024
_SEPARATOR = re.compile(r"\"?sep=([,;|\t])\"?\n", re.IGNORECASE)
_PAPERS = ((False, 10.0), (True, 9.0), (True, 7.5))  # landscape or not, and the size of the letters in points
_LETTER = 0.62  # of the size: width of a letter
_BROAD = {"m": 0.9, "w": 0.8, "M": 0.9, "W": 1.0, "@": 1.0, "%": 0.9, "—": 1.0, "…": 1.0}
_CAPITAL, _SQUARE = 0.8, 1.0  # the widest capital except those, and a letter of East Asia
_AROUND = 9.0  # points beside a cell's letters
_COLUMN = (3, 34)  # characters: the narrowest and the widest column
_CELL_TO = 1_000  # characters of a value that are placed in one row
_CELLS_TO = 2_000_000
_EVEN = 200  # rows that are examined


@dataclass(frozen=True, slots=True)
class Sheet:
    """Table with its name; the first row holds the names of the columns if `headed`."""

    rows: Sequence[Row]
    name: str = ""
    headed: bool = True


def csv_table(content: bytes) -> HtmlDocument:
    """Lay out values separated by commas, semicolons, tabs or bars; raises EmptyFile, TooLarge."""
    delimiter, text = _declared_delimiter(decode(content))
    csv.field_size_limit(2**20)
    try:
        read = csv.reader(StringIO(text, newline=""), delimiter=delimiter) if delimiter else _sniffed(text)
        rows = [[value.strip() for value in row] for row in read]
    except csv.Error:
        rows = [[line] for line in text.split("\n")]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise EmptyFile("There is no text in this file.")
    return tables([Sheet(rows)])


def tables(sheets: Sequence[Sheet]) -> HtmlDocument:
    """Lay out tables one after the other; raises TooLarge."""
    if sum(len(row) for sheet in sheets for row in sheet.rows) > _CELLS_TO:
        raise TooLarge("This table has more cells than can be laid out: split it.")
    lengths = [_lengths(sheet.rows) for sheet in sheets]
    for paper in _PAPERS:
        if all(sum(_points(length, paper[1]) for length in row) <= text_width_points(wide=paper[0]) for row in lengths):
            break
    wide, size = paper
    return HtmlDocument(_parts(sheets, lengths, paper), wide=wide, size=size)


def _parts(sheets: Sequence[Sheet], lengths: Sequence[Sequence[int]], paper: tuple[bool, float]) -> Iterator[str]:
    wide, size = paper
    for sheet, own in zip(sheets, lengths, strict=True):
        if sheet.name:
            yield f"<h3>{escape(sheet.name)}</h3>"
        for columns in _panels([_points(length, size) for length in own], text_width_points(wide=wide)):
            yield from _panel(sheet, columns)


def _panels(widths: Sequence[float], fits: float) -> Iterator[dict[int, float]]:
    """Divide the columns into panels that fit side by side; yield each panel's columns with their widths."""
    panel: dict[int, float] = {}
    for column, width in enumerate(widths):
        if panel and sum(panel.values()) + width > fits:
            yield panel
            panel = {}
        panel[column] = width
    if panel:
        yield panel


def _panel(sheet: Sheet, columns: dict[int, float]) -> Iterator[str]:
    for start in range(0, len(sheet.rows), _ROWS):
        rows = [short for row in sheet.rows[start : start + _ROWS] for short in _split_long_values(row)]
        lines = [_row(row, columns, named=sheet.headed and start + place == 0) for place, row in enumerate(rows)]
        yield f'<table class="ruled fixed">{"".join(lines)}</table>'


def _split_long_values(row: Row) -> Iterator[Row]:
    """Continue very long values in separate rows: a row is never longer than a page."""
    yield [value[:_CELL_TO] for value in row]
    for start in range(_CELL_TO, max(map(len, row), default=0), _CELL_TO):
        yield [value[start : start + _CELL_TO] for value in row]


def _row(row: Row, columns: dict[int, float], *, named: bool) -> str:
    tag = "th" if named else "td"
    cells = (
        f'<{tag} style="width:{width - _AROUND:.1f}pt">{escape(row[column]) if column < len(row) else ""}</{tag}>'
        for column, width in columns.items()
    )
    return f"<tr>{''.join(cells)}</tr>"


def _points(length: int, size: float) -> float:
    """Return a column's width for this number of characters."""
    return length * _LETTER * size + _AROUND


def _lengths(rows: Sequence[Row]) -> list[int]:
    """Return each column's width in characters, sufficient for nearly all of its values."""
    columns = max((len(row) for row in rows), default=0)
    return [_length([row[column] for row in rows[:_EVEN] if column < len(row)]) for column in range(columns)]


def _length(values: Sequence[str]) -> int:
    least, most = _COLUMN
    lengths = sorted(len(value) for value in values) or [0]
    usual = lengths[int(0.95 * (len(lengths) - 1))]
    word = max((_width_in_letters(word) for value in values for word in value[:_CELL_TO].split()), default=0)
    return max(least, min(most, max(usual, word)))


def _width_in_letters(word: str) -> int:
    """Return the width of a bold word in usual letters: one that does not fit would be broken anywhere."""
    return ceil(sum(map(_wide, word)) / _LETTER)


def _wide(letter: str) -> float:
    if letter in _BROAD:
        return _BROAD[letter]
    if letter.isascii():
        return _CAPITAL if letter.isupper() else _LETTER
    return _SQUARE if east_asian_width(letter) in "WF" else _CAPITAL


def _declared_delimiter(text: str) -> tuple[str, str]:
    """Remove a first line that declares the separator for Excel, "sep=;"; return the separator, and the rest."""
    found = _SEPARATOR.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _sniffed(text: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), csv_dialect(text[:_SAMPLE]))
