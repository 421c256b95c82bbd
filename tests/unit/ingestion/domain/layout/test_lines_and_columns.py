"""Words become lines, columns and blocks in reading order."""

import random
from dataclasses import replace

import pytest

from ingestion.domain.layout.analysis import (
    PageLayout,
    adjusted_page_confidence,
    analyze_layout,
    map_layout,
    mean_word_confidence,
)
from ingestion.domain.page.elements import BlockKind, Word, WordSource
from refinery.core.types import BoundingBox

ASPECT = 1.414
WIDE, HIGH = 0.011, 0.012


def place_text(text: str, x: float, y: float, *, size: float = 1.0, confidence: float = 0.9) -> list[Word]:
    """Place a line of text at x, y."""
    words, at = [], x
    for token in text.split():
        width = len(token) * WIDE * size
        box = BoundingBox.clipped(at, y, at + width, y + HIGH * size)
        words.append(Word(token, box, confidence, WordSource.RAPIDOCR, 0))
        at += width + WIDE * size
    return words


def shuffled(words: list[Word]) -> list[Word]:
    """Shuffle words, because engines return no reliable order."""
    mixed = list(words)
    random.Random(7).shuffle(mixed)  # noqa: S311 - a fixed order that is not the right one
    return mixed


def text_of(layout: PageLayout) -> list[str]:
    lines: dict[int, list[str]] = {}
    for word in layout.words:
        lines.setdefault(word.line, []).append(word.text)
    return [" ".join(lines[line]) for line in sorted(lines)]


def test_analyze_layout_words_at_same_height_make_a_line() -> None:
    words = place_text("Invoice number: 4711", 0.1, 0.1) + place_text("Date: 3 May 2024", 0.1, 0.13)
    assert text_of(analyze_layout(shuffled(words), aspect=ASPECT)) == ["Invoice number: 4711", "Date: 3 May 2024"]


def test_analyze_layout_label_and_distant_value_share_a_line() -> None:
    words = [word for row in range(9) for word in place_text(f"Item{row}", 0.1, 0.1 + row * 0.02)]
    words += [word for row in range(9) for word in place_text(f"{row}.50", 0.8, 0.1 + row * 0.02)]
    assert text_of(analyze_layout(shuffled(words), aspect=ASPECT)) == [f"Item{row} {row}.50" for row in range(9)]


def test_analyze_layout_text_columns_are_read_one_after_another() -> None:
    left = [w for row in range(10) for w in place_text(f"left tells its tale {row}", 0.05, 0.2 + row * 0.018)]
    right = [w for row in range(10) for w in place_text(f"right has other news {row}", 0.55, 0.2 + row * 0.018)]
    title = place_text("A page of two columns that has one title over both of them", 0.1, 0.1)
    lines = text_of(analyze_layout(shuffled(left + right + title), aspect=ASPECT))
    assert lines[0].startswith("A page")
    assert lines[1:] == [f"left tells its tale {n}" for n in range(10)] + [
        f"right has other news {n}" for n in range(10)
    ]


def test_analyze_layout_table_is_read_row_by_row() -> None:
    rows = [("Screw", "4", "0.20", "0.80"), ("Washer", "10", "0.05", "0.50"), ("Nut", "8", "0.10", "0.80")]
    words = [
        word
        for index, row in enumerate(rows)
        for column, cell in enumerate(row)
        for word in place_text(cell, 0.1 + 0.22 * column, 0.3 + index * 0.02)
    ]
    layout = analyze_layout(shuffled(words), aspect=ASPECT)
    assert text_of(layout) == [" ".join(row) for row in rows]
    assert [block.kind for block in layout.blocks] == [BlockKind.TABLE]


def test_analyze_layout_large_line_is_title_and_gap_ends_paragraph() -> None:
    words = place_text("Discharge letter", 0.1, 0.05, size=1.8)
    words += [w for row in range(4) for w in place_text("the patient was seen and sent home", 0.1, 0.12 + row * 0.018)]
    words += [w for row in range(3) for w in place_text("with kind regards from all of us", 0.1, 0.3 + row * 0.018)]
    layout = analyze_layout(shuffled(words), aspect=ASPECT)
    assert [block.kind for block in layout.blocks] == [BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]
    assert [layout.words[block.start].text for block in layout.blocks] == ["Discharge", "the", "with"]
    assert layout.blocks[-1].stop == len(layout.words)


def test_analyze_layout_blocks_cover_every_word_once() -> None:
    words = [w for row in range(30) for w in place_text(f"row {row} says something", 0.1, 0.05 + row * 0.03)]
    layout = analyze_layout(shuffled(words), aspect=ASPECT)
    assert layout.blocks[0].start == 0
    assert all(a.stop == b.start for a, b in zip(layout.blocks, layout.blocks[1:], strict=False))
    assert sorted(word.text for word in layout.words) == sorted(word.text for word in words)


def test_analyze_layout_without_words_has_no_blocks() -> None:
    assert analyze_layout([], aspect=ASPECT) == PageLayout((), ())
    assert mean_word_confidence(()) == 1.0


def test_page_confidence_is_expected_share_of_right_words() -> None:
    words = place_text("sure", 0.1, 0.1, confidence=1.0) + place_text("unsure", 0.3, 0.1, confidence=0.5)
    assert mean_word_confidence(words) == pytest.approx(0.75)


def test_page_confidence_follows_reweighted_words() -> None:
    before = place_text("sure", 0.1, 0.1, confidence=1.0) + place_text("unsure", 0.3, 0.1, confidence=0.5)
    after = [before[0], replace(before[1], confidence=0.9)]
    assert adjusted_page_confidence(0.6, before, after) == pytest.approx(0.8)
    assert adjusted_page_confidence(0.9, before, after) == 1.0
    assert adjusted_page_confidence(0.1, after, before) == 0.0


def test_moved_words_move_their_blocks() -> None:
    layout = analyze_layout(place_text("one two", 0.1, 0.1), aspect=ASPECT)
    first, second = (word.bbox for word in layout.words)
    places = {first: BoundingBox(0.5, 0.5, 0.6, 0.52), second: BoundingBox(0.7, 0.5, 0.8, 0.53)}
    there = map_layout(layout, places.__getitem__)
    assert there.blocks[0].bbox == BoundingBox(0.5, 0.5, 0.8, 0.53)
    assert [word.text for word in there.words] == ["one", "two"]
