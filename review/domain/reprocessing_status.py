"""The life of a candidate reading: asked for, read beside the document, looked at, applied or dropped."""

from enum import StrEnum
from typing import Final

from ingestion.domain.lifecycle import DocumentStatus

MODES: Final = ("fast", "standard", "thorough")


ENGINES: Final = ("rapidocr", "tesseract")
THIRD: Final = "trocr"
"""An engine that reads what the others have found on the page: never together with one of them."""


class RereadingStatus(StrEnum):
    """Where a candidate stands."""

    QUEUED = "queued"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"
    APPLIED = "applied"
    DROPPED = "dropped"


UNREAD: Final = (RereadingStatus.QUEUED.value, RereadingStatus.READING.value)
OPEN: Final = (*UNREAD, RereadingStatus.READY.value)
ASKED_FROM: Final = frozenset({DocumentStatus.IN_REVIEW, DocumentStatus.APPROVED, DocumentStatus.REJECTED})
"""A document that was read and judged, and with which another reading can be compared."""
