"""JSON of responses, written by orjson in the notation of Django and REST framework."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

# Times have Django's and REST framework's own notation; keys may be numbers, as in Python's encoder.
OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS
# Line ends in JavaScript but not in JSON: escaped, as REST framework does.
LINE_ENDS: Final = ((b"\xe2\x80\xa8", rb"\u2028"), (b"\xe2\x80\xa9", rb"\u2029"))


def _encode(value: object, default: Callable[[Any], Any]) -> bytes:
    found = orjson.dumps(value, default=default, option=OPTIONS)
    for character, escape in LINE_ENDS:
        found = found.replace(character, escape)
    return found


class OrjsonRenderer(JSONRenderer):
    """Renderer of REST framework; a response with an indent is written by Python's encoder."""

    def render(
        self,
        data: Any,  # noqa: ANN401 - JSON
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the body; nothing for None."""
        if data is None:
            return b""
        if self.get_indent(accepted_media_type or "", dict(renderer_context or {})):
            indented: bytes = super().render(data, accepted_media_type, renderer_context)
            return indented
        return _encode(data, JSONEncoder().default)


class OrjsonResponse(HttpResponse):
    """JSON of a page, with the types that Django's JsonResponse accepts."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Encode the data."""
        super().__init__(_encode(data, DjangoJSONEncoder().default), content_type="application/json")
