"""Errors outside views: a problem below /v1, an HTML page elsewhere."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from refinery.core.tenancy.roles import Role
from refinery.core.web.error_responses import response_for
from refinery.core.web.problems import Problem
from tests.support.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db
NO_BOUNDARY = "multipart/form-data"


def problem_of(response: Any) -> tuple[int, str, str]:  # noqa: ANN401 - the test client's answer
    """Return a problem's status, type and title from its body."""
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == response.status_code
    assert said["detail"]
    return said["status"], said["type"].rpartition(":")[2], said["title"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/documents/no-id", "/v1/documents/", "/v1/"])
def test_unknown_api_path_is_problem(path: str) -> None:
    """For every client, regardless of its Accept header."""
    assert problem_of(Client(headers={"Accept": "text/html"}).get(path)) == (404, "not-found", "Not found")
    assert problem_of(make_tenant().api(Role.OPERATOR).post(path, {})) == (404, "not-found", "Not found")


def test_unknown_page_is_html_page() -> None:
    """A browser gets an HTML page."""
    response = Client().get("/nothing/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


def test_problem_titles_and_types_are_consistent() -> None:
    """Titles contain neither template braces nor underscores."""
    api = make_tenant().api(Role.OPERATOR)
    assert problem_of(api.get("/v1/documents/ingest")) == (405, "method-not-allowed", "Method not allowed")
    wrong = api.post("/v1/documents/ingest", b"x", "text/plain")
    assert problem_of(wrong) == (415, "unsupported-media-type", "Unsupported media type")
    assert problem_of(api.post("/v1/batches", b"{", "application/json")) == (400, "parse-error", "Bad request")


@pytest.mark.parametrize("path", ["/v1/documents/ingest", "/v1/extract", "/v1/batches"])
def test_form_without_boundary_is_problem(path: str) -> None:
    """Django fails before any view."""
    assert problem_of(make_tenant().api(Role.OPERATOR).post(path, b"half", NO_BOUNDARY))[0] in {400, 415}


def test_unknown_host_is_problem() -> None:
    """Neither an HTML page nor a server error."""
    assert problem_of(Client(headers={"Host": "elsewhere.example"}).get("/v1/documents"))[0] == 400
    assert Client(headers={"Host": "elsewhere.example"}).get("/sign-in/").status_code == 400


def test_expired_csrf_form_is_html_page() -> None:
    """For example after signing in in another tab; an API client gets the problem."""
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in/", {})
    assert response.status_code == 403
    assert b"This form has expired" in response.content
    assert problem_of(client.post("/sign-in/", {}, headers={"Accept": "application/json"}))[:2] == (403, "csrf")


def refusal_for(accept: str) -> HttpResponse:
    """Return a refusal that has no special page."""
    request: HttpRequest = RequestFactory().post("/documents/", headers={"Accept": accept})
    refusal = Problem(409, "in-progress", "It is under way", "Someone reads <it>.")
    answer = response_for(request, refusal)
    assert answer is not None
    return answer


def test_problem_is_html_page_for_browser() -> None:
    """The page shows title and detail, escaped; an API client gets the problem."""
    page = refusal_for("text/html")
    assert (page.status_code, page["Content-Type"]) == (409, "text/html; charset=utf-8")
    assert b"It is under way" in page.content
    assert b"Someone reads &lt;it&gt;." in page.content
    assert refusal_for("application/json")["Content-Type"] == "application/problem+json"
