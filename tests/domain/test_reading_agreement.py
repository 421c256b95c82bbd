"""Two readings of one page are matched by place; the chance that a word is right grows with their agreement."""

from dataclasses import replace
from itertools import pairwise

import pytest

from ingestion.domain.ocr.agreement import Judged, OcrWord, judge
from ingestion.domain.ocr.forest import Forest
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.line_words import ReadCharacter, Trace, edit_distance, similarity, split_line
from ingestion.domain.ocr.merging import Merging
from ingestion.domain.ocr.page_confidence import PageConfidence
from ingestion.domain.ocr.word_confidence import WordConfidence
from ingestion.domain.ocr.word_shapes import shape_of
from refinery.core.types import BoundingBox


def at(text: str, x: float, *, y: float = 0.1, width: float = 0.1, mean: float = 0.9) -> OcrWord:
    return OcrWord(text, BoundingBox.clipped(x, y, x + width, y + 0.02), mean, mean)


def test_words_at_the_same_place_are_compared() -> None:
    verdict = judge([at("Total", 0.1), at("12.50", 0.5)], [at("12.80", 0.5, mean=0.4), at("Total", 0.1)])
    assert [(j.heard, j.likeness, j.sure) for j in verdict.judged] == [("Total", 1.0, 0.9), ("12.80", 0.8, 0.4)]
    assert verdict.unseen == ()


def test_a_split_does_not_count_as_a_difference() -> None:
    glued = judge([at("TOTALRM", 0.1, width=0.2)], [at("TOTAL", 0.1), at("RM", 0.22, width=0.08)])
    assert (glued.judged[0].heard, glued.judged[0].likeness) == ("TOTAL RM", 1.0)
    split = judge([at("TOTAL", 0.1), at("RM", 0.22, width=0.08)], [at("TOTALRM", 0.1, width=0.2)])
    assert [(j.heard, j.likeness) for j in split.judged] == [("TOTAL", 1.0), ("RM", 1.0)]


def test_what_one_engine_alone_saw_is_told_apart() -> None:
    verdict = judge([at("left", 0.1)], [at("right", 0.7), at("below", 0.1, y=0.5)])
    assert verdict.judged == (Judged(at("left", 0.1), doubt=0.9),)
    assert {word.text for word in verdict.unseen} == {"right", "below"}


def test_one_long_word_of_the_witness_joins_groups_that_came_apart() -> None:
    read = [at("a", 0.10, width=0.05), at("c", 0.30, width=0.05), at("b", 0.18, width=0.07)]
    heard = [at("abc", 0.10, width=0.25)]
    assert all(judged.likeness == 1 for judged in judge(read, heard).judged)


@pytest.mark.parametrize(
    ("a", "b", "distance"), [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("12.50", "1250", 1)]
)
def test_edit_distance_is_levenshteins(a: str, b: str, distance: int) -> None:
    assert edit_distance(a, b) == edit_distance(b, a) == distance
    assert 0 <= similarity(a, b) <= 1


def read(text: str, *, pitch: float = 0.02, gaps: dict[int, float] | None = None) -> tuple[ReadCharacter, ...]:
    """Give characters at an even pitch; `gaps` widens the step before a character by pitches."""
    place, characters = 0.0, []
    for index, character in enumerate(text):
        place += pitch * (1 + (gaps or {}).get(index, 0))
        characters.append(ReadCharacter(character, 0.9, place, "8" if character == "B" else "", 0.1))
    return tuple(characters)


def test_a_line_is_cut_at_blanks() -> None:
    words = split_line(read("Total due 12"))
    assert [word.text for word in words] == ["Total", "due", "12"]
    assert words[0].start == 0.0
    assert words[-1].stop == 1.0
    assert all(a.stop == b.start for a, b in pairwise(words))


def test_a_gap_that_the_model_overlooked_is_a_blank() -> None:
    assert [word.text for word in split_line(read("TOTALRM9.00", gaps={5: 3.0, 7: 3.0}))] == [
        "TOTAL",
        "RM",
        "9.00",
    ]


def test_a_word_is_offered_with_the_blanks_that_were_nearly_read_in_it_and_a_number_seldom() -> None:
    def parted(text: str, at: int, space: float) -> str:
        characters = [replace(c, space=space if index == at else 0.0) for index, c in enumerate(read(text))]
        (word,) = split_line(tuple(characters))
        assert word.text == text
        return word.trace.parted

    assert parted("SHOPTEL", 4, 0.09) == ""
    assert parted("SHOPTEL", 4, 0.1) == "SHOP TEL"
    assert parted("RM12.50", 2, 0.1) == "RM 12.50"
    assert parted("RM12.50", 4, 0.29) == parted("RM12.50", 5, 0.29) == parted("RM12.50", 3, 0.29) == ""
    assert parted("12.5012", 5, 0.3) == "12.50 12"
    merging = Merging(WordConfidence("", {"rapidocr": Forest((), 0.0, ())}, Lexicon({})), PageConfidence("", {}))
    glued = replace(at("SHOPTEL", 0.1), trace=Trace(parted="SHOP TEL"))
    (word,) = merging.alone([glued], "rapidocr")
    assert (word.text, word.alternatives) == ("SHOPTEL", ("SHOP TEL",))


def test_the_runner_up_of_the_least_sure_character_is_another_reading() -> None:
    (word,) = split_line((*read("A"), ReadCharacter("B", 0.55, 0.5, "8", 0.4)))
    assert (word.text, word.rival, word.least) == ("AB", "A8", 0.55)


def test_a_words_trace_says_what_stands_about_it_and_what_was_passed_over_in_it() -> None:
    first, second = split_line((
        ReadCharacter("a", 0.9, 0.1),
        ReadCharacter("b", 0.6, 0.2, space=0.05),
        ReadCharacter("c", 0.7, 0.4, lost=0.2),
        ReadCharacter(" ", 0.8, 0.5),
        ReadCharacter("d", 0.5, 0.6, space=0.8),
    ))  # fmt: skip
    assert (first.text, first.trace.before, first.trace.after) == ("abc", "", "d")
    assert (second.text, second.trace.before, second.trace.after) == ("d", "abc", "")
    assert (first.trace.first, first.trace.second, first.trace.last, first.trace.company) == (0.9, 0.7, 0.7, 0.5)
    assert (first.trace.space_inside, first.trace.lost, first.trace.line) == (0.05, 0.2, 2)
    assert (first.trace.space_before, first.trace.space_after) == (1.0, 0.8)
    assert (second.trace.space_before, second.trace.space_after, second.trace.space_inside) == (0.8, 1.0, 0.0)
    assert first.trace.stretch == 1.0  # two steps tell no usual one
    assert first.trace.even == pytest.approx(0.7)


def test_an_empty_line_has_no_word() -> None:
    assert split_line(()) == ()
    assert split_line(read("   ")) == ()


def test_a_page_that_both_read_alike_speaks_for_its_words() -> None:
    read = [at("Total", 0.1), at("12.5O", 0.5)]
    told = judge(read, [at("Total", 0.1), at("12.50", 0.5)]).judged
    assert {(each.page, each.doubt) for each in told} == {(0.5, 0.9)}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("RM12.50", {"money", "mixed"}),
        ("1,284.50", {"money"}),
        ("31/12/2018", {"date"}),
        ("INVOICE:", {"capitals", "colon"}),
        ("Total", {"small", "plain"}),
        ("12", {"whole", "plain"}),
        ("DD:05/09/2017", {"glued", "colon_inside"}),
        ("1O0", {"mixed", "plain"}),
        ("家", {"strange", "plain", "single"}),
        ("**", {"punctuation"}),
        ("~edeemed", {"ragged"}),
    ],
)
def test_a_words_marks_say_what_print_has_and_what_misreadings_have(text: str, marks: set[str]) -> None:
    assert {name for name, value in shape_of(text).items() if value and name != "digits"} == marks


def test_a_range_that_the_witness_heard_apart_becomes_three_words() -> None:
    merging = Merging(
        WordConfidence("test", {"both": Forest((), 1.0, ())}, Lexicon({})), PageConfidence("test", {})
    )
    heard = [at("3.5", 0.1, width=0.06), at("-", 0.165, width=0.01), at("5.1", 0.18, width=0.06)]
    words = merging.together([at("3.5-5.1", 0.1, width=0.14)], heard)
    assert [word.text for word in words] == ["3.5", "-", "5.1"]
    assert words[0].bbox.x1 == pytest.approx(words[1].bbox.x0)
    assert words[2].bbox.x1 == pytest.approx(0.24)
    glued = merging.together([at("Tel:03", 0.1)], [at("Tel:", 0.1, width=0.05), at("03", 0.16, width=0.04)])
    assert [word.text for word in glued] == ["Tel:03"]
