"""Examples in the OpenAPI document: built from the schemas, with realistic values for known names."""

from collections.abc import Mapping
from typing import Any, Final

from refinery.core.web.openapi_example_values import BY_COMPONENT, BY_FORMAT, BY_NAME, BY_TYPE, OMITTED

MAX_DEPTH: Final = 6
TYPES: Final[Mapping[str, tuple[type, ...]]] = {"string": (str,), "integer": (int,), "number": (int, float)}


class ExampleBuilder:
    """Builder of an example for a schema; references are resolved within the document."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        """Store the components."""
        self.schemas = schemas

    def example(self, schema: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - JSON
        """Return a value that the schema allows."""
        if "$ref" in schema:
            component = str(schema["$ref"]).rpartition("/")[2]
            return adapted(self.example(self.schemas[component], name, depth), component)
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


def adapted(found: Any, component: str) -> Any:  # noqa: ANN401 - JSON
    """Return the example of a component with the values that it alone has, and without the omitted members."""
    if not isinstance(found, Mapping):
        return found
    known, omitted = BY_COMPONENT.get(component, {}), OMITTED.get(component, frozenset())
    return {name: known.get(name, value) for name, value in found.items() if name not in omitted}
