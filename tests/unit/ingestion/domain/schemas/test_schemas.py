"""Schemas: built-in ones, and tenant schemas as JSON with every error reported."""

import json
from importlib.resources import files

import pytest

from ingestion.domain.schemas import BUILT_IN_SCHEMAS, InvalidSchema, schema_from_json, schema_to_json
from ingestion.domain.schemas.fields import SchemaSpec


@pytest.mark.parametrize("schema", BUILT_IN_SCHEMAS, ids=lambda schema: schema.key)
def test_schema_round_trips_through_json(schema: SchemaSpec) -> None:
    assert schema_from_json(json.dumps(schema_to_json(schema))) == schema


@pytest.mark.parametrize("schema", BUILT_IN_SCHEMAS, ids=lambda schema: schema.key)
def test_built_in_schema_file_satisfies_rules_for_tenant_schemas(schema: SchemaSpec) -> None:
    written = files("ingestion.domain.schemas").joinpath(f"builtin/{schema.key}.json").read_text(encoding="utf-8")
    assert schema_from_json(written) == schema


def test_built_in_schemas_have_product_keys() -> None:
    assert [schema.key for schema in BUILT_IN_SCHEMAS] == [
        "invoice",
        "receipt",
        "lab_report",
        "discharge_letter",
        "identity_document",
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"key": "Not a key"}, "/key"),
        ({"fields": []}, "/fields"),
        ({"fields": [{"name": "a", "kind": "poem"}]}, "/fields/0/kind"),
        ({"fields": [{"name": "a", "colour": "red"}]}, "/fields/0/colour"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "/fields/1/name"),
        ({"fields": [{"name": "a", "pattern": "("}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "pattern": "(?=a)b"}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "pattern": "(a)\\1"}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "pattern": "(?:(?:a{100}){100}){50}"}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "pattern": "\ud800"}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "pattern": "a)|(b"}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "required": "yes"}]}, "/fields/0/required"),
        ({"fields": ["a"]}, "/fields/0"),
        ({"keywords": "order"}, "/keywords"),
        ({"version": 0}, "/version"),
    ],
)
def test_from_json_invalid_member_names_its_pointer(change: dict[str, object], pointer: str) -> None:
    written = {"key": "order", "title": "Order", "fields": [{"name": "number", "kind": "identifier"}]}
    with pytest.raises(InvalidSchema) as caught:
        schema_from_json({**written, **change})
    assert pointer in caught.value.errors


def test_from_json_non_object_raises_invalid_schema() -> None:
    for nonsense in ("{", "[]", b"\xff", 7):
        with pytest.raises(InvalidSchema):
            schema_from_json(nonsense)
