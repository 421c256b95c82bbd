"""The OpenAPI file says what the API is, for programs and for people."""

import re

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from refinery.api.urls import urlpatterns

CLIENT = Client()


def test_the_file_is_openapi_3_1_and_names_every_endpoint() -> None:
    """Whatever the URL conf has below /v1, but for the two pages about it."""
    schema = CLIENT.get("/v1/schema").json()
    assert schema["openapi"] == "3.1.0"
    routes = {"/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(url.pattern)) for url in urlpatterns}
    assert routes - set(schema["paths"]) == {"/v1/schema", "/v1/docs"}


def test_it_is_made_without_a_warning() -> None:
    """A warning is a part of the API that the file does not tell rightly."""
    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # as spectacular is
    told = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert told == []


def test_operations_have_names_of_their_own_and_say_how_to_sign_in() -> None:
    """Clients are generated from them."""
    paths = CLIENT.get("/v1/schema").json()["paths"]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    open_to_all = {o["operationId"] for o in operations if not any(o.get("security", []))}
    assert open_to_all == {"create_tokens", "refresh_tokens"}


def test_the_page_for_people_stands_under_the_strict_policy() -> None:
    """No script or style of its own, nothing from elsewhere."""
    answer = CLIENT.get("/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r'<script(?![^>]*src="/static/)|<style|\sstyle="|(?:src|href)="(?:https?:)?//', text)
    for operation in ("create_api_key", "create_tokens"):
        assert f'id="{operation}"' in text


@pytest.mark.parametrize("path", ["/v1/schema", "/v1/docs"])
def test_both_are_open_and_ask_no_database(path: str) -> None:
    """The database is closed to it."""
    assert CLIENT.get(path).status_code == 200
