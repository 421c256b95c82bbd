"""Lifecycle of a reprocessing run: requested, read beside the document, reviewed, applied or discarded."""

from enum import StrEnum
from typing import Final

MODES: Final = ("fast", "standard", "thorough")


ENGINES: Final = ("rapidocr", "tesseract")
THIRD_ENGINE_NAME: Final = "trocr"
"""Engine that reads the lines found by the others: never requested together with one of them."""


class ReprocessingStatus(StrEnum):
    """Status of a reprocessing run."""

    QUEUED = "queued"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"
    APPLIED = "applied"
    DROPPED = "dropped"


UNFINISHED_STATUSES: Final = (ReprocessingStatus.QUEUED.value, ReprocessingStatus.READING.value)
OPEN_STATUSES: Final = (*UNFINISHED_STATUSES, ReprocessingStatus.READY.value)
