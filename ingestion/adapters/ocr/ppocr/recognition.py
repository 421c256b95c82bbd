"""Recognition of one line of text: characters with their probabilities and positions."""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.ppocr.detection import Image, Quad
from ingestion.adapters.ocr.ppocr.inference import load_model
from ingestion.adapters.ocr.ppocr.weights import RECOGNITION
from ingestion.domain.ocr.line_words import ReadCharacter

_HEIGHT = 48
_WIDTH_FROM = 48
_WIDTH_TO = 3200
_BLANK = 0
_CERTAIN = 0.98  # no other character can be near


class Recogniser:
    """Recogniser of single lines: on one thread a batch is no faster, and a single line needs no padding."""

    def __init__(self) -> None:
        """Load the model and its alphabet."""
        self._model = load_model(RECOGNITION)
        alphabet = self._model.metadata("character").splitlines()
        self._alphabet = ("", *alphabet, " ")

    def read(self, line: Image) -> tuple[ReadCharacter, ...]:
        """Read a line cut out of a page (RGB, upright); positions are shares of its width."""
        height, width = line.shape[:2]
        target = min(max(round(width * _HEIGHT / height), 1), _WIDTH_TO)
        small = cv2.resize(line, (target, _HEIGHT))
        tensor = np.zeros((1, 3, _HEIGHT, max(target, _WIDTH_FROM)), dtype=np.float32)
        tensor[0, :, :, :target] = ((small.astype(np.float32) / 127.5) - 1.0).transpose(2, 0, 1)[::-1]
        answer = self._model.run(tensor)[0]
        return self._decode(answer, tensor.shape[3] / (answer.shape[0] * target))

    def _decode(self, answer: npt.NDArray[np.float32], step: float) -> tuple[ReadCharacter, ...]:
        best = answer.argmax(axis=1)
        kept = np.flatnonzero((best != _BLANK) & (np.concatenate(([True], best[1:] != best[:-1]))))
        characters = []
        for before, column in pairwise((-1, *kept.tolist())):
            row = answer[column]
            first = int(best[column])
            space, lost = _missed_characters(answer, best, before, column)
            characters.append(
                ReadCharacter(
                    self._alphabet[first],
                    float(row[first]),
                    min((float(column) + 0.5) * step, 1.0),
                    *self._rival(row, first),
                    space,
                    lost,
                )
            )
        return tuple(characters)

    def _rival(self, row: npt.NDArray[np.float32], first: int) -> tuple[str, float]:
        if row[first] > _CERTAIN:
            return "", 0.0
        second = max(
            (int(index) for index in np.argpartition(row, -3)[-3:] if index not in (first, _BLANK)),
            key=lambda index: row[index],
        )
        return self._alphabet[second], float(row[second])


def _missed_characters(
    answer: npt.NDArray[np.float32], best: npt.NDArray[np.intp], before: int, column: int
) -> tuple[float, float]:
    """Return the probabilities of a missed space and of another missed character between two that were read."""
    between = answer[max(before, 0) : column + 1]
    empty = answer[before + 1 : column][best[before + 1 : column] == _BLANK]
    if not len(empty):
        return float(between[:, -1].max()), 0.0
    known = {_BLANK, int(best[max(before, 0)]), int(best[column]), answer.shape[1] - 1}
    return float(between[:, -1].max()), max(float((1 - empty[:, sorted(known)].sum(axis=1)).max()), 0.0)


def cut_line(image: Image, quad: Quad) -> Image:
    """Cut a slanted line out and straighten it."""
    width = max(1, round(float(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))))
    height = max(1, round(float(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    line = cv2.warpPerspective(
        image,
        cv2.getPerspectiveTransform(quad, target),
        (width, height),
        borderMode=cv2.BORDER_REPLICATE,
        flags=cv2.INTER_CUBIC,
    )
    return np.asarray(line, dtype=np.uint8)
