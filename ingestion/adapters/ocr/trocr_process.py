"""TrOCR in a child process that ends when no line has come for a while, and its weights with it."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ingestion.adapters.ocr.trocr import TrOcrEngine
from ingestion.domain.ports import Raster
from refinery.core.idle_process import IdleProcess


class TrOcrProcess:
    """The engine of ingestion.adapters.ocr.trocr, run in a child process."""

    name = TrOcrEngine.name

    def __init__(self, weights: Path, process: IdleProcess) -> None:
        """Store the folder of the weights and the process, which others may use as well."""
        self._weights = weights
        self._process = process

    def read_lines(self, lines: Sequence[Raster]) -> tuple[tuple[str, float], ...]:
        """Return each line's text and the mean probability of its tokens, 0..1.

        Raises WeightsMissing, IdleProcessEnded.
        """
        return self._process.run(_read_lines, self._weights, tuple(lines))


@cache
def _engine(weights: Path) -> TrOcrEngine:
    return TrOcrEngine(weights)


def _read_lines(weights: Path, lines: Sequence[Raster]) -> tuple[tuple[str, float], ...]:
    return _engine(weights).read_lines(lines)
