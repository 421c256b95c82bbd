"""The separator of a CSV file is distinguished from decimal commas and from the punctuation of its texts."""

import csv
from io import StringIO

import pytest

from ingestion.adapters.formats.text.csv_dialect import csv_dialect


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("A\tB\tC\n1,1\t2,2\t3,3\n4,4\t5,5\t6,6\n", ["1,1", "2,2", "3,3"]),
        ("A;B;C;D\n1,1;2,2;3,3;4,1\n1,1;2,2;3,3;4,1\n", ["1,1", "2,2", "3,3", "4,1"]),
        ("Datum;Betrag;Text\n01.02.2026;1.234,56;a, b, c, d\n", ["01.02.2026", "1.234,56", "a, b, c, d"]),
        ('Name,Amount\n"Müller, Co","1.234,56"\n"B, C","2,00"\n', ["Müller, Co", "1.234,56"]),
        ("Name,Amount,Date\nHammer,12.50,2026-03-04\nSaw,19.90,2026-03-05\n", ["Hammer", "12.50", "2026-03-04"]),
        ("Rechnung;4711\nDatum;01.02.2026\n\nPos;Menge;Preis\n1;2;3,50\n", ["Datum", "01.02.2026"]),
        ("Name, Vorname;Ort, Land\nMüller, Eva;Köln, DE\nMeier, Jan;Bonn, DE\n", ["Müller, Eva", "Köln, DE"]),
        ("Name\tNotiz\nA\tx, y; z\nB\tq; r\n", ["A", "x, y; z"]),
        ("a|b|c\n1,5|2;5|3,5\n", ["1,5", "2;5", "3,5"]),
        ("a;b\n'x;y';2\n'z;z';3\n", ["x;y", "2"]),
        ('a, b\n1, "x, y"\n2, "z, z"\n', ["1", "x, y"]),
    ],
)
def test_csv_dialect_divides_lines_at_the_separator(text: str, second: list[str]) -> None:
    rows = list(csv.reader(StringIO(text, newline=""), csv_dialect(text)))
    assert [value.strip() for value in rows[1]] == second


def test_csv_dialect_of_a_text_without_separator_keeps_lines_whole() -> None:
    assert list(csv.reader(StringIO("one\ntwo\n"), csv_dialect("one\ntwo\n"))) == [["one"], ["two"]]
    assert list(csv.reader(StringIO(""), csv_dialect(""))) == []
