"""JSON from clients: nested no deeper than the program can handle, and without numbers that JSON does not have."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import IO, Any, Final

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, get_encoding  # type: ignore[attr-defined]  # newer than the types

from refinery.core.web.json_output import OrjsonRenderer

MAX_JSON_DEPTH: Final = 40
NOT_JSON: Final = "This is not JSON that can be read."


class InvalidJson(ValueError):
    """The text is not JSON, or is nested too deeply."""


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON
    """Parse JSON; raises InvalidJson."""
    try:
        parsed = json.loads(text, parse_float=_finite_number, parse_constant=_no_constant)
    except (ValueError, RecursionError) as reason:
        raise InvalidJson(NOT_JSON) from reason
    _require_shallow(parsed)
    return parsed


def _finite_number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise InvalidJson(NOT_JSON)
    return number


def _no_constant(name: str) -> float:
    """Reject NaN and Infinity, which Python's parser would accept."""
    raise InvalidJson(NOT_JSON)


def _require_shallow(parsed: Any) -> None:  # noqa: ANN401 - JSON
    """Raise InvalidJson for more levels than MAX_JSON_DEPTH, level by level instead of by recursion."""
    level = [parsed]
    for _ in range(MAX_JSON_DEPTH):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    message = f"It is nested more than {MAX_JSON_DEPTH} levels deep."
    raise InvalidJson(message)


def _children(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class BoundedJsonParser(BaseParser):
    """Parser of JSON bodies for REST framework."""

    media_type = "application/json"
    renderer_class = OrjsonRenderer

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - JSON
        """Parse a body; raises ParseError."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise ParseError(f"A body may have at most {limit} bytes.")
        try:
            return parse_json(body.decode(get_encoding(parser_context or {})))
        except (InvalidJson, UnicodeError) as reason:
            raise ParseError(str(reason) if isinstance(reason, InvalidJson) else NOT_JSON) from reason
