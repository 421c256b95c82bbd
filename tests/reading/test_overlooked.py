"""What a line's reading passed over is told: a blank between two words read as one, a letter that fell out."""

import numpy as np
import numpy.typing as npt
import pytest

from ingestion.adapters.ocr.ppocr.recognition import Recogniser
from ingestion.domain.ocr.line_words import ReadCharacter

BLANK, A, B, C, SPACE = range(5)


class Spelling(Recogniser):
    """Decodes without a model; it knows three letters and the space."""

    def __init__(self) -> None:
        self._alphabet = ("", "a", "b", "c", " ")

    def decoded(self, *columns: dict[int, float]) -> tuple[ReadCharacter, ...]:
        answer: npt.NDArray[np.float32] = np.zeros((len(columns), 5), np.float32)
        for row, column in zip(answer, columns, strict=True):
            for index, chance in column.items():
                row[index] = chance
        return self._decode(answer, 1 / len(columns))


def test_a_space_that_nearly_stood_between_two_letters_is_told_of_the_second() -> None:
    first, second, third = Spelling().decoded(
        {A: 1.0}, {BLANK: 0.6, SPACE: 0.4}, {B: 0.9, SPACE: 0.1}, {BLANK: 1.0}, {C: 1.0}
    )
    assert (first.text, second.text, third.text) == ("a", "b", "c")
    assert [first.space, second.space, third.space] == pytest.approx([0.0, 0.4, 0.1])
    assert [first.lost, second.lost, third.lost] == pytest.approx([0.0, 0.0, 0.0])


def test_a_letter_that_fell_out_is_told_and_the_neighbours_own_width_is_not_one() -> None:
    first, second = Spelling().decoded({A: 1.0}, {BLANK: 0.5, A: 0.5}, {BLANK: 0.7, C: 0.3}, {B: 1.0})
    assert (first.text, second.text) == ("a", "b")
    assert [first.lost, second.lost] == pytest.approx([0.0, 0.3])


def test_a_line_without_letters_is_empty() -> None:
    assert Spelling().decoded({BLANK: 1.0}, {BLANK: 1.0}) == ()
