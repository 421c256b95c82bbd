"""The OpenAPI document and its pages."""

import ast
import inspect
import json
import re
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from ingestion.domain.schemas import schema_from_json
from refinery.core.web.openapi_problems import WITH_BODY
from tests.integration.rls.routes import routes

ANONYMOUS = Client()
BODY_STATUSES = {str(status) for status in WITH_BODY}  # of all operations that have a body


def test_openapi_schema_is_version_3_1_and_covers_every_endpoint() -> None:
    """Every URL below /v1 is covered, except the two documentation pages."""
    schema = ANONYMOUS.get("/v1/schema").json()
    assert schema["openapi"] == "3.1.0"
    paths = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", url.route) for url in routes() if url.route.startswith("/v1/")}
    assert set(schema["paths"]) < paths
    assert paths - set(schema["paths"]) == {"/v1/schema", "/v1/docs"}


def test_openapi_schema_generates_without_warnings() -> None:
    """A warning means that the document describes a part of the API incorrectly."""
    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # as spectacular is
    problems = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert problems == []


def test_openapi_operations_have_unique_ids_and_security() -> None:
    """Generated clients need them."""
    paths = ANONYMOUS.get("/v1/schema").json()["paths"]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    open_to_all = {o["operationId"] for o in operations if not any(o.get("security", []))}
    assert open_to_all == {"create_tokens", "refresh_tokens"}


def operations() -> list[tuple[str, dict[str, Any]]]:
    """Return the operations of the document, each with its method and path."""
    paths: dict[str, dict[str, Any]] = ANONYMOUS.get("/v1/schema").json()["paths"]
    return [(f"{method} {path}", found) for path, by_method in paths.items() for method, found in by_method.items()]


def bodies(operation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the JSON and form bodies of an operation's request and successful responses."""
    holders = [operation.get("requestBody", {}), *operation["responses"].values()]
    found = [item for holder in holders for item in holder.get("content", {}).items()]
    return [media for kind, media in found if kind in {"application/json", "multipart/form-data"}]


def test_openapi_operations_document_their_problems() -> None:
    components = ANONYMOUS.get("/v1/schema").json()["components"]
    for name, response in components["responses"].items():
        (media,) = response["content"].values()
        assert media["schema"] == {"$ref": "#/components/schemas/Problem"}, name
        Draft202012Validator(components["schemas"]["Problem"]).validate(media["example"])
    for name, operation in operations():
        assert {"400", "401", "429", "503"} <= set(operation["responses"]), name
        references = [one["$ref"].rpartition("/")[2] for one in operation["responses"].values() if "$ref" in one]
        assert set(references) <= set(components["responses"]), name


def test_openapi_operations_document_the_statuses_that_their_modules_raise() -> None:
    """A status such as 409 is named in the view's `problems`."""
    documented: dict[str, set[str]] = {}
    by_path = ANONYMOUS.get("/v1/schema").json()["paths"]
    for route in routes():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.route)
        for operation in by_path.get(path, {}).values():
            documented.setdefault(route.view.cls.__module__, set()).update(operation["responses"])  # type: ignore[attr-defined]  # Django REST framework's
    for module, statuses in documented.items():
        assert raised_statuses(sys.modules[module]) - BODY_STATUSES <= statuses, module


def raised_statuses(module: ModuleType) -> set[str]:
    """Return the statuses of the problems that a module's source raises."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Problem" and call.args]
    return {str(call.args[0].value) for call in named if isinstance(call.args[0], ast.Constant)}


def test_openapi_bodies_have_examples_that_are_valid() -> None:
    schema = ANONYMOUS.get("/v1/schema").json()
    for name, operation in operations():
        for media in bodies(operation):
            checker = Draft202012Validator({**media["schema"], "components": schema["components"]})
            assert [error.message for error in checker.iter_errors(media["example"])] == [], name


def test_openapi_example_of_a_schema_is_accepted() -> None:
    example = ANONYMOUS.get("/v1/schema").json()["paths"]["/v1/schemas"]["post"]["requestBody"]
    assert schema_from_json(example["content"]["application/json"]["example"]["definition"]).key == "delivery_note"


def test_openapi_lists_are_described_as_pages_or_arrays_like_their_responses() -> None:
    pages = {
        name
        for name, operation in operations()
        for media in bodies(operation)
        if media["schema"].get("$ref", "").rpartition("/")[2].startswith("Paginated")
    }
    assert pages == {
        f"get /v1/{path}"
        for path in (
            "api-keys",
            "batches",
            "documents",
            "models",
            "models/trainings",
            "review/tasks",
            "schemas",
            "training-examples",
            "webhooks",
            "webhooks/{webhook_id}/deliveries",
        )
    }


def test_openapi_nullable_members_are_satisfied_by_null_once() -> None:
    """A oneOf with an empty schema accepts null twice, and therefore never."""
    assert '{"oneOf": [{}' not in json.dumps(ANONYMOUS.get("/v1/schema").json())


def test_openapi_bodies_reject_unknown_members_like_the_program() -> None:
    schema = ANONYMOUS.get("/v1/schema").json()
    for name, operation in operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            body = schema["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
            assert body["additionalProperties"] is False, name


def test_openapi_docs_page_follows_strict_csp() -> None:
    """The page has no inline script or style and loads nothing from other sites."""
    answer = ANONYMOUS.get("/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r'<script(?![^>]*src="/static/)|<style|\sstyle="|(?:src|href)="(?:https?:)?//', text)
    for operation in ("create_api_key", "create_tokens"):
        assert f'id="{operation}"' in text


def test_openapi_schema_is_generated_once_and_cached_by_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is public and its generation takes a second of processor time."""
    first = ANONYMOUS.get("/v1/schema")
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: pytest.fail("generated again"))
    again = ANONYMOUS.get("/v1/schema")
    assert again.content == first.content
    assert again["Cache-Control"] == "public, max-age=300"
    unchanged = ANONYMOUS.get("/v1/schema", headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.parametrize("path", ["/v1/schema", "/v1/docs"])
def test_openapi_pages_are_public_and_use_no_database(path: str) -> None:
    """The test has no database access."""
    assert ANONYMOUS.get(path).status_code == 200
