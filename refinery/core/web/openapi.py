"""OpenAPI schema, as JSON at /v1/schema and as a page at /v1/docs."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from refinery.core.web.content_negotiation import IgnoreAcceptHeader
from refinery.settings.env import ROOT

OPENAPI_FILE: Final = ROOT / "docs" / "reference" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
MAX_DEPTH = 4
OPENAPI_MEDIA_TYPE: Final = "application/vnd.oai.openapi+json"
SCHEMA_MAX_AGE_SECONDS: Final = 300
_schema_lock = threading.Lock()


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # spectacular registers subclasses
    """Authentication of programs: an API key or an access token, both as Bearer."""

    target_class = "refinery.core.web.authentication.ActorAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ANN401 - spectacular's signature
        """Return the security scheme in OpenAPI's format."""
        return {"type": "http", "scheme": "bearer", "description": "An API key, or an access token."}


class SchemaView(APIView):
    """OpenAPI 3.1 as JSON; it names no tenant, so it is public, and it depends only on the code, so it is kept."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = IgnoreAcceptHeader

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase:
        """Return the schema; 304 if the client has it."""
        body, tag = published_schema()
        headers = {"ETag": tag, "Cache-Control": f"public, max-age={SCHEMA_MAX_AGE_SECONDS}"}
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(body, content_type=OPENAPI_MEDIA_TYPE, headers=headers)


def openapi_text() -> str:
    """Return the schema of the API as JSON with sorted keys, so that a small change makes a small diff.

    OPENAPI_FILE is its committed copy, so that changes of the API are visible in a commit's diff.
    """
    return json.dumps(_schema(), indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def published_schema() -> tuple[bytes, str]:
    """Return the schema as JSON with its ETag, generated once per process."""
    with _schema_lock:
        return _published_schema()


@cache
def _published_schema() -> tuple[bytes, str]:
    body = json.dumps(_schema(), ensure_ascii=False, default=str).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _schema() -> dict[str, Any]:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # spectacular leaves it unannotated
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


@dataclass(frozen=True, slots=True)
class SchemaMember:
    """Row of a body or of the parameters: `name` may be a path such as `scores.overall`."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Operation (a method of a path) as shown on the page."""

    id: str
    method: str
    path: str
    title: str
    parameters: tuple[SchemaMember, ...]
    body: tuple[SchemaMember, ...]
    responses: tuple[tuple[str, tuple[SchemaMember, ...]], ...]
    problems: tuple[tuple[str, str], ...]
    open: bool


def type_name_of(schema: Mapping[str, Any]) -> str:
    """Return a schema's type in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return " | ".join(dict.fromkeys(type_name_of(part) for part in schema[choice]))
    kind = schema.get("type", "any")
    name = " | ".join(kind) if isinstance(kind, list) else str(kind)
    if "items" in schema:
        return f"{name} of {type_name_of(schema['items'])}"
    return f"{name} ({schema['format']})" if "format" in schema else name


def description_of(schema: Mapping[str, Any]) -> str:
    """Return further facts of a schema: the description and the allowed values."""
    values = ", ".join(str(value) for value in schema.get("enum", ()) if value is not None)
    return " ".join(part for part in (str(schema.get("description", "")), values) if part)


class OpenApiReader:
    """Reader that converts a schema to rows for display."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Store the whole schema, for its references."""
        self.schema = schema
        self.parts: Mapping[str, Any] = schema.get("components", {}).get("schemas", {})

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Resolve a reference."""
        if "$ref" not in schema:
            return schema
        found: Mapping[str, Any] = self.parts.get(type_name_of(schema), {})
        return found

    def members(self, schema: Mapping[str, Any], before: str = "", depth: int = 0) -> tuple[SchemaMember, ...]:
        """Return the members of an object, with those of inner objects prefixed by their names."""
        whole = self.resolved(schema)
        if "items" in whole:
            return self.members(whole["items"], f"{before}[]." if before else "[].", depth + 1)
        required = set(whole.get("required", ()))
        lines: list[SchemaMember] = []
        for name, part in whole.get("properties", {}).items():
            inner = self.resolved(part)
            lines.append(
                SchemaMember(before + name, type_name_of(part), name in required, description_of({**inner, **part}))
            )
            if depth < MAX_DEPTH:
                lines += self.members(part, f"{before}{name}.", depth + 1)
        return tuple(lines)

    def content(self, holder: Mapping[str, Any]) -> tuple[SchemaMember, ...]:
        """Return the members of a request or response body."""
        for media in holder.get("content", {}).values():
            return self.members(media.get("schema", {}))
        return ()

    def shared_meaning(self, reference: Mapping[str, Any]) -> str:
        """Return the description of a shared response."""
        shared: Mapping[str, Any] = self.schema["components"]["responses"][type_name_of(reference)]
        return str(shared["description"])

    def operation(self, path: str, method: str, given: Mapping[str, Any]) -> Operation:
        """Read one operation."""
        parameters = tuple(
            SchemaMember(one["name"], type_name_of(one.get("schema", {})), bool(one.get("required")), f"in {one['in']}")
            for one in given.get("parameters", ())
        )
        responses = given.get("responses", {})
        answers = tuple((code, self.content(one)) for code, one in responses.items() if "$ref" not in one)
        problems = tuple((code, self.shared_meaning(one)) for code, one in responses.items() if "$ref" in one)
        title = str(given.get("summary") or given.get("description") or "")
        body = self.content(given.get("requestBody", {}))
        name = str(given.get("operationId", f"{method}{path}"))
        return Operation(
            name, method.upper(), path, title, parameters, body, answers, problems, not given.get("security")
        )

    def operations(self) -> tuple[Operation, ...]:
        """Return all operations, by path."""
        return tuple(
            self.operation(path, method, by_method[method])
            for path, by_method in sorted(self.schema.get("paths", {}).items())
            for method in METHODS
            if method in by_method
        )


@cache
def published_operations() -> tuple[Operation, ...]:
    """Return all operations, read once per process: the schema depends only on the code."""
    return OpenApiReader(_schema()).operations()


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Render the API reference on the server, without scripts or external resources."""
    return render(request, "api/docs.html", {"operations": published_operations()})
