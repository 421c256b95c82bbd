"""Rows rebuilt from word boxes: columns, skew, merged labels."""

from dataclasses import replace

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import RowSpan, bbox_of, build_document_rows
from ingestion.domain.page.elements import PageReading
from ingestion.domain.page.orientation import detect_orientation, inverse_rotation, rotate_upright
from ingestion.domain.page.rotation import rotate_box
from ingestion.domain.schemas import DISCHARGE_LETTER, INVOICE
from refinery.core.types import BoundingBox
from tests.support.text_pages import fields_of, normalized, page_from_text
from tests.unit.ingestion.domain.extraction.test_clinical import LETTER
from tests.unit.ingestion.domain.extraction.test_invoices import GERMAN


def tilted(page: PageReading, slope: float) -> PageReading:
    """Return the page with lines that fall by `slope` pixels per pixel to the right."""
    words = []
    for word in page.words:
        fall = slope * word.bbox.x0 * page.width / page.height
        box = BoundingBox.clipped(word.bbox.x0, word.bbox.y0 + fall, word.bbox.x1, word.bbox.y1 + fall)
        words.append(replace(word, bbox=box))
    return replace(page, words=tuple(words))


def test_row_text_separates_columns_by_tab_and_words_by_space() -> None:
    (row,) = build_document_rows([page_from_text("Total due          9.00 EUR")]).rows
    assert row.text == "Total due\t9.00 EUR"
    assert [row.text[segment.start : segment.stop] for segment in row.segments] == ["Total due", "9.00 EUR"]


def test_span_box_covers_its_words() -> None:
    (row,) = build_document_rows([page_from_text("Total: 9.00 EUR")]).rows
    span = RowSpan(row, 7, 11)
    assert [word.text for word in span.words] == ["9.00"]
    assert bbox_of([span]) == span.words[0].bbox
    assert bbox_of([]) is None


@pytest.mark.parametrize("slope", [-0.05, 0.03, 0.06])
def test_skewed_page_gives_same_fields(slope: float) -> None:
    page = tilted(page_from_text(GERMAN), slope)
    found = {field.name: field.normalized for field in extract_fields(build_document_rows([page]), INVOICE)}
    assert found == normalized(GERMAN, INVOICE)


@pytest.mark.parametrize("lie", [1, 2, 3])
def test_rotated_page_gives_same_fields_with_boxes_on_shown_page(lie: int) -> None:
    upright = page_from_text(GERMAN)
    shown = rotate_upright(upright, inverse_rotation(lie))
    assert detect_orientation(shown) == lie
    stood, lay = (
        {field.name: (field.normalized, field.bbox) for field in extract_fields(build_document_rows([page]), INVOICE)}
        for page in (upright, shown)
    )
    assert {name: found[0] for name, found in lay.items()} == {name: found[0] for name, found in stood.items()}
    for name, (_, box) in stood.items():
        there = lay[name][1]
        assert (box is None) == (there is None)
        if box and there:
            assert there.as_list() == pytest.approx(rotate_box(box, inverse_rotation(lie)).as_list())


def test_margin_lines_and_right_to_left_script_do_not_rotate_page() -> None:
    page, aside = page_from_text(GERMAN), rotate_upright(page_from_text("Total due\nTo be paid soon"), 3)
    lines = max(word.line for word in page.words) + 1
    beside = tuple(replace(word, line=word.line + lines) for word in aside.words)
    assert detect_orientation(replace(page, words=(*page.words, *beside))) == 0
    hebrew = page_from_text("סכום לתשלום 125\nחשבונית מספר 2024")  # noqa: RUF001 - Hebrew letters, not Latin look-alikes
    assert detect_orientation(replace(hebrew, words=hebrew.words[::-1])) == 0


def test_misread_code_letter_is_corrected_in_its_column() -> None:
    text = LETTER.replace("I50.23", "150.23")
    diagnoses = fields_of(text, DISCHARGE_LETTER)["diagnoses"]
    assert diagnoses.normalized == "I50.23,K21.9"
    assert diagnoses.features["typed_form"] == 0.0


def test_amount_misread_by_a_letter_is_used_only_without_better_one() -> None:
    assert normalized("SHOP\nTOTAL DUE:   1O.50\n", INVOICE)["total"] == "10.50"
    assert normalized("SHOP\nTOTAL DUE:   1O.50     11.50\n", INVOICE)["total"] == "11.50"
