"""For any words on a page, every schema returns its fields in order, and nothing is raised."""

from random import Random

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.extraction.classification import classify
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.schemas import BUILT_IN_SCHEMAS
from ingestion.domain.schemas.fields import SchemaSpec
from refinery.core.types import BoundingBox

STRINGS = (
    "\x00",
    "\u202e9.00 latoT",
    "T\u0336o\u0336t\u0336a\u0336l\u0336",
    "\uff11\uff12.\uff15\uff10",
    "\u0660\u0661\u0662",
    "ﬁ",
    "İ",
    "ß",
    "🧾",
    "<" * 5000,
    "9" * 20_000,
    "1.1," * 4000,
    "((((" * 3000,
    "co reg no " * 1500,
    "'; DROP TABLE",
    "Total:",
    ":",
    "#",
    "-",
    "\u2013",
    "31/02/0000",
    "99/99/9999",
    "0000-00-00",
    "RM",
    "RM RM RM",
    "€€€",
    "-.-",
    "IBAN",
    "P<" * 22,
    "no no no",
    "a\tb\nc",
)


def _page(seed: int, count: int) -> PageReading:
    rng = Random(seed)  # noqa: S311 - a stream of test data
    words = []
    for index in range(count):
        x, y = rng.random(), rng.random()
        box = BoundingBox.clipped(x, y, x + rng.random() * 0.3, y + rng.choice((0.0, 0.01, 0.5)))
        words.append(Word(rng.choice(STRINGS), box, rng.random(), WordSource.RAPIDOCR, index // 3))
    return PageReading(1, rng.choice((0, 1, 800)), rng.choice((0, 1, 1200)), WordSource.RAPIDOCR, 0.5, tuple(words))


@pytest.mark.parametrize("schema", BUILT_IN_SCHEMAS, ids=lambda schema: schema.key)
def test_extract_fields_random_words_yields_every_schema_field(schema: SchemaSpec) -> None:
    for seed in range(6):
        pages = [_page(seed, 40), PageReading(2, 0, 0, WordSource.NATIVE, 0.0, error="corrupt")]
        found = extract_fields(build_document_rows(pages), schema)
        assert [field.name for field in found] == [spec.name for spec in schema.fields]
        assert all(0.0 <= field.confidence <= 1.0 for field in found)


def test_extract_fields_without_pages_yields_empty_fields() -> None:
    for schema in BUILT_IN_SCHEMAS:
        assert all(field.normalized == "" for field in extract_fields(build_document_rows([]), schema))
    assert classify(build_document_rows([]), BUILT_IN_SCHEMAS).key == ""
