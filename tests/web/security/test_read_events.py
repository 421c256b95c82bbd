"""The audit log records what is looked at: documents, tasks, searches; never the terms of a search."""

from datetime import timedelta

import pytest

from refinery.core.audit.models import AuditEvent
from refinery.core.audit.services import record_event
from refinery.core.audit.verification import verify_log
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web import read_events
from review.selectors.timeline import MOST, history_of
from tests.support.factories.documents import make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant."""
    return make_tenant()


def events(tenant: TenantFixture, action: str) -> list[AuditEvent]:
    """Return the events of an action, oldest first."""
    with tenant_scope(tenant.tenant_id):
        return list(AuditEvent.objects.filter(action=action).order_by("id"))


@pytest.mark.parametrize(
    "path",
    [
        "/documents/{document}/",
        "/documents/{document}/pages/",
        "/v1/documents/{document}",
        "/v1/documents/{document}/status",
        "/v1/documents/{document}/fields",
        "/v1/documents/{document}/fields/total",
        "/v1/documents/{document}/pages/1",
        "/v1/documents/{document}/pages/1/image",
        "/v1/documents/{document}/pages/1/thumbnail",
        "/v1/documents/{document}/pages/1/text",
        "/admin/ingestion/document/{document}/change/",
    ],
)
def test_view_of_document_is_recorded(tenant: TenantFixture, path: str) -> None:
    """Pages, the API, images and the admin site."""
    document = make_document(tenant)
    client, person = tenant.client(Role.ORG_ADMIN), tenant.user(Role.ORG_ADMIN)
    assert client.get(path.format(document=document.id)).status_code == 200
    (event,) = events(tenant, "document.viewed")
    assert (event.actor_id, event.actor_kind, event.object_id) == (person.pk, "user", document.id)
    with tenant_scope(tenant.tenant_id):
        assert verify_log(tenant.tenant_id).first_finding is None


def test_view_of_task_is_recorded(tenant: TenantFixture) -> None:
    """The viewer's page and its JSON."""
    task = make_task(tenant)
    client = tenant.client(Role.REVIEWER)
    assert client.get(f"/review/tasks/{task.id}/").status_code == 200
    assert client.get(f"/review/tasks/{task.id}/payload").status_code == 200
    assert [event.object_id for event in events(tenant, "task.viewed")] == [task.id]


def test_views_of_one_person_are_one_event_for_a_while(tenant: TenantFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each person and program, and each document, has an event of its own; a later look is another."""
    one, other = make_document(tenant), make_document(tenant)
    reviewer, program = tenant.client(Role.REVIEWER), tenant.api(Role.VIEWER)
    for client in (reviewer, program):
        for document in (one, other):
            for path in ("", "/fields", "/pages/1/image"):
                assert client.get(f"/v1/documents/{document.id}{path}").status_code == 200
    seen = {(event.actor_kind, event.object_id) for event in events(tenant, "document.viewed")}
    assert seen == {(kind, document.id) for kind in ("user", "service") for document in (one, other)}
    assert len(events(tenant, "document.viewed")) == 4
    monkeypatch.setattr(read_events, "SAME_VIEW", timedelta(0))
    reviewer.get(f"/v1/documents/{one.id}")
    assert len(events(tenant, "document.viewed")) == 5


def test_refused_view_is_not_recorded_as_view(tenant: TenantFixture) -> None:
    """Another tenant's document, and one that does not exist."""
    foreign = make_document(make_tenant("foreign"))
    client = tenant.client(Role.VIEWER)
    assert client.get(f"/documents/{foreign.id}/").status_code == 404
    assert client.get(f"/v1/documents/{foreign.id}").status_code == 404
    assert events(tenant, "document.viewed") == []


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/documents/?q=Winterbottom", ["q"]),
        ("/documents/search?q=Winterbottom", ["q"]),
        ("/?q=Winterbottom", ["q"]),
        ("/v1/documents?search=Winterbottom", ["search"]),
        ("/v1/documents?external_id=Winterbottom", ["external_id"]),
        ("/admin/ingestion/document/?q=Winterbottom", ["q"]),
    ],
)
def test_search_is_recorded_without_its_terms(tenant: TenantFixture, path: str, names: list[str]) -> None:
    """The same search has the same id, so that repetitions can be recognised."""
    client = tenant.client(Role.ORG_ADMIN)
    assert client.get(path).status_code == 200
    (event,) = events(tenant, "search.made")
    assert event.detail["by"] == names
    assert "Winterbottom" not in str(event.detail)
    assert client.get(path).status_code == 200
    assert len(events(tenant, "search.made")) == 1
    client.get(path.replace("Winterbottom", "Summertop"))
    assert len({event.object_id for event in events(tenant, "search.made")}) == 2


def test_list_without_search_is_no_search(tenant: TenantFixture) -> None:
    """An empty term neither."""
    client = tenant.client(Role.ORG_ADMIN)
    for path in ("/documents/", "/documents/?q=", "/v1/documents"):
        assert client.get(path).status_code == 200
    assert events(tenant, "search.made") == []


def test_history_of_document_is_not_filled_with_views(tenant: TenantFixture) -> None:
    """The timeline shows at most sixty entries, and views are none."""
    document, actor = make_document(tenant), tenant.actor(Role.REVIEWER)
    with tenant_scope(tenant.tenant_id):
        record_event(actor.audit, "document.received", "document", document.id)
        for _ in range(MOST):
            record_event(actor.audit, "document.viewed", "document", document.id)
        assert [line.what for line in history_of(actor, document.id)] == ["Received"]
