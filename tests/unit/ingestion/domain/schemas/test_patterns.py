"""Patterns of tenants: RE2 matches them in linear time."""

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.schemas import InvalidSchema, schema_from_json
from ingestion.domain.schemas.patterns import InvalidPattern, check_pattern, find_apart, matches_whole
from tests.support.text_pages import page_from_text

EVIL = (r"(a+)+b", r"(a|a)*b", r"(a|aa)+$", r"([a-z]+)*\d", r"(.*)*x", r"(?:a?){200}b")


@pytest.mark.parametrize("pattern", EVIL)
def test_evil_pattern_is_accepted_and_harmless(pattern: str) -> None:
    """Python's own engine would need longer than the universe has existed."""
    text = "a" * 20_000
    check_pattern(pattern)
    assert matches_whole(pattern, text) is (pattern == "(a|aa)+$")
    assert find_apart(pattern, text, 0, len(text)) == ((0, len(text)) if pattern == "(a|aa)+$" else None)


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", r"(a)\1", "(?<!a)b", "(?:(?:a{100}){100}){50}", "\ud800", "a)|(b"])
def test_pattern_that_re2_does_not_accept_is_invalid(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        check_pattern(pattern)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No. AB-12, of May", "AB-12"),
        ("XAB-12 AB-34", "AB-34"),
        ("äAB-12 AB-34é AB-56", "AB-56"),
        ("AB-12", "AB-12"),
        ("AB-123", None),
        ("Größe: AB-12", "AB-12"),
    ],
)
def test_find_apart_finds_whole_words_only(text: str, found: str | None) -> None:
    hit = find_apart(r"[A-Z]{2}-\d{2}", text, 0, len(text))
    assert (text[slice(*hit)] if hit else None) == found


def test_find_apart_stays_within_its_window() -> None:
    assert find_apart(r"\d+", "1 22 333", 2, 4) == (2, 4)
    assert find_apart(r"\d{3}", "1 22 333", 0, 4) is None


def test_stored_pattern_that_is_no_longer_accepted_is_left_out() -> None:
    """Documents of the tenant are still assessed; writing the schema again reports the pattern."""
    field = {"name": "number", "kind": "text", "labels": ["number"], "pattern": "(?=A)A1"}
    definition = {"key": "order", "title": "Order", "fields": [field]}
    schema = schema_from_json(definition, stored=True)
    assert schema.fields[0].pattern is None
    with pytest.raises(InvalidSchema):
        schema_from_json(definition)


def test_field_with_evil_pattern_is_extracted() -> None:
    field = {"name": "number", "kind": "text", "labels": ["number"], "pattern": r"(\d+)+x?"}
    schema = schema_from_json({"key": "order", "title": "Order", "fields": [field]})
    text = f"Number: 12345 {'1' * 150}!"
    (found,) = extract_fields(build_document_rows([page_from_text(text)]), schema)
    assert found.normalized.startswith("12345")
