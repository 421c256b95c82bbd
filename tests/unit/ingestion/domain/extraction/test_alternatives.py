"""Other readings of a field are whole values, never fragments of one."""

import pytest

from ingestion.domain.extraction.alternatives import find_alternatives
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.layout.text_rows import RowSpan, build_document_rows
from ingestion.domain.schemas.fields import FieldKind, FieldSpec
from tests.support.text_pages import native_page

AMOUNT = FieldSpec("total", "Total", FieldKind.MONEY)
NAME = FieldSpec("supplier", "Supplier", FieldKind.PARTY)
NUMBER = FieldSpec("invoice_number", "Number", FieldKind.IDENTIFIER)


def alternatives(spec: FieldSpec, text: str, *values: str) -> list[str]:
    """Return the alternatives among `values`, the best first; each is found at its first place in the text."""
    doc = build_document_rows((native_page(text),))
    ranked = []
    for value in values:
        row = next(row for row in doc.rows if value in row.text)
        start = row.text.index(value)
        span = RowSpan(row, start, start + len(value))
        ranked.append(FieldCandidate(value, value, (span,), "pattern", {"label": 0.0}))
    return [other.value for other in find_alternatives(spec, ranked, {1: 0.9})]


@pytest.mark.parametrize(
    ("spec", "text", "values", "expected"),
    [
        (AMOUNT, "Total 1.234,50", ("1.234,50", "234,50", "1.234"), []),
        (AMOUNT, "Paid 99.00\nTotal 1.234,50", ("99.00", "234,50", "1.234,50"), ["1.234,50"]),
        (AMOUNT, "Tip 5.00\nTotal 15.00", ("15.00", "5.00"), ["5.00"]),
        (AMOUNT, "Total EUR120.00\nNet 100.00", ("100.00", "120.00"), ["120.00"]),
        (NAME, "Northwind Robotics Ltd\nnorthwind", ("Northwind Robotics Ltd", "northwind"), []),
        (NAME, "Northwind Robotics Ltd\nAcme", ("Northwind Robotics Ltd", "Robotics", "Acme"), ["Acme"]),
        (NUMBER, "INV-2041\nINV-2042", ("INV-2041", "2041", "INV", "INV-2042"), ["INV-2042"]),
    ],
)
def test_alternatives_are_whole_values(
    spec: FieldSpec, text: str, values: tuple[str, ...], expected: list[str]
) -> None:
    assert alternatives(spec, text, *values) == expected
