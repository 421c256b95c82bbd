"""/v1/{batches,documents,queues}/{id}/grants, and what a guest then may do by the API."""

import pytest
from django.db.models import Model
from django.test import Client

from ingestion.models import Document
from refinery.core.tenancy.grants import Access
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import FieldSample, make_batch, make_document, make_queue, make_task
from tests.support.factories.grants import grant
from tests.support.factories.tenants import TenantFixture, make_team, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant."""
    return make_tenant()


def put(client: Client, path: str, *access: str) -> int:
    """Set a grant and return the status."""
    return client.put(path, {"access": list(access)}, content_type="application/json").status_code


@pytest.mark.parametrize("kind", ["batches", "documents", "queues"])
def test_grants_are_set_listed_and_revoked(tenant: TenantFixture, kind: str) -> None:
    """For a user and for a team; the list tells both."""
    targets: dict[str, Model] = {
        "batches": make_batch(tenant),
        "documents": make_document(tenant),
        "queues": make_queue(tenant),
    }
    admin, path = tenant.api(Role.ORG_ADMIN), f"/v1/{kind}/{targets[kind].pk}/grants"
    person, team = tenant.user(Role.GUEST), make_team(tenant, "Outside")
    assert put(admin, f"{path}/{person.pk}", "export", "review") == 200
    assert put(admin, f"{path}/{team.pk}", "view") == 200
    by_user = {"grantee": "user", "id": str(person.pk), "name": "Acme guest", "access": ["export", "review"]}
    by_team = {"grantee": "team", "id": str(team.pk), "name": "Outside", "access": ["view"]}
    assert admin.get(path).json() == {"items": [by_user, by_team]}
    assert admin.delete(f"{path}/{person.pk}").status_code == 204
    assert admin.delete(f"{path}/{person.pk}").status_code == 404
    assert admin.get(path).json() == {"items": [by_team]}


def test_grants_refuse_unknown_access_and_lower_roles(tenant: TenantFixture) -> None:
    """No access at all is not a grant either: it is revoked by DELETE."""
    path = f"/v1/documents/{make_document(tenant).pk}/grants/{tenant.user(Role.GUEST).pk}"
    admin = tenant.api(Role.ORG_ADMIN)
    assert put(admin, path, "delete") == 422
    assert put(admin, path) == 422
    assert put(tenant.api(Role.MANAGER), path, "view") == 403


def test_guest_reads_granted_document_only(tenant: TenantFixture) -> None:
    """Lists contain it, others are 404, an export without its grant is 403."""
    own, other = (make_document(tenant, fields=(FieldSample("total", "1.00", 0.9),)) for _ in range(2))
    key = tenant.client(Role.GUEST)
    grant(tenant, own, tenant.user(Role.GUEST), Access.VIEW)
    assert [item["id"] for item in key.get("/v1/documents").json()["results"]] == [str(own.id)]
    assert key.get(f"/v1/documents/{own.id}/fields").status_code == 200
    assert key.get(f"/v1/documents/{other.id}/fields").status_code == 404
    assert key.get(f"/v1/documents/{own.id}/export").status_code == 403
    assert key.get(f"/v1/documents/{other.id}/export").status_code == 404
    assert key.get("/v1/training-examples").status_code == 403
    grant(tenant, own, tenant.user(Role.GUEST), Access.EXPORT)
    assert key.get(f"/v1/documents/{own.id}/export").status_code == 200


def test_guest_opens_pages_of_granted_task(tenant: TenantFixture) -> None:
    """Desk, viewer and document answer; a document without a grant does not."""
    task = make_task(tenant, make_document(tenant), queue=make_queue(tenant, "Granted"))
    other: Document = make_document(tenant)
    client = tenant.client(Role.GUEST)
    grant(tenant, task.queue, tenant.user(Role.GUEST), Access.REVIEW)
    for path, status in (
        ("/", 200),
        (f"/review/tasks/{task.id}/", 200),
        ("/documents/", 200),
        (f"/documents/{task.document_id}/", 200),
        (f"/documents/{other.id}/", 404),
    ):
        assert (path, client.get(path).status_code) == (path, status)
