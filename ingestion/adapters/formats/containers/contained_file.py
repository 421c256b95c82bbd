"""A file within a container, as its opener hands it on."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.domain.formats.attachments import Letterhead
from ingestion.domain.formats.containers import LeftOut

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Held:
    """One file: `part` is its place in the container, the same at each opening; name and type are hints.

    `chunks` can be walked once; it raises ReadingError subclasses where the bytes are not what was promised.
    """

    part: int
    name: str
    declared_type: str
    chunks: Iterator[bytes]


Found = Held | LeftOut | Letterhead
"""What an opener tells of: files, files that are no documents, and first of all who wrote a mail."""


def sliced(content: bytes) -> Iterator[bytes]:
    """Give bytes piece by piece."""
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]
