"""Text over REST: of a page and of a document, as plain text or JSON, and in the export."""

import pytest
from django.test import Client

from ingestion.models import Document, Page
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_document, make_page
from tests.support.factories.tenants import TenantFixture


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return two pages and a failed one; the first page has two blocks, the lower one first in reading order."""
    made = make_document(tenant, pages=3)
    words = [
        {"text": text, "bbox": [0.1, 0.1, 0.2, 0.2], "confidence": 0.9, "source": "rapidocr", "line": line}
        for text, line in (("Dear", 1), ("<b>Ann</b>", 1), ("Total", 0), ("120.00", 0))
    ]
    box = [0.1, 0.1, 0.9, 0.2]
    blocks = [{"kind": "paragraph", "bbox": box, "words": [0, 2]}, {"kind": "footer", "bbox": box, "words": [2, 4]}]
    with tenant_scope(tenant.tenant_id):
        Page.objects.filter(document=made, number=1).update(words=words, blocks=blocks)
        Page.objects.filter(document=made, number=2).update(blocks=[])  # as an early version stored them
        Page.objects.filter(document=made, number=3).update(words=[], blocks=[], error="resource_limit")
        earlier = make_page(tenant, Document(pk=made.pk, run=7, tenant_id=tenant.tenant_id), 1)
        assert earlier.run == 7  # not relevant here
    return made


@pytest.fixture
def client(tenant: TenantFixture) -> Client:
    """Return an API client that may export documents."""
    return tenant.api(Role.OPERATOR)


def test_page_text_is_plain_text_in_reading_order(client: Client, document: Document) -> None:
    """Served in reading order as plain text, never as HTML that a browser would render."""
    answer = client.get(f"/v1/documents/{document.id}/pages/1/text")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content.decode() == "Dear <b>Ann</b>\n\nTotal 120.00"
    assert client.get(f"/v1/documents/{document.id}/pages/9/text").status_code == 404


def test_page_text_as_json_lists_blocks(client: Client, document: Document) -> None:
    body = client.get(f"/v1/documents/{document.id}/pages/1/text?format=json").json()
    assert body == {
        "number": 1,
        "text": "Dear <b>Ann</b>\n\nTotal 120.00",
        "blocks": [{"kind": "paragraph", "text": "Dear <b>Ann</b>"}, {"kind": "footer", "text": "Total 120.00"}],
        "error": None,
    }


def test_document_text_is_separated_by_form_feeds_and_audited(
    tenant: TenantFixture, client: Client, document: Document
) -> None:
    """A failed page has no text but a reason; the audit log records the export."""
    whole = client.get(f"/v1/documents/{document.id}/text").content.decode()
    assert whole == "Dear <b>Ann</b>\n\nTotal 120.00\fTotal 120.00\f"
    body = client.get(f"/v1/documents/{document.id}/text?format=json").json()
    assert (body["document"], body["run"]) == (str(document.id), 1)
    assert [(page["number"], page["error"]) for page in body["pages"]] == [(1, None), (2, None), (3, "resource_limit")]
    with tenant_scope(tenant.tenant_id):
        taken = AuditEvent.objects.filter(action="document.exported", object_id=document.id)
        assert [event.detail["format"] for event in taken.order_by("at")] == ["text-text", "text-json"]


def test_export_contains_page_texts(client: Client, document: Document) -> None:
    pages = client.get(f"/v1/documents/{document.id}/export?format=json").json()["pages"]
    assert [page["number"] for page in pages] == [1, 2, 3]
    assert pages[0] == {"number": 1, "text": "Dear <b>Ann</b>\n\nTotal 120.00"}


def test_text_unknown_format_is_bad_request(client: Client, document: Document) -> None:
    for place in ("text", "pages/1/text"):
        assert client.get(f"/v1/documents/{document.id}/{place}?format=xml").status_code == 400


def test_document_text_requires_export_permission(tenant: TenantFixture, document: Document) -> None:
    viewer = tenant.api(Role.VIEWER)
    assert viewer.get(f"/v1/documents/{document.id}/pages/1/text").status_code == 200
    assert viewer.get(f"/v1/documents/{document.id}/text").status_code == 403
