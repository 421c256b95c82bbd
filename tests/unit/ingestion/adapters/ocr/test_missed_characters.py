"""Characters that a reading missed are detected: a blank between two words read as one, a missing letter."""

import numpy as np
import numpy.typing as npt
import pytest

from ingestion.adapters.ocr.ppocr.recognition import Recogniser
from ingestion.domain.ocr.line_words import ReadCharacter

BLANK, A, B, C, SPACE = range(5)


class FakeRecogniser(Recogniser):
    """Recogniser that decodes without a model; it knows three letters and the space."""

    def __init__(self) -> None:
        self._alphabet = ("", "a", "b", "c", " ")

    def decoded(self, *columns: dict[int, float]) -> tuple[ReadCharacter, ...]:
        answer: npt.NDArray[np.float32] = np.zeros((len(columns), 5), np.float32)
        for row, column in zip(answer, columns, strict=True):
            for index, chance in column.items():
                row[index] = chance
        return self._decode(answer, 1 / len(columns))


def test_decode_near_space_is_recorded_on_second_letter() -> None:
    first, second, third = FakeRecogniser().decoded(
        {A: 1.0}, {BLANK: 0.6, SPACE: 0.4}, {B: 0.9, SPACE: 0.1}, {BLANK: 1.0}, {C: 1.0}
    )
    assert (first.text, second.text, third.text) == ("a", "b", "c")
    assert [first.space, second.space, third.space] == pytest.approx([0.0, 0.4, 0.1])
    assert [first.missed_character, second.missed_character, third.missed_character] == pytest.approx([0.0, 0.0, 0.0])


def test_decode_missed_letter_is_recorded_except_for_neighbour_width() -> None:
    first, second = FakeRecogniser().decoded({A: 1.0}, {BLANK: 0.5, A: 0.5}, {BLANK: 0.7, C: 0.3}, {B: 1.0})
    assert (first.text, second.text) == ("a", "b")
    assert [first.missed_character, second.missed_character] == pytest.approx([0.0, 0.3])


def test_decode_line_without_letters_is_empty() -> None:
    assert FakeRecogniser().decoded({BLANK: 1.0}, {BLANK: 1.0}) == ()
