"""Rows of thousands of values take work in proportion to their number, counted in calls."""

from decimal import Decimal
from functools import partial

import pytest

from ingestion.domain.extraction import date_order_of_rows, extract_fields
from ingestion.domain.extraction.amount_sums import AmountSums, sum_signals
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.schemas import built_in_schema
from refinery.core.types import BoundingBox
from tests.support.call_counts import count_calls

MAX_GROWTH = 3.0  # for twice the values; comparing all pairs would be 4
NO_SUMS = AmountSums(frozenset(), frozenset(), frozenset(), frozenset(), Decimal(0))


def row_of(texts: list[str]) -> DocumentRows:
    """Return a document of one row with these words."""
    step = 0.9 / len(texts)
    words = tuple(
        Word(text, BoundingBox(n * step, 0.1, (n + 0.9) * step, 0.11), 0.9, WordSource.NATIVE, 0)
        for n, text in enumerate(texts)
    )
    return build_document_rows((PageReading(1, 1654, 2339, WordSource.NATIVE, 0.9, words),))


@pytest.mark.parametrize("text", ["01/02/2025", "1.00", "A00.1"])
def test_extract_fields_row_of_values_has_no_quadratic_growth(text: str) -> None:
    schema = built_in_schema("invoice")
    extract_fields(row_of([text]), schema)  # fills the caches
    few, many = (row_of([text] * count) for count in (400, 800))
    calls = [count_calls(partial(extract_fields, doc, schema)) for doc in (few, many)]
    assert calls[1] <= MAX_GROWTH * calls[0]


def test_date_order_row_of_dates_has_no_quadratic_growth() -> None:
    date_order_of_rows(row_of(["01/02/2025"]))
    few, many = (row_of(["01/02/2025"] * count) for count in (400, 800))
    assert count_calls(lambda: date_order_of_rows(many)) <= MAX_GROWTH * count_calls(lambda: date_order_of_rows(few))


@pytest.mark.parametrize(("between", "expected"), [(1, 1.0), (100, 0.0)])
def test_sum_signals_read_words_within_reach_of_the_amount(between: int, expected: float) -> None:
    doc = row_of(["CASH", *["paper"] * between, "0.03"])
    start = doc.rows[0].text.index("0.03")
    span = RowSpan(doc.rows[0], start, start + 4)
    assert sum_signals(FieldCandidate("0.03", "0.03", (span,), "label", {}), NO_SUMS)["payment_row"] == expected
