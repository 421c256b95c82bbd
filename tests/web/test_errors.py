"""What goes wrong before a view is asked, or in one for a person: a problem below /v1, a page elsewhere."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from refinery.core.tenancy.roles import Role
from refinery.core.web.error_responses import answer_to
from refinery.core.web.problems import Problem
from tests.factories.people import make_house

pytestmark = pytest.mark.django_db
NO_BOUNDARY = "multipart/form-data"


def told(response: Any) -> tuple[int, str, str]:  # noqa: ANN401 - the test client's answer
    """Give a problem's status, type and title, all of them as they are in its body."""
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == response.status_code
    assert said["detail"]
    return said["status"], said["type"].rpartition(":")[2], said["title"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/documents/no-id", "/v1/documents/", "/v1/"])
def test_an_address_below_v1_that_leads_nowhere_is_a_problem(path: str) -> None:
    """For whoever asks, and whatever they would rather have."""
    assert told(Client(headers={"Accept": "text/html"}).get(path)) == (404, "not-found", "Not found")
    assert told(make_house().api(Role.OPERATOR).post(path, {})) == (404, "not-found", "Not found")


def test_a_page_that_is_not_there_is_a_page() -> None:
    """A person gets words."""
    response = Client().get("/nothing/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


def test_titles_name_what_is_wrong_and_types_are_written_alike() -> None:
    """No template's braces, no underscores."""
    api = make_house().api(Role.OPERATOR)
    assert told(api.get("/v1/documents/ingest")) == (405, "method-not-allowed", "Method not allowed")
    wrong = api.post("/v1/documents/ingest", b"x", "text/plain")
    assert told(wrong) == (415, "unsupported-media-type", "Unsupported media type")
    assert told(api.post("/v1/batches", b"{", "application/json")) == (400, "parse-error", "Bad request")


@pytest.mark.parametrize("path", ["/v1/documents/ingest", "/v1/extract", "/v1/batches"])
def test_a_form_without_a_boundary_is_a_problem(path: str) -> None:
    """Django gives up before any view."""
    assert told(make_house().api(Role.OPERATOR).post(path, b"half", NO_BOUNDARY))[0] in {400, 415}


def test_a_host_that_is_not_served_is_a_problem() -> None:
    """Neither a page nor a fault."""
    assert told(Client(headers={"Host": "elsewhere.example"}).get("/v1/documents"))[0] == 400
    assert Client(headers={"Host": "elsewhere.example"}).get("/sign-in/").status_code == 400


def test_a_person_whose_form_expired_gets_a_page() -> None:
    """Signed in by another tab, say; a program gets the problem."""
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in/", {})
    assert response.status_code == 403
    assert b"This form has expired" in response.content
    assert told(client.post("/sign-in/", {}, headers={"Accept": "application/json"}))[:2] == (403, "csrf")


def answered(accept: str) -> HttpResponse:
    """Answer a refusal that has no page of its own."""
    request: HttpRequest = RequestFactory().post("/documents/", headers={"Accept": accept})
    refusal = Problem(409, "under-way", "It is under way", "Someone reads <it>.")
    answer = answer_to(request, refusal)
    assert answer is not None
    return answer


def test_a_refusal_is_a_page_for_a_person() -> None:
    """Title and detail, escaped; a program gets the problem."""
    page = answered("text/html")
    assert (page.status_code, page["Content-Type"]) == (409, "text/html; charset=utf-8")
    assert b"It is under way" in page.content
    assert b"Someone reads &lt;it&gt;." in page.content
    assert answered("application/json")["Content-Type"] == "application/problem+json"
