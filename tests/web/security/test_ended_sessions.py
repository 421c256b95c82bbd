"""After a session has ended: the sign-in leads back to a page, never to a fragment, a form's address or a bare 405."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from refinery.core.tenancy.roles import Role
from refinery.core.web.sign_in_redirects import page_path
from tests.support.factories.documents import make_task
from tests.support.factories.tenants import PASSWORD, TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
HOME = "http://testserver"
ID = "00000000-0000-0000-0000-000000000001"


def ended(tenant: TenantFixture) -> Client:
    """Return the browser of a reviewer whose session has ended on the server."""
    client = tenant.client(Role.REVIEWER)
    client.session.flush()
    return client


def way_back(client: Client, location: str) -> str:
    """Sign in on the page that a response leads to; return where that leads."""
    query = parse_qs(urlsplit(location).query)
    form = {"username": "reviewer@acme.example", "password": PASSWORD, "next": query["next"][0]}
    return client.post(location, form)["Location"]


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/", "/"),
        ("/?part=counts&queue=5", "/?queue=5"),
        ("/documents/?status=FAILED&part=rows", "/documents/?status=FAILED"),
        ("/review/start/", "/"),
        (f"/review/tasks/{ID}/", f"/review/tasks/{ID}/"),
    ],
)
def test_page_is_opened_whole_after_signing_in(address: str, back: str) -> None:
    """With its filters."""
    client = ended(make_tenant())
    answer = client.get(address)
    location = answer["Location"] if answer.status_code == 302 else f"/sign-in/?next={address}"
    assert way_back(client, location) == back


def test_form_leads_back_to_its_page_with_a_note() -> None:
    """The page that it was on, on this site only; the note says that it was not carried out."""
    tenant = make_tenant()
    task = make_task(tenant)
    client = ended(tenant)
    page = f"/review/tasks/{task.id}/?queue=7"
    answer = client.post("/review/start/", headers={"Referer": HOME + page})
    assert answer.status_code == 302
    assert 'data-testid="unsent"' in client.get(answer["Location"]).content.decode()
    back = way_back(client, answer["Location"])
    assert back == page
    assert client.get(back).status_code == 200
    for foreign in ("", "https://evil.example/x", "http://testserver.evil.example/"):
        answer = ended(tenant).post("/review/start/", headers={"Referer": foreign})
        assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/"]


def test_htmx_request_changes_nothing_on_the_page() -> None:
    """It gets 401 instead of the sign-in page in the place of a part."""
    client = ended(make_tenant())
    for answer in (
        client.get("/?part=counts", headers={"HX-Request": "true"}),
        client.post("/review/start/", headers={"HX-Request": "true"}),
    ):
        assert (answer.status_code, answer["HX-Reswap"]) == (401, "none")
        assert b"<form" not in answer.content


def patterns(resolver: URLResolver, prefix: str = "/") -> list[str]:
    """Return every address of the program, with an id for each parameter."""
    found = []
    for each in resolver.url_patterns:
        place = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            found += patterns(each, place)
        elif isinstance(each, URLPattern):
            found.append(place)
    return found


def test_no_address_leads_to_an_empty_page_after_signing_in() -> None:
    """Of all addresses of the program, whichever a form or a bookmark names."""
    client = make_tenant().client(Role.ORG_ADMIN)
    wrong = {}
    for pattern in patterns(get_resolver()):
        address = re.sub(r"<[^>]*>", lambda found: ID if found[0].startswith(("<uuid:", "<path:")) else "1", pattern)
        if not address.isascii() or any(sign in address for sign in "^$()\\"):
            continue
        answer = client.get(page_path(address))
        if answer.status_code == 405 or (answer.status_code >= 400 and not answer.content):
            wrong[address] = answer.status_code
    assert wrong == {}


def test_wrong_method_is_a_page_for_people_and_a_problem_for_programs() -> None:
    """Both name the methods that are allowed."""
    client = make_tenant().client(Role.REVIEWER)
    page = client.get("/review/start/")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert b"takes forms only" in page.content
    program = client.get("/review/start/", headers={"Accept": "application/json"})
    assert (program.status_code, program.json()["status"]) == (405, 405)
