"""The pages over the real database: what they show, to whom, and from how many queries."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ingestion.domain.lifecycle import DocumentStatus
from quality.models import ModelVersion
from quality.services.model_training import LEAST
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web.middleware import SESSION_TENANT
from tests.factories.documents import claimed, make_batch, make_document, make_task
from tests.factories.people import House, make_house

pytestmark = pytest.mark.django_db
SESSION_AND_TENANT = 8  # session, user, memberships, the scope of the tenant


@pytest.fixture
def house() -> House:
    """Give a tenant with a person for every role."""
    return make_house()


def embedded(page: bytes) -> dict[str, Any]:
    """Read the viewer's JSON from its page."""
    text = page.decode()
    begin = text.index('id="task-payload"')
    start = text.index(">", begin) + 1
    found: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
    return found


def test_the_desk_shows_what_waits(house: House) -> None:
    """Tasks with the router's reason; the count that the button stands beside."""
    for name in ("first.pdf", "second.pdf"):
        make_task(house, make_document(house, filename=name))
    page = house.client(Role.REVIEWER).get("/").content.decode()
    assert 'data-testid="queue-count">2<' in page
    assert "first.pdf" in page
    assert 'data-testid="start-reviewing"' in page


def test_the_desk_costs_the_same_for_many(
    house: House, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The number of queries does not grow with the number of tasks."""
    client = house.client(Role.REVIEWER)
    for _ in range(12):
        make_task(house)
    client.get("/")
    with django_assert_max_num_queries(8 + SESSION_AND_TENANT):
        assert client.get("/").status_code == 200


def test_who_may_not_review_sees_documents(house: House) -> None:
    """A viewer's front page is the list of documents, without uploads."""
    client = house.client(Role.VIEWER)
    assert client.get("/").headers["Location"] == "/documents/"
    assert 'data-testid="upload"' not in client.get("/documents/").content.decode()


def test_starting_claims_the_next_task(house: House) -> None:
    """The button leads into the viewer, with a lease in the embedded JSON."""
    task = make_task(house)
    client = house.client(Role.REVIEWER)
    answer = client.post("/review/start/")
    assert answer.headers["Location"] == f"/review/tasks/{task.id}/"
    payload = embedded(client.get(answer.headers["Location"]).content)
    assert payload["lease"]["token"]
    assert payload["document"]["status"] == "IN_REVIEW"
    assert [field["name"] for field in payload["document"]["fields"] if field["needs_human"]] == ["total"]
    assert payload["document"]["pages"][0]["image"].startswith("/v1/documents/")
    assert client.get(payload["document"]["pages"][0]["image"]).status_code == 200


def test_looking_claims_nothing(house: House) -> None:
    """Another's work is shown with who has it, and without their lease."""
    task = claimed(house, make_task(house), house.user(Role.OPERATOR).id)
    payload = house.client(Role.REVIEWER).get(f"/review/tasks/{task.id}/payload").json()
    assert payload["lease"] is None
    assert payload["task"]["claimable"] is False
    assert "has this document in work" in payload["task"]["note"]


def test_the_payload_costs_the_same_for_many_pages(
    house: House, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """A hundred pages are one query, and their words none."""
    task = make_task(house, make_document(house, pages=40))
    client = house.client(Role.REVIEWER)
    with django_assert_max_num_queries(12 + SESSION_AND_TENANT):
        assert len(client.get(f"/review/tasks/{task.id}/payload").json()["document"]["pages"]) == 40


def test_drafts_are_kept_and_conflicts_told(house: House) -> None:
    """Each revision over the one before; a stale one gets what is stored."""
    task = make_task(house)
    client = house.client(Role.REVIEWER)

    def save(revision: int, value: str) -> tuple[int, dict[str, Any]]:
        body = {"revision": revision, "values": {"total": {"value": value}}}
        answer = client.post(f"/review/tasks/{task.id}/draft", body, content_type="application/json")
        return answer.status_code, answer.json()

    assert save(0, "1.00") == (200, {"revision": 1})
    status, stored = save(0, "2.00")
    assert (status, stored["values"]) == (409, {"total": {"value": "1.00"}})
    payload = client.get(f"/review/tasks/{task.id}/payload").json()
    assert payload["draft"] == {"revision": 1, "values": {"total": {"value": "1.00"}}}


def test_comments_are_shown_with_their_writer(house: House) -> None:
    """What one reviewer writes another reads, as text."""
    task = make_task(house)
    url = f"/review/tasks/{task.id}/comment"
    body = {"text": "<b>look</b> at page 2"}
    assert house.client(Role.REVIEWER).post(url, body, content_type="application/json").status_code == 201
    (said,) = house.client(Role.OPERATOR).get(f"/review/tasks/{task.id}/payload").json()["comments"]
    assert said["text"] == "<b>look</b> at page 2"
    assert said["who"]
    assert house.client(Role.REVIEWER).post(url, {"text": " "}, content_type="application/json").status_code == 422


@pytest.mark.parametrize("status", list(DocumentStatus))
def test_a_record_of_every_status(house: House, status: DocumentStatus) -> None:
    """Each status has its page, its mark and its word."""
    document = make_document(house, status=status, filename="<script>alert(1)</script>.pdf")
    page = house.client(Role.MANAGER).get(f"/documents/{document.id}/").content.decode()
    assert f'data-status="{status.value}"' in page
    assert "<script>alert" not in page
    assert "Unknown" not in page


def test_documents_filter_as_one_types(house: House) -> None:
    """A part of the page holds the rows alone, narrowed by name and status."""
    make_document(house, filename="alpha.pdf")
    make_document(house, filename="beta.pdf", status=DocumentStatus.APPROVED)
    client = house.client(Role.OPERATOR)
    part = client.get("/documents/?part=rows&q=alp").content.decode()
    assert "alpha.pdf" in part
    assert "beta.pdf" not in part
    assert "<html" not in part
    assert "beta.pdf" in client.get("/documents/?status=APPROVED").content.decode()
    found = client.get("/documents/search?q=bet").json()["results"]
    assert [one["title"] for one in found] == ["beta.pdf"]


def test_pages_of_a_long_list(house: House) -> None:
    """The next page begins where this one ended, and keeps the filter."""
    for number in range(53):
        make_document(house, filename=f"doc-{number:02d}.pdf", pages=0, fields=())
    client = house.client(Role.OPERATOR)
    first = client.get("/documents/?q=doc").content.decode()
    assert first.count('class="table__main" id="document-') == 50
    following = first.split('href="?q=doc&amp;cursor=')[1].split('"')[0]
    second = client.get(f"/documents/?q=doc&cursor={following}").content.decode()
    assert second.count('class="table__main" id="document-') == 3


def test_batches_are_made_watched_and_steered(house: House) -> None:
    """A name opens one; its page counts by status; a POST pauses it."""
    client = house.client(Role.OPERATOR)
    place = client.post("/batches/", {"name": "Mailroom"}).headers["Location"]
    batch = make_batch(house, "Other")
    make_document(house, batch=batch, status=DocumentStatus.APPROVED)
    make_document(house, batch=batch, status=DocumentStatus.FAILED)
    page = client.get(f"/batches/{batch.id}/").content.decode()
    assert "2 of 2 files finished" in page
    assert "Retry the failed one" in page
    client.post(place, {"verb": "pause"})
    assert "Go on" in client.get(place).content.decode()


def test_the_models_page_before_anything_was_learned(house: House) -> None:
    """It says what is missing, and the button waits."""
    page = house.client(Role.MANAGER).get("/models/").content.decode()
    assert "No trained model yet" in page
    assert f"{LEAST} more labels" in page
    answer = house.client(Role.MANAGER).post("/models/train", follow=True)
    assert "Not enough to learn from yet" in answer.content.decode()


def test_the_models_page_knows_of_models_that_are_not_in_charge(house: House) -> None:
    """Rolled back, it does not say that there never was one."""
    with tenant_scope(house.tenant_id):
        ModelVersion.objects.create(
            tenant_id=house.tenant_id, name="field-confidence", number=1, state="retired", examples=76
        )
    page = house.client(Role.MANAGER).get("/models/").content.decode()
    assert "No trained model is in charge" in page
    assert "No trained model yet" not in page


def test_the_history_names_keys_as_it_names_people(house: House) -> None:
    """A line without a name is the engine's own."""
    document = make_document(house, status=DocumentStatus.APPROVED)
    api, client = house.api(Role.MANAGER), house.client(Role.MANAGER)
    assert api.post(f"/v1/documents/{document.id}/rerun").status_code == 202
    assert "manager program" in client.get(f"/documents/{document.id}/").content.decode()


ADDRESSES = ["/", "/documents/", "/batches/", "/models/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_are_led_to_the_door(address: str) -> None:
    """Without a session a page leads to the sign-in form, and back."""
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_other_tenants_are_walls(house: House) -> None:
    """What belongs to others is not there: 404 on every page with an id."""
    task = make_task(house)
    stranger = make_house("other").client(Role.ORG_ADMIN)
    assert stranger.session[SESSION_TENANT] != str(house.tenant_id)
    for address in (
        f"/review/tasks/{task.id}/",
        f"/documents/{task.document_id}/",
        f"/batches/{make_batch(house).id}/",
    ):
        assert stranger.get(address).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_allow_their_methods_alone(house: House, address: str) -> None:
    """A method that a page does not know is 405."""
    assert house.client(Role.MANAGER).delete(address).status_code == 405
