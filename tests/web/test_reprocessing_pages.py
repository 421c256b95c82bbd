"""The "Read again with…" action: requested on the record, in the list and for a batch; compared and applied."""

from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import Settings

from ingestion.models import Document, Field, Page, ReprocessingRun
from ingestion.services.reprocessing_steps import begin_reprocessing, finish_reprocessing
from quality.services.champion import load_champion
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.roles import Role
from refinery.core.web.sealed_secrets import decrypt_secret
from tests.support.factories.documents import claim_for, make_batch, make_document, make_page, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return a document in review, with one field corrected by a person."""
    made = make_document(tenant)
    with tenant_scope(tenant.tenant_id):
        Field.objects.filter(name="total").update(human="corrected", value="121.00")
    return made


@pytest.fixture
def operator(tenant: TenantFixture) -> Client:
    """Return a browser client of a person who may request reprocessing."""
    return tenant.client(Role.OPERATOR)


def request_reprocessing(client: Client, document: Document, preset: str = "thorough") -> str:
    """Request it on the record page; return the URL of the redirect."""
    answer = client.post(f"/documents/{document.id}/reprocess", {"preset": preset})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def make_reprocessing_ready(tenant: TenantFixture, document: Document) -> None:
    """Simulate the worker's reading, with one different word that contains a script."""
    with tenant_scope(tenant.tenant_id):
        row = ReprocessingRun.objects.get()
        begin_reprocessing(tenant_id=tenant.tenant_id, reprocessing_id=row.id)
        ReprocessingRun.objects.update(pages=1, pages_done=1)
        page = make_page(tenant, Document(pk=document.pk, run=2, tenant_id=tenant.tenant_id), 1)
        words = [{**word, "line": 0, "source": "rapidocr"} for word in page.words]
        words[1] = {**words[1], "text": "<script>alert(1)</script>"}
        Page.objects.filter(pk=page.pk).update(words=words, source="rapidocr", blocks=[])
        ReprocessingRun.objects.update(
            fields=[
                {"name": "invoice_number", "value": "INV-2047", "confidence": 0.88},
                {"name": "total", "value": "128.00", "confidence": 0.93},
                {"name": "issue_date", "value": "2026-03-02", "confidence": 0.97},
            ]
        )
    read = ReprocessingRun.objects.filter(pk=row.pk)
    with tenant_scope(tenant.tenant_id):
        values = read.get().fields
    finish_reprocessing(tenant_id=tenant.tenant_id, reprocessing_id=row.id, load_model=load_champion)
    with tenant_scope(tenant.tenant_id):
        read.update(fields=values)


def flash_messages(client: Client, address: str) -> str:
    """Follow to a page and return its flash messages."""
    answer = client.get(address)
    return " ".join(str(message) for message in get_messages(answer.wsgi_request)) + answer.content.decode()


def test_comparison_page_shows_differences_before_applying(
    tenant: TenantFixture, operator: Client, document: Document
) -> None:
    """Fields before and after with their confidence, human values as kept, and words as escaped text."""
    address = request_reprocessing(operator, document)
    assert 'data-status="reprocessing_queued"' in operator.get(address).content.decode()
    make_reprocessing_ready(tenant, document)
    page = operator.get(address).content.decode()
    number = page.partition('data-testid="change:invoice_number"')[2].partition("</tr>")[0]
    assert all(text in number for text in ("INV-2041", "INV-2047", "99", "88", "would change"))
    total = page.partition('data-testid="change:total"')[2].partition("</tr>")[0]
    assert all(text in total for text in ("121.00", "128.00", "corrected by a person", "kept"))
    assert 'data-testid="change:issue_date"' not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "diff__mark--new" in page
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.get().run == 1


def test_record_links_to_reprocessing(tenant: TenantFixture, operator: Client, document: Document) -> None:
    """While it is read and when it is ready; meanwhile no second one can be requested."""
    record = f"/documents/{document.id}/"
    assert 'data-testid="reprocess-menu"' in operator.get(record).content.decode()
    address = request_reprocessing(operator, document)
    page = operator.get(record).content.decode()
    assert address in page
    assert 'data-testid="reprocess-menu"' not in page
    assert operator.post(f"/documents/{document.id}/reprocess", {"preset": "fast"}).headers["Location"] == record
    make_reprocessing_ready(tenant, document)
    assert "Reprocessing is ready" in operator.get(record).content.decode()


def test_reprocessing_is_applied_by_button(tenant: TenantFixture, operator: Client, document: Document) -> None:
    """The document is on its next run afterwards."""
    address = request_reprocessing(operator, document)
    make_reprocessing_ready(tenant, document)
    assert operator.post(f"{address}apply").headers["Location"] == f"/documents/{document.id}/"
    with tenant_scope(tenant.tenant_id):
        found = Document.objects.get()
    assert (found.run, found.status, found.pages) == (2, "READING", 1)
    assert "This reprocessing was applied" in operator.get(address).content.decode()


def test_reprocessing_is_dropped_by_button(tenant: TenantFixture, operator: Client, document: Document) -> None:
    """The document is unchanged."""
    address = request_reprocessing(operator, document)
    operator.post(f"{address}drop")
    with tenant_scope(tenant.tenant_id):
        assert (Document.objects.get().run, ReprocessingRun.objects.get().status) == (1, "dropped")
    assert "dropped" in operator.get(address).content.decode()


def test_reprocessing_of_claimed_document_is_refused(
    tenant: TenantFixture, operator: Client, document: Document
) -> None:
    """The person gets a message and returns to the comparison."""
    claim_for(tenant, make_task(tenant, document), tenant.user(Role.REVIEWER).pk)
    address = request_reprocessing(operator, document)
    make_reprocessing_ready(tenant, document)
    answer = operator.post(f"{address}apply")
    assert answer.headers["Location"] == address
    assert "A reviewer has claimed the document" in flash_messages(operator, address)


def test_comparison_page_without_permission_has_no_buttons(
    tenant: TenantFixture, operator: Client, document: Document
) -> None:
    """Everyone who may see the document sees the differences."""
    address = request_reprocessing(operator, document)
    make_reprocessing_ready(tenant, document)
    page = tenant.client(Role.VIEWER).get(address).content.decode()
    assert "INV-2047" in page
    assert "apply-reprocessing" not in page
    assert 'name="document"' not in tenant.client(Role.VIEWER).get("/documents/").content.decode()


def test_comparison_page_part_is_served_for_htmx(tenant: TenantFixture, operator: Client, document: Document) -> None:
    """The htmx partial; an unknown page number shows the first page with differences."""
    address = request_reprocessing(operator, document)
    make_reprocessing_ready(tenant, document)
    for number in ("1", "9", "x", "99999999999"):
        part = operator.get(f"{address}?part=words&page={number}").content.decode()
        assert 'id="words"' in part
        assert "<html" not in part


def test_reprocessing_of_selected_documents_reports_refused_ones(tenant: TenantFixture, operator: Client) -> None:
    """Each document is requested; refused ones are reported."""
    rows = [make_document(tenant) for _ in range(2)]
    request_reprocessing(operator, rows[0])
    ids = [*(str(row.id) for row in rows), str(UUID(int=1)), "nonsense"]
    answer = operator.post("/documents/reprocess", {"document": ids, "preset": "fast"})
    messages = flash_messages(operator, answer.headers["Location"])
    assert "1 document is being read again" in messages
    assert "2 cannot be" in messages
    assert "Choose the documents first" in flash_messages(
        operator, operator.post("/documents/reprocess", {}).headers["Location"]
    )


def test_reprocessing_of_batch_by_button(tenant: TenantFixture, operator: Client) -> None:
    """One button on the batch page requests all."""
    batch = make_batch(tenant)
    for _ in range(3):
        make_document(tenant, batch=batch)
    assert 'data-testid="reprocess-menu"' in operator.get(f"/batches/{batch.id}/").content.decode()
    operator.post(f"/batches/{batch.id}/reprocess", {"preset": "tesseract"})
    with tenant_scope(tenant.tenant_id):
        found = list(ReprocessingRun.objects.values_list("mode", "engines"))
    assert found == [("standard", ["tesseract"])] * 3


def test_reprocessing_menu_offers_configured_engines(operator: Client, document: Document, settings: Settings) -> None:
    """The third engine is offered only if its weights are configured; on the record and in the list."""
    for address in (f"/documents/{document.id}/", "/documents/"):
        settings.THIRD_ENGINE = False
        without = operator.get(address).content.decode()
        assert all(
            f'value="{preset}"' in without for preset in ("thorough", "standard", "fast", "tesseract", "rapidocr")
        )
        assert 'value="trocr"' not in without
        settings.THIRD_ENGINE = True
        assert 'value="trocr"' in operator.get(address).content.decode()


def test_reprocessing_of_encrypted_file_asks_for_password(
    tenant: TenantFixture, operator: Client, document: Document
) -> None:
    """On the record only, and only if needed; the password is stored sealed."""
    address = f"/documents/{document.id}/"
    assert 'id="reprocess-password"' not in operator.get(address).content.decode()
    with tenant_scope(tenant.tenant_id):
        record_event(tenant.actor(Role.OPERATOR).audit, "document.password_given", "document", document.id)
    assert 'id="reprocess-password"' in operator.get(address).content.decode()
    operator.post(f"/documents/{document.id}/reprocess", {"preset": "fast", "password": "sesame"})
    with tenant_scope(tenant.tenant_id):
        payload = OutboxMessage.objects.get(topic="workflow.start").payload
    assert "sesame" not in str(payload)
    assert decrypt_secret(payload["sealed"]) == "sesame"
