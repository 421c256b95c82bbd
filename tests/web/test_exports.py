"""Exports on the record page: requested, awaited and downloaded, with the export permission only."""

from uuid import UUID

import pytest
from django.test import Client

from ingestion.models import Artefact, Document
from ingestion.services.exports import fail_export, finish_export
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return a document with a page."""
    return make_document(tenant)


def request_export(client: Client, document: Document, form: str) -> str:
    """Submit a form's button."""
    answer = client.post(f"/documents/{document.id}/exports", {"format": form}, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def only_artefact(tenant: TenantFixture) -> UUID:
    """Return the id of the only artefact."""
    with tenant_scope(tenant.tenant_id):
        return Artefact.objects.get(status="queued").id


def test_export_button_becomes_download_link(tenant: TenantFixture, document: Document) -> None:
    """There is no download while it is made; then the link returns the file, and the audit log records the download."""
    client, address = tenant.client(Role.OPERATOR), f"/documents/{document.id}/exports"
    record = client.get(f"/documents/{document.id}/").content.decode()
    assert record.count('data-state="open"') == 2
    part = request_export(client, document, "pdf")
    assert 'data-export="pdf" data-state="queued"' in part
    assert f'hx-get="{address}?waiting=1"' in part
    assert client.get(f"{address}?waiting=1", headers=HTMX).status_code == 204
    artefact = only_artefact(tenant)
    finish_export(tenant_id=tenant.tenant_id, document_id=document.id, artefact_id=artefact, content=b"%PDF made")
    ready = client.get(f"{address}?waiting=1", headers=HTMX).content.decode()
    assert 'data-export="pdf" data-state="ready"' in ready
    assert "hx-get" not in ready
    assert f'href="/v1/artefacts/{artefact}/file"' in ready
    assert b"".join(client.get(f"/v1/artefacts/{artefact}/file")) == b"%PDF made"
    with tenant_scope(tenant.tenant_id):
        taken = AuditEvent.objects.get(action="document.exported", object_id=document.id)
    assert taken.actor_id == tenant.user(Role.OPERATOR).pk


def test_export_list_shows_newest_of_each_form(tenant: TenantFixture, document: Document) -> None:
    """A failed export shows the reason and can be requested again; exports of an earlier run are not shown."""
    client = tenant.client(Role.OPERATOR)
    request_export(client, document, "label-studio")
    with tenant_scope(tenant.tenant_id):
        fail_export(tenant_id=tenant.tenant_id, artefact_id=only_artefact(tenant), detail="it does not fit")
    failed = client.get(f"/documents/{document.id}/").content.decode()
    assert 'data-export="label-studio" data-state="failed"' in failed
    assert "it does not fit" in failed
    assert 'data-export="label-studio" data-state="queued"' in request_export(client, document, "label-studio")
    with tenant_scope(tenant.tenant_id):
        Document.objects.update(run=2)
    assert 'data-export="label-studio" data-state="open"' in client.get(f"/documents/{document.id}/").content.decode()


def test_export_without_script_redirects_to_record(tenant: TenantFixture, document: Document) -> None:
    """A plain form works without script; an unknown export form is refused."""
    client, address = tenant.client(Role.OPERATOR), f"/documents/{document.id}/exports"
    for form in ("pdf", "docx"):
        answer = client.post(address, {"format": form})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/documents/{document.id}/")
    assert client.get(address).headers["Location"] == f"/documents/{document.id}/"
    only_artefact(tenant)


def test_export_of_document_without_pages_offers_json_and_csv(tenant: TenantFixture) -> None:
    """Without pages only JSON and CSV are offered."""
    empty = make_document(tenant, pages=0, fields=())
    page = tenant.client(Role.OPERATOR).get(f"/documents/{empty.id}/").content.decode()
    assert page.count("data-export=") == 2
    assert f'href="/v1/documents/{empty.id}/export?format=json"' in page


def test_export_without_permission_is_hidden_and_refused(tenant: TenantFixture, document: Document) -> None:
    """A viewer does not see the card, and a direct request is refused."""
    client = tenant.client(Role.VIEWER)
    assert "data-export=" not in client.get(f"/documents/{document.id}/").content.decode()
    answer = client.post(f"/documents/{document.id}/exports", {"format": "pdf"}, headers=HTMX)
    assert answer.status_code == 403
