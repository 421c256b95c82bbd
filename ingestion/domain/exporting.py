"""Facts of an export: one run's pages and fields, as values."""

from dataclasses import dataclass, field

from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class ExportedWord:
    """Word and its place."""

    text: str
    bbox: BoundingBox


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """Page: `image` holds its image file, empty if the page could not be read.

    `quarter_turns` is the clockwise rotation, in quarters, after which its words are upright.
    """

    number: int
    width: int
    height: int
    image: bytes = field(repr=False, default=b"")
    words: tuple[ExportedWord, ...] = ()
    quarter_turns: int = 0


@dataclass(frozen=True, slots=True)
class ExportedValue:
    """Field: the model's value, and the human's if one reviewed it (`human` is None otherwise)."""

    name: str
    title: str
    predicted: str
    confidence: float
    human: str | None = None
    page: int | None = None
    bbox: BoundingBox | None = None


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """Run of a document, with everything that exports contain."""

    document_id: str
    filename: str
    schema: str
    model_version: str
    pages: tuple[ExportedPage, ...]
    values: tuple[ExportedValue, ...]
