"""Every field type passes its own examples; a type without examples is refused."""

from importlib import import_module
from pathlib import Path

import pytest

from ingestion.domain import field_types
from ingestion.domain.extraction.finders import FieldType, field_type
from ingestion.domain.normalize import normalize
from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.normalize.values import read_value
from ingestion.domain.schemas import schema_from_json
from ingestion.domain.schemas.fields import FieldKind, FieldSpec
from ingestion.domain.schemas.kinds import FIELD_TYPES_PACKAGE, FieldExample, value_types
from tests.support.text_pages import fields_of

TYPES = tuple(map(field_type, value_types()))
EXAMPLES = [(each.key, example) for each in TYPES for example in each.examples]
FOUND_BY_LABEL = [pair for pair in EXAMPLES if pair[0] not in {FieldKind.ADDRESS, FieldKind.MRZ}]
# Printed examples of these types show what people enter: line breaks, marks and small letters that no label precedes.
ENTERED = {FieldKind.TEXT, FieldKind.PARTY, FieldKind.IDENTIFIER, FieldKind.CODE_LIST}
NOTATIONS = [
    *((kind, example, example.normalized) for kind, example in FOUND_BY_LABEL),
    *((kind, example, example.printed) for kind, example in FOUND_BY_LABEL if kind not in ENTERED),
]
each_type = pytest.mark.parametrize("found", TYPES, ids=lambda found: str(found.key))
each_example = pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=lambda each: str(each)[:30])


def test_registry_has_every_kind_named_by_code_in_order() -> None:
    assert list(value_types())[: len(FieldKind)] == list(FieldKind)


def test_registry_with_a_repeated_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second module with the key of another one never replaces that one silently."""
    (tmp_path / "second_date.py").write_text(f"from {FIELD_TYPES_PACKAGE}.date import FIELD_TYPE\n")
    monkeypatch.setattr(field_types, "__path__", [*field_types.__path__, str(tmp_path)])
    import_module(f"{FIELD_TYPES_PACKAGE}.second_date")
    with pytest.raises(ValueError, match="the key date"):
        value_types.__wrapped__()


@each_type
def test_field_type_is_complete(found: FieldType) -> None:
    assert found.key
    assert found.title
    assert found.normal_form
    assert found.examples, f"{found.key} needs an example"


@each_example
def test_example_is_normalized_and_valid(kind: str, example: FieldExample) -> None:
    normalized, verdicts = read_value(FieldSpec("example", "Example", kind), example.printed)
    assert normalized == example.normalized
    assert all(verdict.ok for verdict in verdicts), verdicts


@each_example
def test_example_normalized_form_is_stable(kind: str, example: FieldExample) -> None:
    """Normalising twice changes nothing."""
    assert normalize(kind, example.normalized) == example.normalized


@each_example
def test_example_other_notations_are_same_value(kind: str, example: FieldExample) -> None:
    for other in (example.normalized, *example.same):
        assert same_value(kind, example.printed, other), other


@each_type
def test_empty_text_is_no_value(found: FieldType) -> None:
    assert not normalize(found.key, "")


@each_type
def test_tenant_schema_accepts_field_type(found: FieldType) -> None:
    schema = schema_from_json({"key": "trial", "title": "Trial", "fields": [{"name": "value", "kind": found.key}]})
    assert schema.spec("value").kind == found.key


@pytest.mark.parametrize(("kind", "example", "text"), NOTATIONS, ids=lambda each: str(each)[:30])
def test_example_is_found_beside_its_label(kind: str, example: FieldExample, text: str) -> None:
    """In its printed form and in its normalised form."""
    spec = {"name": "value", "kind": kind, "labels": ["trial value"]}
    schema = schema_from_json({"key": "trial", "title": "Trial", "fields": [spec]})
    assert fields_of(f"Some page\n\nTrial value: {text}\n", schema)["value"].normalized == example.normalized


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1 500 kg", "1500"),
        ("1\u202f500,5", "1500.5"),
        ("1,234.5", "1234.5"),
        ("1'234", "1234"),
        (".5 l", "0.5"),
        ("No. 5", "5"),
        ("1.234", "1.234"),
        ("−5", "-5"),  # noqa: RUF001 - as printed
        ("5-", "-5"),
        ("٣٫٥", "3.5"),  # noqa: RUF001 - as printed
        ("1 1", None),
        ("1/2", None),
        ("12-34", None),
        ("none", None),
    ],
)
def test_number_is_read_whole_or_not_at_all(typed: str, number: str | None) -> None:
    assert normalize(FieldKind.NUMBER, typed) == number
