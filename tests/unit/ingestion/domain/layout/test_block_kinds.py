"""Block kinds: titles, paragraphs, lists, and the marks among them."""

import pytest

from ingestion.domain.page.elements import BlockKind, Word
from ingestion.domain.page.marks import CheckBoxMark, PageMarks
from refinery.core.types import BoundingBox
from tests.support.page_words import HIGH, analyzed, kinds_and_texts, of_kind, place_lines, place_text, text_of

RUNNING_TEXT = (
    "the goods were sent to the northern branch by ship",
    "and have not been paid for until now although they",
    "were asked for in writing before the end of march",
)


def test_large_line_is_title() -> None:
    words = place_text("Terms of delivery", 0.1, 0.1, size=1.7) + place_lines(RUNNING_TEXT, 0.1, 0.16)
    assert kinds_and_texts(analyzed(words)) == [("title", "Terms of delivery"), ("paragraph", " ".join(RUNNING_TEXT))]


def test_bold_line_above_sentences_is_title() -> None:
    head = place_text("Terms of delivery", 0.1, 0.1)
    words = head + place_lines(RUNNING_TEXT, 0.1, 0.116)
    layout = analyzed(words, PageMarks(bold=frozenset(word.bbox for word in head)))
    assert kinds_and_texts(layout) == [("title", "Terms of delivery"), ("paragraph", " ".join(RUNNING_TEXT))]


def test_bold_sentence_is_not_title() -> None:
    head = place_text("Please pay before the end of March.", 0.1, 0.1)
    words = head + place_lines(RUNNING_TEXT, 0.1, 0.15)
    layout = analyzed(words, PageMarks(bold=frozenset(word.bbox for word in head)))
    assert {kind for kind, _ in kinds_and_texts(layout)} == {"paragraph"}


def test_large_digits_alone_are_not_title() -> None:
    words = place_text("1,284.50", 0.1, 0.1, size=1.7) + place_lines(RUNNING_TEXT, 0.1, 0.16)
    assert kinds_and_texts(analyzed(words))[0][0] == "paragraph"


def test_white_space_separates_paragraphs() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.1) + place_lines(RUNNING_TEXT, 0.1, 0.165)
    assert kinds_and_texts(analyzed(words)) == [("paragraph", " ".join(RUNNING_TEXT))] * 2


@pytest.mark.parametrize("marks", [("•", "•", "•"), ("-", "-", "-"), ("1.", "2.", "3."), ("a)", "b)", "c)")])
def test_list_items_make_a_list(marks: tuple[str, ...]) -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.1)
    for row, (mark, line) in enumerate(zip(marks, RUNNING_TEXT, strict=True)):
        words += place_text(mark, 0.1, 0.18 + row * 0.016) + place_text(line, 0.13, 0.18 + row * 0.016)
    layout = analyzed(words + place_lines(RUNNING_TEXT, 0.1, 0.26))
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["paragraph", "list", "paragraph"]
    assert text_of(layout, layout.blocks[1]) == " ".join(f"{m} {t}" for m, t in zip(marks, RUNNING_TEXT, strict=True))


def test_two_line_item_stays_in_its_list() -> None:
    words: list[Word] = []
    for row, line in enumerate(RUNNING_TEXT):
        y = 0.1 + row * 0.032
        words += (
            place_text("•", 0.1, y) + place_text(line, 0.13, y) + place_text("and that was all of it", 0.13, y + 0.016)
        )
    assert [kind for kind, _ in kinds_and_texts(analyzed(words))] == ["list"]


def square(x: float, y: float) -> BoundingBox:
    return BoundingBox(x, y, x + 0.016, y + 0.0113)


def check_boxes(y: float, ticked: int) -> tuple[list[Word], tuple[CheckBoxMark, ...]]:
    """Place three labelled check boxes in a row."""
    words, boxes = [], []
    for place, label in enumerate(("By post", "By telephone", "In person")):
        x = 0.1 + 0.25 * place
        boxes.append(CheckBoxMark(square(x, y), place == ticked))
        words += place_text(label, x + 0.026, y)
    return words, tuple(boxes)


@pytest.mark.parametrize("ticked", [0, 1, 2])
def test_check_boxes_report_state_and_label(ticked: int) -> None:
    words, boxes = check_boxes(0.3, ticked)
    layout = analyzed(place_lines(RUNNING_TEXT, 0.1, 0.2) + words, PageMarks(check_boxes=boxes))
    found = of_kind(layout, BlockKind.CHECK_BOX)
    labels = ("By post", "By telephone", "In person")
    assert [(text_of(layout, box), box.checked) for box in found] == [
        (label, place == ticked) for place, label in enumerate(labels)
    ]
    assert [box.bbox for box in found] == [mark.bbox for mark in boxes]


def test_check_box_labels_are_not_a_table() -> None:
    words: list[Word] = []
    boxes: list[CheckBoxMark] = []
    for row in range(4):
        made, marks = check_boxes(0.3 + 0.02 * row, row % 3)
        words += made
        boxes += marks
    layout = analyzed(words, PageMarks(check_boxes=tuple(boxes)))
    assert BlockKind.TABLE not in {block.kind for block in layout.blocks}
    assert len(of_kind(layout, BlockKind.CHECK_BOX)) == 12


def test_check_box_right_of_label_gets_label() -> None:
    layout = analyzed(
        place_text("Insured", 0.1, 0.3), PageMarks(check_boxes=(CheckBoxMark(square(0.18, 0.3), checked=True),))
    )
    assert [text_of(layout, box) for box in of_kind(layout, BlockKind.CHECK_BOX)] == ["Insured"]


def test_check_box_without_label_is_kept() -> None:
    layout = analyzed(
        place_lines(RUNNING_TEXT, 0.1, 0.2), PageMarks(check_boxes=(CheckBoxMark(square(0.5, 0.6), checked=False),))
    )
    box = of_kind(layout, BlockKind.CHECK_BOX)[0]
    assert (box.start, box.stop, box.checked) == (len(layout.words), len(layout.words), False)


def test_square_letter_is_not_check_box() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.2)
    word = max(words, key=lambda one: one.bbox.width)
    middle = (word.bbox.x0 + word.bbox.x1) / 2
    letter = BoundingBox(middle - 0.005, word.bbox.y0, middle + 0.005, word.bbox.y1)
    layout = analyzed(words, PageMarks(check_boxes=(CheckBoxMark(letter, checked=False),)))
    assert not of_kind(layout, BlockKind.CHECK_BOX)


def test_stamp_contains_its_words() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.2) + place_lines(("RECEIVED", "12 MAR 2024"), 0.62, 0.42)
    layout = analyzed(words, PageMarks(stamps=(BoundingBox(0.6, 0.4, 0.85, 0.48),)))
    assert kinds_and_texts(layout) == [("paragraph", " ".join(RUNNING_TEXT)), ("stamp", "RECEIVED 12 MAR 2024")]
    assert layout.blocks[1].bbox.as_list() == pytest.approx((0.6, 0.4, 0.85, 0.48))


STROKE = BoundingBox(0.12, 0.5, 0.35, 0.55)


def test_strokes_above_signature_line_are_signature() -> None:
    line = BoundingBox(0.1, 0.552, 0.4, 0.553)
    layout = analyzed(place_lines(RUNNING_TEXT, 0.1, 0.2), PageMarks(strokes=(STROKE,), rulings=(line,)))
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["paragraph", "signature"]


def test_strokes_beside_signature_label_are_signature() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.2) + place_text("Signature", 0.12, 0.565)
    layout = analyzed(words, PageMarks(strokes=(STROKE,)))
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["paragraph", "signature", "paragraph"]


def test_isolated_strokes_are_not_signature() -> None:
    layout = analyzed(place_lines(RUNNING_TEXT, 0.1, 0.2), PageMarks(strokes=(STROKE,)))
    assert not of_kind(layout, BlockKind.SIGNATURE)


def test_print_on_signature_line_is_not_signature() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.2) + place_text("Ada Fenwick", 0.14, 0.52)
    line = BoundingBox(0.1, 0.552, 0.4, 0.553)
    layout = analyzed(words, PageMarks(strokes=(STROKE,), rulings=(line,)))
    assert not of_kind(layout, BlockKind.SIGNATURE)
    assert "Ada Fenwick" in [text for _, text in kinds_and_texts(layout)]


def test_picture_behind_most_words_is_background() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.2)
    layout = analyzed(words, PageMarks(pictures=(BoundingBox(0.05, 0.1, 0.95, 0.6),)))
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["paragraph"]


def test_words_on_figure_belong_to_figure() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.2) + place_text("Harbour", 0.3, 0.5)
    layout = analyzed(words, PageMarks(pictures=(BoundingBox(0.2, 0.4, 0.7, 0.6),)))
    assert kinds_and_texts(layout) == [("paragraph", " ".join(RUNNING_TEXT)), ("figure", "Harbour")]


def test_page_with_marks_only_has_blocks() -> None:
    layout = analyzed(
        [], PageMarks(pictures=(BoundingBox(0.2, 0.4, 0.7, 0.6),), check_boxes=(CheckBoxMark(square(0.1, 0.1), True),))
    )
    assert [block.kind for block in layout.blocks] == [BlockKind.FIGURE, BlockKind.CHECK_BOX]


def test_block_height_equals_font_height() -> None:
    layout = analyzed(place_text("one two", 0.1, 0.1))
    assert layout.blocks[0].bbox.height == pytest.approx(HIGH)


def test_unread_bullets_still_make_a_list() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.1) + place_lines(RUNNING_TEXT, 0.13, 0.18)
    dots = tuple(BoundingBox(0.11, y + 0.004, 0.115, y + 0.008) for y in (0.18, 0.196, 0.212))
    layout = analyzed(words, PageMarks(bullets=dots))
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["paragraph", "list"]


def test_dash_between_words_is_not_bullet() -> None:
    words = [
        *place_lines(RUNNING_TEXT, 0.1, 0.1),
        *place_text("from here", 0.1, 0.18),
        *place_text("to there", 0.21, 0.18),
    ]
    layout = analyzed(words, PageMarks(bullets=(BoundingBox(0.195, 0.185, 0.2, 0.187),)))
    assert "list" not in {kind for kind, _ in kinds_and_texts(layout)}
