"""Rows built anew from boxes: columns, skew, glued labels."""

from dataclasses import replace

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import Span, bbox_of, lay_rows
from ingestion.domain.page.elements import PageReading
from ingestion.domain.page.orientation import back, lie_of, set_upright
from ingestion.domain.page.rotation import turned_box
from ingestion.domain.schemas import DISCHARGE_LETTER, INVOICE
from refinery.core.types import BoundingBox
from tests.domain.fields.drawing import draw, fields_of, normalized
from tests.domain.fields.test_clinical import LETTER
from tests.domain.fields.test_invoices import GERMAN


def tilted(page: PageReading, slope: float) -> PageReading:
    """Give the page with its lines falling `slope` pixels a pixel to the right."""
    words = []
    for word in page.words:
        fall = slope * word.bbox.x0 * page.width / page.height
        box = BoundingBox.clipped(word.bbox.x0, word.bbox.y0 + fall, word.bbox.x1, word.bbox.y1 + fall)
        words.append(replace(word, bbox=box))
    return replace(page, words=tuple(words))


def test_columns_are_parted_by_a_tab_and_neighbours_by_a_blank() -> None:
    (row,) = lay_rows([draw("Total due          9.00 EUR")]).rows
    assert row.text == "Total due\t9.00 EUR"
    assert [row.text[segment.start : segment.stop] for segment in row.segments] == ["Total due", "9.00 EUR"]


def test_a_span_boxes_the_words_it_touches() -> None:
    (row,) = lay_rows([draw("Total: 9.00 EUR")]).rows
    span = Span(row, 7, 11)
    assert [word.text for word in span.words] == ["9.00"]
    assert bbox_of([span]) == span.words[0].bbox
    assert bbox_of([]) is None


@pytest.mark.parametrize("slope", [-0.05, 0.03, 0.06])
def test_a_skewed_page_reads_like_a_straight_one(slope: float) -> None:
    page = tilted(draw(GERMAN), slope)
    found = {field.name: field.normalized for field in extract_fields([page], INVOICE)}
    assert found == normalized(GERMAN, INVOICE)


@pytest.mark.parametrize("lie", [1, 2, 3])
def test_a_page_that_lies_reads_like_one_that_stands_and_its_boxes_stay_where_it_shows_them(lie: int) -> None:
    upright = draw(GERMAN)
    shown = set_upright(upright, back(lie))
    assert lie_of(shown) == lie
    stood, lay = (
        {field.name: (field.normalized, field.bbox) for field in extract_fields([page], INVOICE)}
        for page in (upright, shown)
    )
    assert {name: found[0] for name, found in lay.items()} == {name: found[0] for name, found in stood.items()}
    for name, (_, box) in stood.items():
        there = lay[name][1]
        assert (box is None) == (there is None)
        if box and there:
            assert there.as_list() == pytest.approx(turned_box(box, back(lie)).as_list())


def test_a_few_lines_along_the_margin_turn_no_page_nor_does_a_script_from_the_right() -> None:
    page, aside = draw(GERMAN), set_upright(draw("Total due\nTo be paid soon"), 3)
    lines = max(word.line for word in page.words) + 1
    beside = tuple(replace(word, line=word.line + lines) for word in aside.words)
    assert lie_of(replace(page, words=(*page.words, *beside))) == 0
    hebrew = draw("סכום לתשלום 125\nחשבונית מספר 2024")  # noqa: RUF001 - Hebrew letters, not Latin look-alikes
    assert lie_of(replace(hebrew, words=hebrew.words[::-1])) == 0


def test_a_code_whose_letter_was_read_as_a_digit_is_mended_in_its_column() -> None:
    text = LETTER.replace("I50.23", "150.23")
    diagnoses = fields_of(text, DISCHARGE_LETTER)["diagnoses"]
    assert diagnoses.normalized == "I50.23,K21.9"
    assert diagnoses.features["typed_form"] == 0.0


def test_amounts_misread_by_a_letter_are_taken_only_without_a_better_one() -> None:
    assert normalized("SHOP\nTOTAL DUE:   1O.50\n", INVOICE)["total"] == "10.50"
    assert normalized("SHOP\nTOTAL DUE:   1O.50     11.50\n", INVOICE)["total"] == "11.50"
