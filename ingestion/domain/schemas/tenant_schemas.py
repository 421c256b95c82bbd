"""Schemas as JSON, for tenants who write their own: parsed strictly, every error reported."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import value_types
from ingestion.domain.schemas.patterns import InvalidPattern, check_pattern

MAX_FIELDS = 100
MAX_LIST_ITEMS = 200
MAX_TEXT_LENGTH = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_POSITIONS = ("any", "top", "bottom")


class InvalidSchema(ValueError):
    """The schema cannot be used; `errors` maps a JSON pointer to the error at that place."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        """Store the errors, with a message that lists them all."""
        self.errors = dict(errors)
        super().__init__("; ".join(f"{where or '/'}: {what}" for where, what in self.errors.items()))


def schema_to_json(schema: SchemaSpec) -> dict[str, Any]:
    """Return the schema as plain JSON values."""
    return {
        "key": schema.key,
        "title": schema.title,
        "version": schema.version,
        "keywords": list(schema.keywords),
        "fields": [
            {
                "name": spec.name,
                "title": spec.title,
                "kind": str(spec.kind),
                "labels": list(spec.labels),
                "required": spec.required,
                "material": spec.material,
                "pattern": spec.pattern,
                "position": spec.position,
            }
            for spec in schema.fields
        ],
    }


class _SchemaParser:
    """Reads values and collects errors, so that one answer lists them all."""

    def __init__(self, *, stored: bool) -> None:
        self.errors: dict[str, str] = {}
        self.stored = stored

    def text(self, holder: Mapping[str, Any], key: str, where: str, default: str | None = None) -> str:
        value = holder.get(key, default)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_TEXT_LENGTH:
            self.errors[f"{where}/{key}"] = f"a text of 1 to {MAX_TEXT_LENGTH} characters is needed"
            return ""
        return value.strip()

    def name(self, holder: Mapping[str, Any], key: str, where: str) -> str:
        value = self.text(holder, key, where)
        if value and not _NAME.fullmatch(value):
            self.errors[f"{where}/{key}"] = "small letters, digits and underscores, beginning with a letter"
        return value

    def text_list(self, holder: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = holder.get(key, [])
        if not isinstance(value, list) or len(value) > MAX_LIST_ITEMS:
            self.errors[f"{where}/{key}"] = f"a list of at most {MAX_LIST_ITEMS} texts is needed"
            return ()
        if not all(isinstance(word, str) and 0 < len(word.strip()) <= MAX_TEXT_LENGTH for word in value):
            self.errors[f"{where}/{key}"] = f"each needs 1 to {MAX_TEXT_LENGTH} characters"
            return ()
        return tuple(word.strip() for word in value)

    def flag(self, holder: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
        value = holder.get(key, default)
        if not isinstance(value, bool):
            self.errors[f"{where}/{key}"] = "true or false is needed"
            return default
        return value

    def choice(self, holder: Mapping[str, Any], key: str, where: str, options: tuple[str, ...], default: str) -> str:
        value = holder.get(key, default)
        if value not in options:
            self.errors[f"{where}/{key}"] = f"one of {', '.join(options)} is needed"
            return default
        return str(value)

    def pattern(self, holder: Mapping[str, Any], where: str) -> str | None:
        value = holder.get("pattern")
        if value is None:
            return None
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT_LENGTH:
            self.errors[f"{where}/pattern"] = f"a regular expression of 1 to {MAX_TEXT_LENGTH} characters is needed"
            return None
        try:
            check_pattern(value)
        except InvalidPattern as fault:
            if self.stored:
                return None
            self.errors[f"{where}/pattern"] = f"not a regular expression of RE2: {fault}"
        return value

    def field(self, data: object, where: str) -> FieldSpec:
        if not isinstance(data, Mapping):
            self.errors[where] = "an object is needed"
            return FieldSpec("", "", FieldKind.TEXT)
        self.reject_unknown(data, where, FieldSpec.__slots__)
        name = self.name(data, "name", where)
        return FieldSpec(
            name=name,
            title=self.text(data, "title", where, name),
            kind=self.choice(data, "kind", where, tuple(value_types()), FieldKind.TEXT),
            labels=self.text_list(data, "labels", where),
            required=self.flag(data, "required", where, default=False),
            material=self.flag(data, "material", where, default=True),
            pattern=self.pattern(data, where),
            position=self.choice(data, "position", where, _POSITIONS, "any"),
        )

    def reject_unknown(self, holder: Mapping[str, Any], where: str, known: tuple[str, ...]) -> None:
        for key in holder:
            if key not in known:
                self.errors[f"{where}/{key}"] = "unknown"


def schema_from_json(data: object, *, stored: bool = False) -> SchemaSpec:
    """Read a schema from JSON text or decoded JSON; raises InvalidSchema with every error by JSON pointer.

    A `stored` schema was valid when it was written: a pattern that is no longer accepted is left out.
    """
    parser = _SchemaParser(stored=stored)
    if isinstance(data, str | bytes):
        try:
            data = json.loads(data)
        except ValueError as fault:
            raise InvalidSchema({"": f"not JSON: {fault}"}) from fault
    if not isinstance(data, Mapping):
        raise InvalidSchema({"": "an object is needed"})
    parser.reject_unknown(data, "", SchemaSpec.__slots__)
    listed = data.get("fields")
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_FIELDS:
        parser.errors["/fields"] = f"a list of 1 to {MAX_FIELDS} fields is needed"
        listed = []
    fields = tuple(parser.field(item, f"/fields/{index}") for index, item in enumerate(listed))
    names = [spec.name for spec in fields]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            parser.errors[f"/fields/{index}/name"] = "used twice"
    version = data.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        parser.errors["/version"] = "a whole number from 1 is needed"
        version = 1
    key = parser.name(data, "key", "")
    title = parser.text(data, "title", "", key)
    keywords = parser.text_list(data, "keywords", "")
    if parser.errors:
        raise InvalidSchema(parser.errors)
    return SchemaSpec(key=key, title=title, fields=fields, keywords=keywords, version=version)
