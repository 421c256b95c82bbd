"""What an export is made from: one run's pages and fields, as values."""

from dataclasses import dataclass, field

from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class ExportedWord:
    """A word and its place."""

    text: str
    bbox: BoundingBox


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """A page: `image` holds the bytes of its picture, empty when it could not be read.

    `lie` is by how many quarters, clockwise, it has to be turned for its words to stand upright.
    """

    number: int
    width: int
    height: int
    address: str
    image: bytes = field(repr=False, default=b"")
    words: tuple[ExportedWord, ...] = ()
    lie: int = 0


@dataclass(frozen=True, slots=True)
class ExportedValue:
    """A field: what the model read, and what a human left when one looked (`human` None otherwise)."""

    name: str
    title: str
    predicted: str
    confidence: float
    human: str | None = None
    page: int | None = None
    bbox: BoundingBox | None = None


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """One run of one document, ready to leave."""

    document_id: str
    filename: str
    schema: str
    model_version: str
    pages: tuple[ExportedPage, ...]
    values: tuple[ExportedValue, ...]
