"""What a block is: titles, paragraphs, lists, and the marks among them."""

import pytest

from ingestion.domain.page.elements import BlockKind, Word
from ingestion.domain.page.marks import BoxMark, PageMarks
from refinery.core.types import BoundingBox
from tests.domain.arranging.setting import HIGH, laid, of_kind, put, put_lines, text_of, told

TALE = (
    "the goods were sent to the northern branch by ship",
    "and have not been paid for until now although they",
    "were asked for in writing before the end of march",
)


def test_a_large_line_is_a_title() -> None:
    words = put("Terms of delivery", 0.1, 0.1, size=1.7) + put_lines(TALE, 0.1, 0.16)
    assert told(laid(words)) == [("title", "Terms of delivery"), ("paragraph", " ".join(TALE))]


def test_a_bold_line_of_the_same_size_above_sentences_is_a_title() -> None:
    head = put("Terms of delivery", 0.1, 0.1)
    words = head + put_lines(TALE, 0.1, 0.116)
    layout = laid(words, PageMarks(bold=frozenset(word.bbox for word in head)))
    assert told(layout) == [("title", "Terms of delivery"), ("paragraph", " ".join(TALE))]


def test_a_sentence_that_is_bold_is_no_title() -> None:
    head = put("Please pay before the end of March.", 0.1, 0.1)
    words = head + put_lines(TALE, 0.1, 0.15)
    layout = laid(words, PageMarks(bold=frozenset(word.bbox for word in head)))
    assert {kind for kind, _ in told(layout)} == {"paragraph"}


def test_large_digits_alone_are_no_title() -> None:
    words = put("1,284.50", 0.1, 0.1, size=1.7) + put_lines(TALE, 0.1, 0.16)
    assert told(laid(words))[0][0] == "paragraph"


def test_white_between_paragraphs_parts_them() -> None:
    words = put_lines(TALE, 0.1, 0.1) + put_lines(TALE, 0.1, 0.165)
    assert told(laid(words)) == [("paragraph", " ".join(TALE))] * 2


@pytest.mark.parametrize("marks", [("•", "•", "•"), ("-", "-", "-"), ("1.", "2.", "3."), ("a)", "b)", "c)")])
def test_items_make_a_list(marks: tuple[str, ...]) -> None:
    words = put_lines(TALE, 0.1, 0.1)
    for row, (mark, line) in enumerate(zip(marks, TALE, strict=True)):
        words += put(mark, 0.1, 0.18 + row * 0.016) + put(line, 0.13, 0.18 + row * 0.016)
    layout = laid(words + put_lines(TALE, 0.1, 0.26))
    assert [kind for kind, _ in told(layout)] == ["paragraph", "list", "paragraph"]
    assert text_of(layout, layout.blocks[1]) == " ".join(f"{m} {t}" for m, t in zip(marks, TALE, strict=True))


def test_an_item_of_two_lines_stays_in_its_list() -> None:
    words: list[Word] = []
    for row, line in enumerate(TALE):
        y = 0.1 + row * 0.032
        words += put("•", 0.1, y) + put(line, 0.13, y) + put("and that was all of it", 0.13, y + 0.016)
    assert [kind for kind, _ in told(laid(words))] == ["list"]


def square(x: float, y: float) -> BoundingBox:
    return BoundingBox(x, y, x + 0.016, y + 0.0113)


def choices(y: float, ticked: int) -> tuple[list[Word], tuple[BoxMark, ...]]:
    """Set three check boxes with labels in a row."""
    words, boxes = [], []
    for place, label in enumerate(("By post", "By telephone", "In person")):
        x = 0.1 + 0.25 * place
        boxes.append(BoxMark(square(x, y), place == ticked))
        words += put(label, x + 0.026, y)
    return words, tuple(boxes)


@pytest.mark.parametrize("ticked", [0, 1, 2])
def test_check_boxes_say_which_is_ticked_and_have_their_labels(ticked: int) -> None:
    words, boxes = choices(0.3, ticked)
    layout = laid(put_lines(TALE, 0.1, 0.2) + words, PageMarks(boxes=boxes))
    found = of_kind(layout, BlockKind.CHECK_BOX)
    labels = ("By post", "By telephone", "In person")
    assert [(text_of(layout, box), box.checked) for box in found] == [
        (label, place == ticked) for place, label in enumerate(labels)
    ]
    assert [box.bbox for box in found] == [mark.bbox for mark in boxes]


def test_the_labels_of_check_boxes_are_no_table() -> None:
    words: list[Word] = []
    boxes: list[BoxMark] = []
    for row in range(4):
        made, marks = choices(0.3 + 0.02 * row, row % 3)
        words += made
        boxes += marks
    layout = laid(words, PageMarks(boxes=tuple(boxes)))
    assert BlockKind.TABLE not in {block.kind for block in layout.blocks}
    assert len(of_kind(layout, BlockKind.CHECK_BOX)) == 12


def test_a_check_box_right_of_its_label_has_it_too() -> None:
    layout = laid(put("Insured", 0.1, 0.3), PageMarks(boxes=(BoxMark(square(0.18, 0.3), checked=True),)))
    assert [text_of(layout, box) for box in of_kind(layout, BlockKind.CHECK_BOX)] == ["Insured"]


def test_a_check_box_without_a_label_is_there_all_the_same() -> None:
    layout = laid(put_lines(TALE, 0.1, 0.2), PageMarks(boxes=(BoxMark(square(0.5, 0.6), checked=False),)))
    box = of_kind(layout, BlockKind.CHECK_BOX)[0]
    assert (box.start, box.stop, box.checked) == (len(layout.words), len(layout.words), False)


def test_a_letter_that_looks_like_a_square_is_no_check_box() -> None:
    words = put_lines(TALE, 0.1, 0.2)
    word = max(words, key=lambda one: one.bbox.width)
    middle = (word.bbox.x0 + word.bbox.x1) / 2
    letter = BoundingBox(middle - 0.005, word.bbox.y0, middle + 0.005, word.bbox.y1)
    layout = laid(words, PageMarks(boxes=(BoxMark(letter, checked=False),)))
    assert not of_kind(layout, BlockKind.CHECK_BOX)


def test_a_stamp_holds_what_is_written_on_it() -> None:
    words = put_lines(TALE, 0.1, 0.2) + put_lines(("RECEIVED", "12 MAR 2024"), 0.62, 0.42)
    layout = laid(words, PageMarks(stamps=(BoundingBox(0.6, 0.4, 0.85, 0.48),)))
    assert told(layout) == [("paragraph", " ".join(TALE)), ("stamp", "RECEIVED 12 MAR 2024")]
    assert layout.blocks[1].bbox.as_list() == pytest.approx((0.6, 0.4, 0.85, 0.48))


STROKE = BoundingBox(0.12, 0.5, 0.35, 0.55)


def test_strokes_above_a_line_to_sign_on_are_a_signature() -> None:
    line = BoundingBox(0.1, 0.552, 0.4, 0.553)
    layout = laid(put_lines(TALE, 0.1, 0.2), PageMarks(strokes=(STROKE,), rulings=(line,)))
    assert [kind for kind, _ in told(layout)] == ["paragraph", "signature"]


def test_strokes_beside_a_label_are_a_signature() -> None:
    words = put_lines(TALE, 0.1, 0.2) + put("Signature", 0.12, 0.565)
    layout = laid(words, PageMarks(strokes=(STROKE,)))
    assert [kind for kind, _ in told(layout)] == ["paragraph", "signature", "paragraph"]


def test_strokes_that_stand_alone_are_no_signature() -> None:
    layout = laid(put_lines(TALE, 0.1, 0.2), PageMarks(strokes=(STROKE,)))
    assert not of_kind(layout, BlockKind.SIGNATURE)


def test_print_on_a_line_is_no_signature() -> None:
    words = put_lines(TALE, 0.1, 0.2) + put("Ada Fenwick", 0.14, 0.52)
    line = BoundingBox(0.1, 0.552, 0.4, 0.553)
    layout = laid(words, PageMarks(strokes=(STROKE,), rulings=(line,)))
    assert not of_kind(layout, BlockKind.SIGNATURE)
    assert "Ada Fenwick" in [text for _, text in told(layout)]


def test_a_picture_behind_most_of_the_words_is_paper() -> None:
    words = put_lines(TALE, 0.1, 0.2)
    layout = laid(words, PageMarks(pictures=(BoundingBox(0.05, 0.1, 0.95, 0.6),)))
    assert [kind for kind, _ in told(layout)] == ["paragraph"]


def test_words_on_a_figure_are_its_own() -> None:
    words = put_lines(TALE, 0.1, 0.2) + put("Harbour", 0.3, 0.5)
    layout = laid(words, PageMarks(pictures=(BoundingBox(0.2, 0.4, 0.7, 0.6),)))
    assert told(layout) == [("paragraph", " ".join(TALE)), ("figure", "Harbour")]


def test_a_page_of_marks_alone_has_blocks_all_the_same() -> None:
    layout = laid(
        [], PageMarks(pictures=(BoundingBox(0.2, 0.4, 0.7, 0.6),), boxes=(BoxMark(square(0.1, 0.1), True),))
    )
    assert [block.kind for block in layout.blocks] == [BlockKind.FIGURE, BlockKind.CHECK_BOX]


def test_a_line_of_print_is_as_high_as_it_is_set() -> None:
    layout = laid(put("one two", 0.1, 0.1))
    assert layout.blocks[0].bbox.height == pytest.approx(HIGH)


def test_bullets_that_were_not_read_make_a_list_all_the_same() -> None:
    words = put_lines(TALE, 0.1, 0.1) + put_lines(TALE, 0.13, 0.18)
    dots = tuple(BoundingBox(0.11, y + 0.004, 0.115, y + 0.008) for y in (0.18, 0.196, 0.212))
    layout = laid(words, PageMarks(bullets=dots))
    assert [kind for kind, _ in told(layout)] == ["paragraph", "list"]


def test_a_dash_between_words_is_no_bullet() -> None:
    words = [*put_lines(TALE, 0.1, 0.1), *put("from here", 0.1, 0.18), *put("to there", 0.21, 0.18)]
    layout = laid(words, PageMarks(bullets=(BoundingBox(0.195, 0.185, 0.2, 0.187),)))
    assert "list" not in {kind for kind, _ in told(layout)}
