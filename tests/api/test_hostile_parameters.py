"""Every parameter of every endpoint with hostile values: an answer below 500, always."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from ingestion.domain.schemas import BUILT_IN_SCHEMAS, schema_to_json
from ingestion.models import Schema
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web.json_bodies import MAX_JSON_DEPTH
from refinery.core.web.openapi import published_schema
from tests.integration.rls.routes import FIXED_PARAMETERS, ROW_PARAMETERS, UrlRoute, routes
from tests.support.factories.populated_tenant import PopulatedTenant, make_populated_tenant

pytestmark = pytest.mark.django_db

TEXTS = (
    "9" * 5000,
    "-" + "9" * 5000,
    str(2**63),
    str(-(2**31) - 1),
    "1e999",
    "NaN",
    "٣",
    "\u00b2",
    "\x00",
    "%00",
    "\ud800",
    "x" * 20_000,
    "",
    "[]",
    "../../etc/passwd",
)
DEEP = "[" * 100_000 + "]" * 100_000
BODIES = (
    DEEP,
    '{"a":' * 50_000 + "1" + "}" * 50_000,
    "[" * (MAX_JSON_DEPTH + 1) + "]" * (MAX_JSON_DEPTH + 1),
    '{"name": ' + "9" * 5000 + "}",
    '{"name": 1e999}',
    '{"name": NaN}',
    '"text"',
    "null",
    "\ud800",
    "{",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    2**64,
    -(2**64),
    1e300,
    "",
    "\x00",
    "\ud800",
    "x" * 20_000,
    "9" * 5000,
    [],
    [[]],
    [None],
    ["\x00"],
    [2**64],
    {},
    {"a": {"a": {"a": None}}},
    {"\x00": 1},
)
HEADERS = {
    "If-Match": ('"' + "9" * 5000 + '"', '"99999999999"', "*", '"-1"', "\u00e9"),
    "If-None-Match": ("*", '"' + "x" * 5000),
    "Idempotency-Key": ("x" * 5000, "\u00e9", "a b"),
    "Prefer": ("wait=" + "9" * 5000, "wait=-1", ",,,,;;;"),
    "Accept": ("application/x-nothing", "*" * 2000, "a/b;q=x"),
    "Accept-Language": ("x" * 5000, "de;q=" + "9" * 5000),
    "Content-Type": ("application/json; charset=utf-7", "application/json; charset=bz2", "multipart/form-data", "x"),
    "X-Request-Id": ("x" * 5000,),
    "Range": ("bytes=9" * 500, "bytes=5-1"),
}
PAGE_QUERY = ("next", "queue", "schema", "batch", "status", "after", "mine", "overdue", "sort", "page", "waiting")
QUERY = ("limit", "cursor", "run", "v", "format", "priority", "status", "token", "page", "part", "q", "days", "from")


@pytest.fixture
def owner() -> PopulatedTenant:
    """Return a tenant with a row in every table, and a schema that its fields can be validated by."""
    populated = make_populated_tenant("acme")
    with tenant_scope(populated.tenant.tenant_id):
        Schema.objects.update(definition=schema_to_json(BUILT_IN_SCHEMAS[0]))
    return populated


@pytest.fixture
def client(owner: PopulatedTenant) -> Client:
    """Return a client that may do everything; exceptions become responses."""
    client = owner.tenant.api(Role.ORG_ADMIN)
    client.raise_request_exception = False
    return client


def api_routes() -> list[UrlRoute]:
    """Return the routes below /v1."""
    return [one for one in routes() if one.route.startswith("/v1/")]


def send(client: Client, method: str, path: str, **given: Any) -> int:
    """Send a request, roll back its effects and return its status."""
    with transaction.atomic():
        response = client.generic(method, path, **given)
        transaction.set_rollback(True)
    return int(response.status_code)


def send_json(client: Client, method: str, path: str, body: str, **headers: str) -> int:
    """Send a JSON body."""
    raw = body.encode("utf-8", "surrogatepass")
    return send(client, method, path, data=raw, content_type="application/json", headers={"If-Match": '"1"', **headers})


def methods_of(route: UrlRoute) -> list[str]:
    """Return the methods that a route has."""
    return list(route.permissions) or ["GET", "POST"]


@cache
def api_schema() -> dict[str, Any]:
    """Return the OpenAPI document."""
    parsed: dict[str, Any] = json.loads(published_schema()[0])
    return parsed


def body_fields(path: str, method: str) -> list[str]:
    """Return the members of an operation's body, from the OpenAPI document."""
    schema = api_schema()
    operation = schema["paths"].get(path, {}).get(method.lower(), {})
    for media in operation.get("requestBody", {}).get("content", {}).values():
        found: Mapping[str, Any] = media["schema"]
        if "$ref" in found:
            found = schema["components"]["schemas"][found["$ref"].rpartition("/")[2]]
        return list(found.get("properties", {}))
    return []


def query_values(path: str) -> Iterator[tuple[str, str]]:
    """Yield the query parameters of a path with each text, and those that other endpoints read with a few."""
    operations = api_schema()["paths"].get(path, {})
    named = {one["name"] for each in operations.values() for one in each.get("parameters", ()) if one["in"] == "query"}
    for name in named | set(QUERY):
        for text in TEXTS if name in named else TEXTS[:1]:
            yield name, text


def template_of(route: UrlRoute) -> str:
    """Return a route as OpenAPI writes it."""
    return route.path({name: f"{{{name}}}" for name in route.parameters})


def faults(statuses: Iterator[tuple[str, int]]) -> list[str]:
    """Return what was answered with 500 or above; 503 included, because nothing is down."""
    return [f"{what}: {status}" for what, status in statuses if status >= 500]


@pytest.mark.parametrize("route", api_routes(), ids=lambda route: route.name)
def test_hostile_query_headers_and_bodies_are_answered_below_500(
    route: UrlRoute, owner: PopulatedTenant, client: Client
) -> None:
    path, template = route.path(route.values(owner)), template_of(route)

    def statuses() -> Iterator[tuple[str, int]]:
        for method in methods_of(route):
            for name, text in query_values(template) if method == "GET" else ():
                query = {"QUERY_STRING": f"{name}={quoted(text)}"}
                yield f"{method} ?{name}={text[:20]!r}", send(client, method, path, **query)
            for name, values in HEADERS.items():
                for value in values:
                    yield f"{method} {name}: {value[:20]!r}", send_with_header(client, method, path, name, value)
            if method in {"GET", "DELETE"}:
                continue
            for body in BODIES:
                yield f"{method} {body[:20]!r}", send_json(client, method, path, body)
            for field in body_fields(template, method):
                for value in VALUES:
                    body = json.dumps({field: value})
                    yield f"{method} {field}={str(value)[:20]!r}", send_json(client, method, path, body)

    assert faults(statuses()) == []


def quoted(text: str) -> str:
    """Encode a value of a query; unpaired surrogates as their bytes."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def send_with_header(client: Client, method: str, path: str, name: str, value: str) -> int:
    """Send a request with one hostile header."""
    if name == "Content-Type":
        return send(client, method, path, data=b"{}", content_type=value, headers={"If-Match": '"1"'})
    return send(client, method, path, data=b"{}", content_type="application/json", headers={name: value})


@pytest.mark.parametrize("route", [one for one in routes() if one.parameters], ids=lambda route: route.name)
def test_hostile_path_parameters_are_answered_below_500(
    route: UrlRoute, owner: PopulatedTenant, client: Client
) -> None:
    """Pages too; those of the admin answer a session only."""
    values = route.values(owner)
    browser = owner.tenant.client(Role.ORG_ADMIN)
    browser.raise_request_exception = False

    def statuses() -> Iterator[tuple[str, int]]:
        for name in route.parameters:
            for text in TEXTS:
                if text and name in FIXED_PARAMETERS | ROW_PARAMETERS:
                    path = route.path({**values, name: quoted(text)})
                    yield f"{name}={text[:20]!r}", send(client if path.startswith("/v1/") else browser, "GET", path)

    assert faults(statuses()) == []


@pytest.fixture
def names_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names of the query parameters that views have asked for so far."""
    names: set[str] = set()

    def record(method: str) -> None:
        original = getattr(QueryDict, method)

        def recorded(self: QueryDict, name: str, *rest: Any) -> Any:  # noqa: ANN401 - as QueryDict
            names.add(name)
            return original(self, name, *rest)

        monkeypatch.setattr(QueryDict, method, recorded)

    for method in ("get", "__getitem__", "getlist", "__contains__"):
        record(method)
    return names


@pytest.mark.parametrize(
    "address", ["/documents/", "/review/", "/batches/", "/reprocessings/", "/models/", "/sign-in/"]
)
def test_hostile_queries_of_pages_are_answered_below_500(
    address: str, owner: PopulatedTenant, names_read: set[str]
) -> None:
    """Each parameter that the page asks for, also those that it asks for only because of another one."""
    browser = owner.tenant.client(Role.ORG_ADMIN)
    browser.raise_request_exception = False
    cursors = (
        f"{'9' * 5000}_1_{owner.ids['task_id']}",
        f"1_nan_{owner.ids['task_id']}",
        f"1_1e308_{owner.ids['task_id']}",
    )

    def statuses() -> Iterator[tuple[str, int]]:
        every = "&".join(f"{name}={quoted(TEXTS[0])}" for name in PAGE_QUERY)
        yield every, send(browser, "GET", address, QUERY_STRING=every)
        tried: set[str] = set()
        while untried := names_read - tried:
            for name in untried:
                tried.add(name)
                for text in (*TEXTS, *cursors):
                    query = {"QUERY_STRING": f"{name}={quoted(text)}"}
                    yield f"?{name}={text[:20]!r}", send(browser, "GET", address, **query)

    assert faults(statuses()) == []
    assert {"part", "status"} <= names_read or address != "/documents/"


def test_json_answers_are_not_stored_by_caches(owner: PopulatedTenant, client: Client) -> None:
    """Also problems; an endpoint that sets its own rule keeps it."""
    document = f"/v1/documents/{owner.ids['document_id']}"
    for path in (document, "/v1/documents", f"{document}/text?format=json", "/v1/nothing"):
        assert client.get(path)["Cache-Control"] == "no-store", path
    assert client.get(f"{document}/pages/1/image")["Cache-Control"] == "private, no-cache"
