"""The built-in schemas: JSON files in the form that tenants write, with labels in several languages.

Domain code does no I/O. These files are the one exception, because they are part of the program: they are read once,
when the module is imported, and never change while it runs. They are not checked here, because the parser needs the
field types, which depend on this package; a unit test reads every file with `schema_from_json`.
"""

import json
from importlib.resources import files

from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec

_FOLDER = files(__package__).joinpath("builtin")


def _read(key: str) -> SchemaSpec:
    data = json.loads(_FOLDER.joinpath(f"{key}.json").read_text(encoding="utf-8"))
    return SchemaSpec(
        key=data["key"],
        title=data["title"],
        fields=tuple(
            FieldSpec(**{**field, "kind": FieldKind(field["kind"]), "labels": tuple(field.get("labels", ()))})
            for field in data["fields"]
        ),
        keywords=tuple(data["keywords"]),
    )


INVOICE = _read("invoice")
RECEIPT = _read("receipt")
LAB_REPORT = _read("lab_report")
DISCHARGE_LETTER = _read("discharge_letter")
IDENTITY_DOCUMENT = _read("identity_document")
BUILT_IN_SCHEMAS: tuple[SchemaSpec, ...] = (INVOICE, RECEIPT, LAB_REPORT, DISCHARGE_LETTER, IDENTITY_DOCUMENT)


def built_in_schema(key: str) -> SchemaSpec:
    """Return the built-in schema with this key; raises KeyError if there is none."""
    for schema in BUILT_IN_SCHEMAS:
        if schema.key == key:
            return schema
    raise KeyError(key)
