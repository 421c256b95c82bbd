"""Two readings of one page are matched by position; a word's confidence rises with their agreement."""

from dataclasses import replace
from itertools import pairwise

import pytest

from ingestion.domain.ocr.agreement import ComparedWord, OcrWord, compare_readings
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.line_words import ReadCharacter, RecognitionTrace, split_line
from ingestion.domain.ocr.merging import WordMerger
from ingestion.domain.ocr.page_confidence import PageConfidenceModel
from ingestion.domain.ocr.word_confidence import WordConfidenceModel
from ingestion.domain.ocr.word_shapes import shape_of
from ingestion.domain.page.similarity import edit_distance, similarity
from refinery.core.types import BoundingBox
from tests.support.word_forests import WeightedFeatures


def word_at(text: str, x: float, *, y: float = 0.1, width: float = 0.1, mean: float = 0.9) -> OcrWord:
    return OcrWord(text, BoundingBox.clipped(x, y, x + width, y + 0.02), mean, mean)


def test_judge_compares_words_at_same_place() -> None:
    verdict = compare_readings(
        [word_at("Total", 0.1), word_at("12.50", 0.5)], [word_at("12.80", 0.5, mean=0.4), word_at("Total", 0.1)]
    )
    assert [(j.second_text, j.likeness, j.second_confidence) for j in verdict.words] == [
        ("Total", 1.0, 0.9),
        ("12.80", 0.8, 0.4),
    ]
    assert verdict.unmatched == ()


def test_judge_split_word_is_not_a_difference() -> None:
    glued = compare_readings(
        [word_at("TOTALRM", 0.1, width=0.2)], [word_at("TOTAL", 0.1), word_at("RM", 0.22, width=0.08)]
    )
    assert (glued.words[0].second_text, glued.words[0].likeness) == ("TOTAL RM", 1.0)
    split = compare_readings(
        [word_at("TOTAL", 0.1), word_at("RM", 0.22, width=0.08)], [word_at("TOTALRM", 0.1, width=0.2)]
    )
    assert [(j.second_text, j.likeness) for j in split.words] == [("TOTAL", 1.0), ("RM", 1.0)]


def test_judge_words_seen_by_one_engine_are_separate() -> None:
    verdict = compare_readings([word_at("left", 0.1)], [word_at("right", 0.7), word_at("below", 0.1, y=0.5)])
    assert verdict.words == (ComparedWord(word_at("left", 0.1), page_min_confidence=0.9),)
    assert {word.text for word in verdict.unmatched} == {"right", "below"}


def test_judge_long_second_engine_word_joins_groups() -> None:
    read = [word_at("a", 0.10, width=0.05), word_at("c", 0.30, width=0.05), word_at("b", 0.18, width=0.07)]
    heard = [word_at("abc", 0.10, width=0.25)]
    assert all(judged.likeness == 1 for judged in compare_readings(read, heard).words)


@pytest.mark.parametrize(
    ("a", "b", "distance"), [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("12.50", "1250", 1)]
)
def test_edit_distance_equals_levenshtein(a: str, b: str, distance: int) -> None:
    assert edit_distance(a, b) == edit_distance(b, a) == distance
    assert 0 <= similarity(a, b) <= 1


def characters_at_pitch(
    text: str, *, pitch: float = 0.02, gaps: dict[int, float] | None = None
) -> tuple[ReadCharacter, ...]:
    """Return characters at an even pitch; `gaps` widens the step before a character, in pitches."""
    place, characters = 0.0, []
    for index, character in enumerate(text):
        place += pitch * (1 + (gaps or {}).get(index, 0))
        characters.append(ReadCharacter(character, 0.9, place, "8" if character == "B" else "", 0.1))
    return tuple(characters)


def test_split_line_cuts_at_blanks() -> None:
    words = split_line(characters_at_pitch("Total due 12"))
    assert [word.text for word in words] == ["Total", "due", "12"]
    assert words[0].start == 0.0
    assert words[-1].stop == 1.0
    assert all(a.stop == b.start for a, b in pairwise(words))


def test_split_line_wide_gap_is_a_blank() -> None:
    assert [word.text for word in split_line(characters_at_pitch("TOTALRM9.00", gaps={5: 3.0, 7: 3.0}))] == [
        "TOTAL",
        "RM",
        "9.00",
    ]


def test_split_line_offers_nearly_read_blanks_in_words_but_rarely_in_numbers() -> None:
    def with_blank(text: str, at: int, space: float) -> str:
        characters = [
            replace(c, space=space if index == at else 0.0) for index, c in enumerate(characters_at_pitch(text))
        ]
        (word,) = split_line(tuple(characters))
        assert word.text == text
        return word.trace.with_missed_spaces

    assert with_blank("SHOPTEL", 4, 0.09) == ""
    assert with_blank("SHOPTEL", 4, 0.1) == "SHOP TEL"
    assert with_blank("RM12.50", 2, 0.1) == "RM 12.50"
    assert with_blank("RM12.50", 4, 0.29) == with_blank("RM12.50", 5, 0.29) == with_blank("RM12.50", 3, 0.29) == ""
    assert with_blank("12.5012", 5, 0.3) == "12.50 12"
    merging = WordMerger(
        WordConfidenceModel("", {"rapidocr": WeightedFeatures()}, Lexicon({})), PageConfidenceModel("", {})
    )
    glued = replace(word_at("SHOPTEL", 0.1), trace=RecognitionTrace(with_missed_spaces="SHOP TEL"))
    (word,) = merging.single_engine_words([glued], "rapidocr")
    assert (word.text, word.alternatives) == ("SHOPTEL", ("SHOP TEL",))


def test_split_line_alternative_uses_runner_up_of_least_certain_character() -> None:
    (word,) = split_line((*characters_at_pitch("A"), ReadCharacter("B", 0.55, 0.5, "8", 0.4)))
    assert (word.text, word.runner_up, word.min_confidence) == ("AB", "A8", 0.55)


def test_split_line_trace_records_neighbours_and_missed_characters() -> None:
    first, second = split_line(
        (
            ReadCharacter("a", 0.9, 0.1),
            ReadCharacter("b", 0.6, 0.2, space=0.05),
            ReadCharacter("c", 0.7, 0.4, missed_character=0.2),
            ReadCharacter(" ", 0.8, 0.5),
            ReadCharacter("d", 0.5, 0.6, space=0.8),
        )
    )
    assert (first.text, first.trace.before, first.trace.after) == ("abc", "", "d")
    assert (second.text, second.trace.before, second.trace.after) == ("d", "abc", "")
    assert (first.trace.first, first.trace.second_lowest, first.trace.last, first.trace.rest_of_line_min) == (
        0.9,
        0.7,
        0.7,
        0.5,
    )
    assert (first.trace.space_inside, first.trace.missed_character, first.trace.line_words) == (0.05, 0.2, 2)
    assert (first.trace.space_before, first.trace.space_after) == (1.0, 0.8)
    assert (second.trace.space_before, second.trace.space_after, second.trace.space_inside) == (0.8, 1.0, 0.0)
    assert first.trace.widest_step == 1.0  # two steps are too few for a usual one
    assert first.trace.line_confidence == pytest.approx(0.7)


def test_split_line_empty_line_has_no_words() -> None:
    assert split_line(()) == ()
    assert split_line(characters_at_pitch("   ")) == ()


def test_judge_page_agreement_is_recorded_for_each_word() -> None:
    read = [word_at("Total", 0.1), word_at("12.5O", 0.5)]
    compared = compare_readings(read, [word_at("Total", 0.1), word_at("12.50", 0.5)]).words
    assert {(each.page_agreement, each.page_min_confidence) for each in compared} == {(0.5, 0.9)}


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
def test_shape_of_text_names_its_features(text: str, marks: set[str]) -> None:
    assert {name for name, value in shape_of(text).items() if value and name != "digits"} == marks


def test_merging_range_read_as_three_words_becomes_three_words() -> None:
    merging = WordMerger(
        WordConfidenceModel("test", {"both": WeightedFeatures(constant=0.7)}, Lexicon({})),
        PageConfidenceModel("test", {}),
    )
    heard = [word_at("3.5", 0.1, width=0.06), word_at("-", 0.165, width=0.01), word_at("5.1", 0.18, width=0.06)]
    words = merging.merge_pages([word_at("3.5-5.1", 0.1, width=0.14)], heard)
    assert [word.text for word in words] == ["3.5", "-", "5.1"]
    assert words[0].bbox.x1 == pytest.approx(words[1].bbox.x0)
    assert words[2].bbox.x1 == pytest.approx(0.24)
    glued = merging.merge_pages(
        [word_at("Tel:03", 0.1)], [word_at("Tel:", 0.1, width=0.05), word_at("03", 0.16, width=0.04)]
    )
    assert [word.text for word in glued] == ["Tel:03"]
