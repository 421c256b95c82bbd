"""Rows of values as tables on pages: narrow ones upright, wide ones on their side, the widest in panels."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from math import ceil
from unicodedata import east_asian_width

from ingestion.adapters.formats.text.decoding import decode
from ingestion.adapters.formats.text.printable import Typescript, width_of
from ingestion.domain.errors import EmptyFile, TooLarge

Row = Sequence[str]

_ROWS = 60  # that are laid out at once
_SAMPLE = 64 * 1024
_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"\"?sep=([,;|\t])\"?\n", re.IGNORECASE)
_PAPERS = ((False, 10.0), (True, 9.0), (True, 7.5))  # on its side or not, and the size of the letters in points
_LETTER = 0.62  # of the size: how wide a letter is
_BROAD = {"m": 0.9, "w": 0.8, "M": 0.9, "W": 1.0, "@": 1.0, "%": 0.9, "—": 1.0, "…": 1.0}
_CAPITAL, _SQUARE = 0.8, 1.0  # the widest capital but those, and a letter of East Asia
_AROUND = 9.0  # points beside a cell's letters
_COLUMN = (3, 34)  # characters: the narrowest and the widest that a column is given
_CELL_TO = 1_000  # characters of a value that stand in one row
_CELLS_TO = 2_000_000
_EVEN = 200  # rows that are looked at


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name; the first row holds the names of the columns where `headed`."""

    rows: Sequence[Row]
    name: str = ""
    headed: bool = True


def csv_table(content: bytes) -> Typescript:
    """Lay out values parted by commas, semicolons, tabs or bars; raises EmptyFile, TooLarge."""
    told, text = _told(decode(content))
    csv.field_size_limit(2**20)
    try:
        read = csv.reader(StringIO(text, newline=""), delimiter=told) if told else _sniffed(text)
        rows = [[value.strip() for value in row] for row in read]
    except csv.Error:
        rows = [[line] for line in text.split("\n")]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise EmptyFile("There is no text in this file.")
    return tables([Sheet(rows)])


def tables(sheets: Sequence[Sheet]) -> Typescript:
    """Lay out tables one after the other; raises TooLarge."""
    if sum(len(row) for sheet in sheets for row in sheet.rows) > _CELLS_TO:
        raise TooLarge("This table has more cells than can be laid out: split it.")
    lengths = [_lengths(sheet.rows) for sheet in sheets]
    for paper in _PAPERS:
        if all(sum(_points(length, paper[1]) for length in row) <= width_of(wide=paper[0]) for row in lengths):
            break
    wide, size = paper
    return Typescript(_parts(sheets, lengths, paper), wide=wide, size=size)


def _parts(sheets: Sequence[Sheet], lengths: Sequence[Sequence[int]], paper: tuple[bool, float]) -> Iterator[str]:
    wide, size = paper
    for sheet, own in zip(sheets, lengths, strict=True):
        if sheet.name:
            yield f"<h3>{escape(sheet.name)}</h3>"
        for columns in _panels([_points(length, size) for length in own], width_of(wide=wide)):
            yield from _panel(sheet, columns)


def _panels(widths: Sequence[float], fits: float) -> Iterator[dict[int, float]]:
    """Part the columns into as many as fit side by side; gives each panel's columns with their widths."""
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
        rows = [short for row in sheet.rows[start : start + _ROWS] for short in _shortened(row)]
        lines = [_row(row, columns, named=sheet.headed and start + place == 0) for place, row in enumerate(rows)]
        yield f'<table class="ruled fixed">{"".join(lines)}</table>'


def _shortened(row: Row) -> Iterator[Row]:
    """Go on with very long values in rows of their own: a row is never longer than a page."""
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
    """Give a column's width for so many characters."""
    return length * _LETTER * size + _AROUND


def _lengths(rows: Sequence[Row]) -> list[int]:
    """Give each column's width in characters: what nearly all of its values need."""
    columns = max((len(row) for row in rows), default=0)
    return [_length([row[column] for row in rows[:_EVEN] if column < len(row)]) for column in range(columns)]


def _length(values: Sequence[str]) -> int:
    least, most = _COLUMN
    lengths = sorted(len(value) for value in values) or [0]
    usual = lengths[int(0.95 * (len(lengths) - 1))]
    word = max((_breadth(word) for value in values for word in value[:_CELL_TO].split()), default=0)
    return max(least, min(most, max(usual, word)))


def _breadth(word: str) -> int:
    """Give how many usual letters a word is as wide as, set bold: one that does not fit is broken anywhere."""
    return ceil(sum(map(_wide, word)) / _LETTER)


def _wide(letter: str) -> float:
    if letter in _BROAD:
        return _BROAD[letter]
    if letter.isascii():
        return _CAPITAL if letter.isupper() else _LETTER
    return _SQUARE if east_asian_width(letter) in "WF" else _CAPITAL


def _told(text: str) -> tuple[str, str]:
    """Take off a first line that tells Excel what parts the values, "sep=;"; gives what it told, and the rest."""
    found = _SEPARATOR.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _sniffed(text: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), _dialect(text[:_SAMPLE]))


def _dialect(sample: str) -> type[csv.Dialect]:
    """Find out what parts the values; a comma where nothing tells."""
    try:
        return csv.Sniffer().sniff(sample, _DELIMITERS)
    except csv.Error:
        return csv.excel
