"""Separator of the values of a CSV file: the one that divides nearly all lines, and most of them alike.

Commas are the last choice, because they are also decimal signs and punctuation.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from io import StringIO

_DELIMITERS = "\t;|,"
_DIVIDED_FROM = 0.6  # of the lines


def csv_dialect(sample: str) -> type[csv.Dialect]:
    """Detect the dialect of a text; that of Excel if no separator divides it."""
    delimiter = _delimiter(sample)
    try:
        found = csv.Sniffer().sniff(sample, delimiter or _DELIMITERS)
    except csv.Error:
        found = type("found", (csv.excel,), {})
    if delimiter:
        found.delimiter = delimiter
    return found


def _delimiter(sample: str) -> str:
    rated = [(_evenness(_column_counts(sample, delimiter)), delimiter) for delimiter in _DELIMITERS]
    best, delimiter = max(rated, key=lambda one: one[0])  # the first one of equals
    return delimiter if best else ""


def _column_counts(sample: str, delimiter: str) -> list[int]:
    try:
        rows = list(csv.reader(StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return []
    return [len(row) for row in rows if any(value.strip() for value in row)]


def _evenness(counts: Sequence[int]) -> float:
    """Return the share of lines with the usual number of columns, 0 if too few lines are divided."""
    if sum(count > 1 for count in counts) < _DIVIDED_FROM * max(len(counts), 1):
        return 0.0
    return Counter(count for count in counts if count > 1).most_common(1)[0][1] / len(counts)
