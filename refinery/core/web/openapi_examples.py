"""Examples in the OpenAPI document: built from the schemas, with realistic values for known names."""

from collections.abc import Mapping
from typing import Any, Final

MAX_DEPTH: Final = 6
ID: Final = "01993b7e-4c1a-7d20-9a53-6f0e2b1c8d47"
BY_FORMAT: Final[Mapping[str, Any]] = {
    "uuid": ID,
    "date-time": "2026-03-04T09:15:00Z",
    "date": "2026-03-04",
    "uri": "https://example.com/hooks/refinery",
    "email": "rina@example.com",
    "binary": "(bytes of the file)",
}
BY_TYPE: Final[Mapping[str, Any]] = {"string": "text", "integer": 1, "number": 0.98, "boolean": True, "null": None}
TYPES: Final[Mapping[str, tuple[type, ...]]] = {"string": (str,), "integer": (int,), "number": (int, float)}
BY_NAME: Final[Mapping[str, Any]] = {
    "access": "eyJhbGciOiJIUzI1NiJ9.access",
    "refresh": "eyJhbGciOiJIUzI1NiJ9.refresh",
    "token_type": "Bearer",
    "expires_in": 300,
    "filename": "invoice-2026-0311.pdf",
    "name": "total",
    "title": "Invoice",
    "key": "invoice",
    "schema": "invoice",
    "schema_before": "invoice",
    "schema_after": "invoice",
    "external_id": "ERP-4711",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media_type": "application/pdf",
    "size": 84213,
    "width": 1654,
    "height": 2339,
    "bbox": [0.62, 0.81, 0.74, 0.83],
    "value": "564.00",
    "text": "564.00",
    "normalized": "564.00",
    "field": "total",
    "reason": "The total was read from the wrong line.",
    "message": "The total does not match the lines.",
    "recommendation": "The lines and the tax add up to 564.00.",
    "code": "TOTALS",
    "severity": "major",
    "dimension": "content",
    "stage": "",
    "detail": "",
    "error_code": "",
    "model_version": "prior",
    "prefix": "rk_3f9a1c",
    "secret": "whsec_2b7e151628aed2a6",
    "token": ID,
    "image": f"/v1/documents/{ID}/pages/1/image?run=1&v=3c9f",
    "thumbnail": f"/v1/documents/{ID}/pages/1/thumbnail?run=1&v=3c9f",
    "children": f"/v1/documents?parent={ID}",
    "self": f"/v1/documents/{ID}",
    "review": f"/documents/{ID}/",
    "source": "text",
    "priority": 0,
    "quarter_turns": 1,
    "overall": 91.5,
    "structural": 96.0,
    "content": 88.0,
    "compliance": 100.0,
    "freshness": 90.0,
    "seconds": 3600,
    "expires_at": "2030-01-31T00:00:00Z",
    "events": ["document.completed"],
    "scopes": ["document.view", "document.upload"],
    "dropped": [],
    "definition": {
        "key": "delivery_note",
        "title": "Delivery note",
        "version": 1,
        "keywords": ["delivery note"],
        "fields": [{"name": "number", "title": "Number", "kind": "text", "labels": ["delivery note no"]}],
    },
    "password": "correct horse battery staple",
    "metadata": {"cost_center": "4200"},
}

OMITTED: Final[Mapping[str, frozenset[str]]] = {  # one of two alternatives, or an id that must exist
    "IngestRequest": frozenset({"source_uri", "batch", "supersedes"}),
    "BulkReprocessingRequest": frozenset({"batch"}),
    "BulkChoiceRequest": frozenset({"batch"}),
    "ReprocessingRequest": frozenset({"password"}),
    "NextTaskRequest": frozenset({"queue"}),
    "CredentialsRequest": frozenset({"tenant"}),
}


class ExampleBuilder:
    """Builder of an example for a schema; references are resolved within the document."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        """Store the components."""
        self.schemas = schemas

    def example(self, schema: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - JSON
        """Return a value that the schema allows."""
        if "$ref" in schema:
            component = str(schema["$ref"]).rpartition("/")[2]
            found = self.example(self.schemas[component], name, depth)
            return without(found, OMITTED[component]) if component in OMITTED else found
        for choice in ("oneOf", "anyOf", "allOf"):
            if schema.get(choice):
                return self.example(schema[choice][0], name, depth)
        if schema.get("enum"):
            return schema["enum"][0]
        kinds = schema.get("type", "object" if "properties" in schema else "")
        kind = kinds[0] if isinstance(kinds, list) else kinds
        if kind == "object":
            return self._object(schema, name, depth)
        if kind == "array":
            return self._array(schema, name, depth)
        return scalar_example(schema, kind, name)

    def _object(self, schema: Mapping[str, Any], name: str, depth: int) -> dict[str, Any]:
        if "properties" not in schema:
            known = BY_NAME.get(name)
            return dict(known) if isinstance(known, Mapping) else {}
        if depth > MAX_DEPTH:
            return {}
        return {key: self.example(part, key, depth + 1) for key, part in schema["properties"].items()}

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        known = BY_NAME.get(name)
        if isinstance(known, list):
            return list(known)
        items = schema.get("items", {})
        return [self.example(items, "", depth + 1)] * max(1, int(schema.get("minItems", 1))) if items else []


def scalar_example(schema: Mapping[str, Any], kind: str, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value for a known format or name, of the right type and within the limits; else one of the type."""
    if schema.get("format") in BY_FORMAT:
        return BY_NAME[name] if name == "expires_at" else BY_FORMAT[str(schema["format"])]
    known = BY_NAME.get(name)
    value = known if isinstance(known, TYPES.get(kind, ())) else BY_TYPE.get(kind)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return max(schema.get("minimum", value), min(schema.get("maximum", value), value))
    return value


def without(members: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """Return the members that are not named."""
    return {name: value for name, value in members.items() if name not in names}
