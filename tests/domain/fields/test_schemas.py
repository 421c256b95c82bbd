"""Schemas: the built-in ones, and tenants' own as JSON with every fault named."""

import json

import pytest

from ingestion.domain.schemas import BUILT_IN, InvalidSchema, from_json, to_json
from ingestion.domain.schemas.fields import SchemaSpec


@pytest.mark.parametrize("schema", BUILT_IN, ids=lambda schema: schema.key)
def test_a_schema_survives_json(schema: SchemaSpec) -> None:
    assert from_json(json.dumps(to_json(schema))) == schema


def test_names_are_those_of_the_product() -> None:
    assert [schema.key for schema in BUILT_IN] == [
        "invoice", "receipt", "lab_report", "discharge_letter", "identity_document",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"key": "Not a key"}, "/key"),
        ({"fields": []}, "/fields"),
        ({"fields": [{"name": "a", "kind": "poem"}]}, "/fields/0/kind"),
        ({"fields": [{"name": "a", "colour": "red"}]}, "/fields/0/colour"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "/fields/1/name"),
        ({"fields": [{"name": "a", "pattern": "("}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "pattern": "(a+)+b"}]}, "/fields/0/pattern"),
        ({"fields": [{"name": "a", "required": "yes"}]}, "/fields/0/required"),
        ({"fields": ["a"]}, "/fields/0"),
        ({"keywords": "order"}, "/keywords"),
        ({"version": 0}, "/version"),
    ],
)
def test_every_fault_is_named_where_it_is(change: dict[str, object], pointer: str) -> None:
    written = {"key": "order", "title": "Order", "fields": [{"name": "number", "kind": "identifier"}]}
    with pytest.raises(InvalidSchema) as caught:
        from_json({**written, **change})
    assert pointer in caught.value.errors


def test_what_is_no_object_is_refused() -> None:
    for nonsense in ("{", "[]", b"\xff", 7):
        with pytest.raises(InvalidSchema):
            from_json(nonsense)
