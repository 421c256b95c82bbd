"""Text over REST: of a page and of a document, plain or as JSON, and in the export."""

import pytest
from django.test import Client

from ingestion.models import Document, Page
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.factories.documents import make_document, make_page
from tests.factories.people import House


@pytest.fixture
def document(house: House) -> Document:
    """Two pages and one that failed; the first has two blocks, the lower of which is read first."""
    made = make_document(house, pages=3)
    words = [
        {"text": text, "bbox": [0.1, 0.1, 0.2, 0.2], "confidence": 0.9, "source": "rapidocr", "line": line}
        for text, line in (("Dear", 1), ("<b>Ann</b>", 1), ("Total", 0), ("120.00", 0))
    ]
    box = [0.1, 0.1, 0.9, 0.2]
    blocks = [
        {"kind": "paragraph", "bbox": box, "words": [0, 2]},
        {"kind": "footer", "bbox": box, "words": [2, 4]},
    ]
    with tenant_scope(house.tenant_id):
        Page.objects.filter(document=made, number=1).update(words=words, blocks=blocks)
        Page.objects.filter(document=made, number=2).update(blocks=[])  # as an early version kept them
        Page.objects.filter(document=made, number=3).update(words=[], blocks=[], error="resource_limit")
        earlier = make_page(house, Document(pk=made.pk, run=7, tenant_id=house.tenant_id), 1)
        assert earlier.run == 7  # of no interest here
    return made


@pytest.fixture
def client(house: House) -> Client:
    """A program that may take documents out."""
    return house.api(Role.OPERATOR)


def test_a_page_as_plain_text(client: Client, document: Document) -> None:
    """In the order of reading, never as a page that a browser would run."""
    answer = client.get(f"/v1/documents/{document.id}/pages/1/text")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content.decode() == "Dear <b>Ann</b>\n\nTotal 120.00"
    assert client.get(f"/v1/documents/{document.id}/pages/9/text").status_code == 404


def test_a_page_block_by_block(client: Client, document: Document) -> None:
    told = client.get(f"/v1/documents/{document.id}/pages/1/text?format=json").json()
    assert told == {
        "number": 1,
        "text": "Dear <b>Ann</b>\n\nTotal 120.00",
        "blocks": [
            {"kind": "paragraph", "text": "Dear <b>Ann</b>"},
            {"kind": "footer", "text": "Total 120.00"},
        ],
        "error": None,
    }


def test_a_document_page_by_page(house: House, client: Client, document: Document) -> None:
    """A form feed parts them; a page that failed has no text and says why; the log tells that it went out."""
    whole = client.get(f"/v1/documents/{document.id}/text").content.decode()
    assert whole == "Dear <b>Ann</b>\n\nTotal 120.00\fTotal 120.00\f"
    told = client.get(f"/v1/documents/{document.id}/text?format=json").json()
    assert (told["document"], told["run"]) == (str(document.id), 1)
    assert [(page["number"], page["error"]) for page in told["pages"]] == [
        (1, None),
        (2, None),
        (3, "resource_limit"),
    ]
    with tenant_scope(house.tenant_id):
        taken = AuditEvent.objects.filter(action="document.exported", object_id=document.id)
        assert [event.detail["format"] for event in taken.order_by("at")] == ["text-text", "text-json"]


def test_the_export_has_it_too(client: Client, document: Document) -> None:
    pages = client.get(f"/v1/documents/{document.id}/export?format=json").json()["pages"]
    assert [page["number"] for page in pages] == [1, 2, 3]
    assert pages[0] == {"number": 1, "text": "Dear <b>Ann</b>\n\nTotal 120.00"}


def test_another_form_is_refused(client: Client, document: Document) -> None:
    for place in ("text", "pages/1/text"):
        assert client.get(f"/v1/documents/{document.id}/{place}?format=xml").status_code == 400


def test_who_may_not_take_documents_out_reads_pages_alone(house: House, document: Document) -> None:
    viewer = house.api(Role.VIEWER)
    assert viewer.get(f"/v1/documents/{document.id}/pages/1/text").status_code == 200
    assert viewer.get(f"/v1/documents/{document.id}/text").status_code == 403
