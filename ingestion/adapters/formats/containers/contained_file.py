"""File within a container, as its opener returns it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.domain.formats.attachments import MailHeaders
from ingestion.domain.formats.containers import SkippedFile

CONTAINER_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class ContainerFile:
    """File: `part` is its position in the container, the same at each opening; name and type are hints.

    `chunks` can be iterated once; it raises ReadingError subclasses if the bytes are not as announced.
    """

    part: int
    name: str
    declared_type: str
    chunks: Iterator[bytes]


ContainerItem = ContainerFile | SkippedFile | MailHeaders
"""Items of an opener: the headers of a mail first, then files, and files that are not documents."""


def in_chunks(content: bytes) -> Iterator[bytes]:
    """Yield bytes in chunks."""
    for start in range(0, len(content), CONTAINER_CHUNK_BYTES):
        yield content[start : start + CONTAINER_CHUNK_BYTES]
