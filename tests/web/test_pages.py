"""Pages with the real database: contents, permissions and query counts."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ingestion.domain.lifecycle import DocumentStatus
from quality.models import ModelVersion
from quality.services.model_training import MIN_LABELS
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web.middleware import SESSION_TENANT
from tests.support.factories.documents import claim_for, make_batch, make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
BASE_QUERIES = 8  # session, user, memberships, tenant scope


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


def embedded_json(page: bytes) -> dict[str, Any]:
    """Return the viewer's JSON from its page."""
    text = page.decode()
    begin = text.index('id="task-payload"')
    start = text.index(">", begin) + 1
    found: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
    return found


def test_desk_shows_waiting_tasks(tenant: TenantFixture) -> None:
    """Shows the tasks with the routing reason, and the count next to the button."""
    for name in ("first.pdf", "second.pdf"):
        make_task(tenant, make_document(tenant, filename=name))
    page = tenant.client(Role.REVIEWER).get("/").content.decode()
    assert 'data-testid="queue-count">2<' in page
    assert "first.pdf" in page
    assert 'data-testid="start-reviewing"' in page


def test_desk_query_count_is_constant(
    tenant: TenantFixture, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The number of queries does not grow with the number of tasks."""
    client = tenant.client(Role.REVIEWER)
    for _ in range(12):
        make_task(tenant)
    client.get("/")
    with django_assert_max_num_queries(8 + BASE_QUERIES):
        assert client.get("/").status_code == 200


def test_desk_without_review_permission_redirects_to_documents(tenant: TenantFixture) -> None:
    """A viewer's front page is the list of documents, without uploads."""
    client = tenant.client(Role.VIEWER)
    assert client.get("/").headers["Location"] == "/documents/"
    assert 'data-testid="upload"' not in client.get("/documents/").content.decode()


def test_start_review_claims_next_task(tenant: TenantFixture) -> None:
    """The button opens the viewer, with a lease in the embedded JSON."""
    task = make_task(tenant)
    client = tenant.client(Role.REVIEWER)
    answer = client.post("/review/start/")
    assert answer.headers["Location"] == f"/review/tasks/{task.id}/"
    payload = embedded_json(client.get(answer.headers["Location"]).content)
    assert payload["lease"]["token"]
    assert payload["document"]["status"] == "IN_REVIEW"
    assert [field["name"] for field in payload["document"]["fields"] if field["needs_human"]] == ["total"]
    assert payload["document"]["pages"][0]["image"].startswith("/v1/documents/")
    assert client.get(payload["document"]["pages"][0]["image"]).status_code == 200


def test_viewing_task_does_not_claim_it(tenant: TenantFixture) -> None:
    """A task of another person is shown with that person's name and without the lease."""
    task = claim_for(tenant, make_task(tenant), tenant.user(Role.OPERATOR).id)
    payload = tenant.client(Role.REVIEWER).get(f"/review/tasks/{task.id}/payload").json()
    assert payload["lease"] is None
    assert payload["task"]["claimable"] is False
    assert "has claimed this document" in payload["task"]["note"]


def test_payload_query_count_is_constant(
    tenant: TenantFixture, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """A hundred pages take one query, their words none."""
    task = make_task(tenant, make_document(tenant, pages=40))
    client = tenant.client(Role.REVIEWER)
    with django_assert_max_num_queries(12 + BASE_QUERIES):
        assert len(client.get(f"/review/tasks/{task.id}/payload").json()["document"]["pages"]) == 40


def test_drafts_are_saved_and_conflicts_reported(tenant: TenantFixture) -> None:
    """Each revision must follow the previous one; a stale one gets the stored draft."""
    task = make_task(tenant)
    client = tenant.client(Role.REVIEWER)

    def save(revision: int, value: str) -> tuple[int, dict[str, Any]]:
        body = {"revision": revision, "values": {"total": {"value": value}}}
        answer = client.post(f"/review/tasks/{task.id}/draft", body, content_type="application/json")
        return answer.status_code, answer.json()

    assert save(0, "1.00") == (200, {"revision": 1})
    status, stored = save(0, "2.00")
    assert (status, stored["values"]) == (409, {"total": {"value": "1.00"}})
    payload = client.get(f"/review/tasks/{task.id}/payload").json()
    assert payload["draft"] == {"revision": 1, "values": {"total": {"value": "1.00"}}}


def test_comments_are_shown_with_author(tenant: TenantFixture) -> None:
    """Other reviewers see the comment as escaped text."""
    task = make_task(tenant)
    url = f"/review/tasks/{task.id}/comment"
    body = {"text": "<b>look</b> at page 2"}
    assert tenant.client(Role.REVIEWER).post(url, body, content_type="application/json").status_code == 201
    (said,) = tenant.client(Role.OPERATOR).get(f"/review/tasks/{task.id}/payload").json()["comments"]
    assert said["text"] == "<b>look</b> at page 2"
    assert said["who"]
    assert tenant.client(Role.REVIEWER).post(url, {"text": " "}, content_type="application/json").status_code == 422


@pytest.mark.parametrize("status", list(DocumentStatus))
def test_record_is_shown_for_every_status(tenant: TenantFixture, status: DocumentStatus) -> None:
    """Each status has a page, a badge and a label."""
    document = make_document(tenant, status=status, filename="<script>alert(1)</script>.pdf")
    page = tenant.client(Role.MANAGER).get(f"/documents/{document.id}/").content.decode()
    assert f'data-status="{status.value}"' in page
    assert "<script>alert" not in page
    assert "Unknown<" not in page


def test_document_list_filters_by_name_and_status(tenant: TenantFixture) -> None:
    """The partial response contains only the rows, filtered by name and status."""
    make_document(tenant, filename="alpha.pdf")
    make_document(tenant, filename="beta.pdf", status=DocumentStatus.APPROVED)
    client = tenant.client(Role.OPERATOR)
    part = client.get("/documents/?part=rows&q=alp").content.decode()
    assert "alpha.pdf" in part
    assert "beta.pdf" not in part
    assert "<html" not in part
    assert "beta.pdf" in client.get("/documents/?status=APPROVED").content.decode()
    found = client.get("/documents/search?q=bet").json()["results"]
    assert [one["title"] for one in found] == ["beta.pdf"]


def test_document_list_is_paginated_with_filter(tenant: TenantFixture) -> None:
    """The next page continues after the last row and keeps the filter."""
    for number in range(53):
        make_document(tenant, filename=f"doc-{number:02d}.pdf", pages=0, fields=())
    client = tenant.client(Role.OPERATOR)
    first = client.get("/documents/?q=doc").content.decode()
    assert first.count('class="table__main" id="document-') == 50
    following = first.split('href="?q=doc&amp;cursor=')[1].split('"')[0]
    second = client.get(f"/documents/?q=doc&cursor={following}").content.decode()
    assert second.count('class="table__main" id="document-') == 3


def test_batches_are_created_shown_and_paused(tenant: TenantFixture) -> None:
    """A name creates a batch; its page counts by status; a POST pauses it."""
    client = tenant.client(Role.OPERATOR)
    place = client.post("/batches/", {"name": "Mailroom"}).headers["Location"]
    batch = make_batch(tenant, "Other")
    make_document(tenant, batch=batch, status=DocumentStatus.APPROVED)
    make_document(tenant, batch=batch, status=DocumentStatus.FAILED)
    page = client.get(f"/batches/{batch.id}/").content.decode()
    assert "2 of 2 files finished" in page
    assert "Retry the failed one" in page
    client.post(place, {"action": "pause"})
    assert "Resume" in client.get(place).content.decode()


def test_models_page_without_models_shows_missing_labels(tenant: TenantFixture) -> None:
    """The page lists the missing labels, and the button is disabled."""
    page = tenant.client(Role.MANAGER).get("/models/").content.decode()
    assert "No trained model yet" in page
    assert f"{MIN_LABELS} more labels" in page
    answer = tenant.client(Role.MANAGER).post("/models/train", follow=True)
    assert "Not enough to learn from yet" in answer.content.decode()


def test_models_page_with_retired_model_shows_it(tenant: TenantFixture) -> None:
    """After a rollback the page does not say that there was never a model."""
    with tenant_scope(tenant.tenant_id):
        ModelVersion.objects.create(
            tenant_id=tenant.tenant_id, name="field-confidence", number=1, state="retired", examples=76
        )
    page = tenant.client(Role.MANAGER).get("/models/").content.decode()
    assert "No trained model is active" in page
    assert "No trained model yet" not in page


def test_record_history_names_keys_like_people(tenant: TenantFixture) -> None:
    """A line without a name is an action of the system."""
    document = make_document(tenant, status=DocumentStatus.APPROVED)
    api, client = tenant.api(Role.MANAGER), tenant.client(Role.MANAGER)
    assert api.post(f"/v1/documents/{document.id}/rerun").status_code == 202
    assert "manager program" in client.get(f"/documents/{document.id}/").content.decode()


ADDRESSES = ["/", "/documents/", "/batches/", "/models/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_without_session_redirect_to_sign_in(address: str) -> None:
    """Pages redirect to the sign-in form and back."""
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_pages_of_other_tenant_are_not_found(tenant: TenantFixture) -> None:
    """404 on every page with an id of another tenant."""
    task = make_task(tenant)
    stranger = make_tenant("other").client(Role.ORG_ADMIN)
    assert stranger.session[SESSION_TENANT] != str(tenant.tenant_id)
    for address in (
        f"/review/tasks/{task.id}/",
        f"/documents/{task.document_id}/",
        f"/batches/{make_batch(tenant).id}/",
    ):
        assert stranger.get(address).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_refuse_unsupported_methods(tenant: TenantFixture, address: str) -> None:
    """An unsupported method is 405."""
    assert tenant.client(Role.MANAGER).delete(address).status_code == 405
