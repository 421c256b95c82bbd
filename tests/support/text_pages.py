"""Pages drawn as text: ten pixels per character, twenty per line; wide gaps separate columns."""

import re

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from refinery.core.types import BoundingBox

COLUMN, LINE, LETTER = 10, 24, 16


def page_from_text(
    text: str, *, confidence: float = 0.98, source: WordSource = WordSource.RAPIDOCR, number: int = 1
) -> PageReading:
    """Return a page laid out as in `text`."""
    lines = text.strip("\n").splitlines()
    width = max(len(line) for line in lines) * COLUMN + 40
    height = max(len(lines) * LINE + 40, int(width * 1.3))
    words = []
    for row, line in enumerate(lines):
        top = 20 + row * LINE
        for hit in re.finditer(r"\S+", line):
            box = BoundingBox(
                (20 + hit.start() * COLUMN) / width,
                top / height,
                (20 + hit.end() * COLUMN - 2) / width,
                (top + LETTER) / height,
            )
            words.append(Word(hit[0], box, confidence, source, row))
    return PageReading(number, width, height, source, confidence, tuple(words))


def fields_of(text: str, schema: SchemaSpec, **kwargs: object) -> dict[str, ExtractedField]:
    """Lay out `text` and return the schema's fields found on it, by name."""
    page = page_from_text(text, **kwargs)  # type: ignore[arg-type]
    return {field.name: field for field in extract_fields(build_document_rows([page]), schema)}


def normalized(text: str, schema: SchemaSpec) -> dict[str, str]:
    """Lay out `text` and return the normalised values found."""
    return {name: field.normalized for name, field in fields_of(text, schema).items()}
