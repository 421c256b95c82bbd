"""The record's exports: asked for, waited for, there; to those alone who may export."""

from uuid import UUID

import pytest
from django.test import Client

from ingestion.models import Document
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.models import Artefact
from review.services.exports import fail_export, finish_export
from tests.factories.documents import make_document
from tests.factories.people import House, make_house

HTMX = {"HX-Request": "true"}


@pytest.fixture
def house(db: None) -> House:
    """A tenant with a person for every role."""
    return make_house()


@pytest.fixture
def document(house: House) -> Document:
    """A document with a page."""
    return make_document(house)


def ask(client: Client, document: Document, form: str) -> str:
    """Press a form's button."""
    answer = client.post(f"/documents/{document.id}/exports", {"format": form}, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def only_artefact(house: House) -> UUID:
    """Give the id of what is being made."""
    with tenant_scope(house.tenant_id):
        return Artefact.objects.get(status="queued").id


def test_a_button_becomes_a_link(house: House, document: Document) -> None:
    """Nothing is answered while it is made; the link then gives the file, and the log says who took it."""
    client, address = house.client(Role.OPERATOR), f"/documents/{document.id}/exports"
    record = client.get(f"/documents/{document.id}/").content.decode()
    assert record.count('data-state="open"') == 2
    part = ask(client, document, "pdf")
    assert 'data-export="pdf" data-state="queued"' in part
    assert f'hx-get="{address}?waiting=1"' in part
    assert client.get(f"{address}?waiting=1", headers=HTMX).status_code == 204
    artefact = only_artefact(house)
    finish_export(tenant_id=house.tenant_id, document_id=document.id, artefact_id=artefact, content=b"%PDF made")
    ready = client.get(f"{address}?waiting=1", headers=HTMX).content.decode()
    assert 'data-export="pdf" data-state="ready"' in ready
    assert "hx-get" not in ready
    assert f'href="/v1/artefacts/{artefact}/file"' in ready
    assert b"".join(client.get(f"/v1/artefacts/{artefact}/file")) == b"%PDF made"
    with tenant_scope(house.tenant_id):
        taken = AuditEvent.objects.get(action="document.exported", object_id=document.id)
    assert taken.actor_id == house.user(Role.OPERATOR).pk


def test_the_newest_of_each_form_counts(house: House, document: Document) -> None:
    """One that failed says why and can be asked for again; that of an earlier run is none of this one."""
    client = house.client(Role.OPERATOR)
    ask(client, document, "label-studio")
    with tenant_scope(house.tenant_id):
        fail_export(tenant_id=house.tenant_id, artefact_id=only_artefact(house), detail="it does not fit")
    failed = client.get(f"/documents/{document.id}/").content.decode()
    assert 'data-export="label-studio" data-state="failed"' in failed
    assert "it does not fit" in failed
    assert 'data-export="label-studio" data-state="queued"' in ask(client, document, "label-studio")
    with tenant_scope(house.tenant_id):
        Document.objects.update(run=2)
    assert (
        'data-export="label-studio" data-state="open"' in client.get(f"/documents/{document.id}/").content.decode()
    )


def test_without_a_script_the_record_comes_back(house: House, document: Document) -> None:
    """The form is a plain one; a form that does not exist is not made."""
    client, address = house.client(Role.OPERATOR), f"/documents/{document.id}/exports"
    for form in ("pdf", "docx"):
        answer = client.post(address, {"format": form})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/documents/{document.id}/")
    assert client.get(address).headers["Location"] == f"/documents/{document.id}/"
    only_artefact(house)


def test_a_document_without_pages_has_what_is_there_at_once(house: House) -> None:
    """JSON and CSV."""
    empty = make_document(house, pages=0, fields=())
    page = house.client(Role.OPERATOR).get(f"/documents/{empty.id}/").content.decode()
    assert page.count("data-export=") == 2
    assert f'href="/v1/documents/{empty.id}/export?format=json"' in page


def test_who_may_not_export_sees_no_exports(house: House, document: Document) -> None:
    """A viewer neither sees the card nor makes one by hand."""
    client = house.client(Role.VIEWER)
    assert "data-export=" not in client.get(f"/documents/{document.id}/").content.decode()
    answer = client.post(f"/documents/{document.id}/exports", {"format": "pdf"}, headers=HTMX)
    assert answer.status_code == 403
