"""The OpenAPI document and its pages."""

import re

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from tests.integration.rls.routes import routes

ANONYMOUS = Client()


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
    told = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert told == []


def test_openapi_operations_have_unique_ids_and_security() -> None:
    """Generated clients need them."""
    paths = ANONYMOUS.get("/v1/schema").json()["paths"]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    open_to_all = {o["operationId"] for o in operations if not any(o.get("security", []))}
    assert open_to_all == {"create_tokens", "refresh_tokens"}


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
