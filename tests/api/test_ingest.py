"""Uploads: accepted files are stored once and started; refused files get a reason."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ingestion.models import Batch, Document
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from tests.support.factories.tenants import TenantFixture

INGEST = "/v1/documents/ingest"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"


def upload(client: Client, content: bytes = PDF, name: str = "invoice.pdf", **data: Any) -> Any:  # noqa: ANN401
    """Upload a file."""
    headers = data.pop("headers", {})
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(INGEST, {"file": file, **data}, headers=headers)


def test_ingest_stores_file_and_starts_workflow(tenant: TenantFixture) -> None:
    """File, row and outbox message are stored before the response."""
    response = upload(tenant.api(Role.OPERATOR), schema="invoice", external_id="E-1", metadata='{"po": "7"}')
    assert response.status_code == 202
    answer = response.json()
    assert set(answer) == {"id", "status", "duplicate_of", "links"}
    assert answer["status"] == "RECEIVED"
    with tenant_scope(tenant.tenant_id):
        document = Document.objects.get(pk=answer["id"])
        message = OutboxMessage.objects.get()
    assert default_storage.open(document.blob_key).read() == PDF
    assert (document.schema_key, document.external_id, document.metadata) == ("invoice", "E-1", {"po": "7"})
    assert (message.topic, message.key) == ("workflow.start", f"doc/{document.id}/1")


def test_ingest_same_bytes_returns_first_document(tenant: TenantFixture) -> None:
    """One document; the response marks the duplicate."""
    client = tenant.api(Role.OPERATOR)
    first, second = upload(client).json(), upload(client, name="again.pdf").json()
    assert second["duplicate_of"] == first["id"]
    assert second["id"] == first["id"]
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.get().duplicates == 1


def test_ingest_keep_duplicates_creates_new_document(tenant: TenantFixture) -> None:
    """Each upload is then a separate document."""
    with tenant_scope(tenant.tenant_id):
        Tenant.objects.update(keep_duplicates=True)
    client = tenant.api(Role.OPERATOR)
    assert upload(client).json()["id"] != upload(client).json()["id"]


def test_ingest_idempotency_key_repeats_answer(tenant: TenantFixture) -> None:
    """The same request gets the same response; another request with the same key is refused."""
    client = tenant.api(Role.OPERATOR)
    headers = {"Idempotency-Key": "k-1"}
    first = upload(client, headers=headers)
    again = upload(client, headers=headers)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert upload(client, PDF + b"\n", headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "empty.pdf", 422, "empty"),
        (b"hello, I am text", "letter.pdf", 422, "corrupt"),
        (b"MZ" + b"\0" * 40, "setup.exe", 415, "unsupported"),
    ],
)
def test_ingest_unreadable_file_is_refused_with_reason(
    tenant: TenantFixture, content: bytes, name: str, status: int, code: str
) -> None:
    """A typed problem+json response; nothing is stored."""
    response = upload(tenant.api(Role.OPERATOR), content, name)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:refinery:problem:{code}"
    with tenant_scope(tenant.tenant_id):
        assert not Document.objects.exists()


def test_ingest_file_above_tenant_limit_is_refused(tenant: TenantFixture) -> None:
    """413 with the limit in the detail."""
    with tenant_scope(tenant.tenant_id):
        Tenant.objects.update(max_file_bytes=10)
    response = upload(tenant.api(Role.OPERATOR))
    assert (response.status_code, response.json()["type"]) == (413, "urn:refinery:problem:too_large")


@pytest.mark.parametrize(
    ("data", "member"),
    [
        ({"schema": "nonsense"}, "schema"),
        ({"batch": str(uuid4())}, "batch"),
        ({"supersedes": str(uuid4())}, "supersedes"),
        ({"metadata": "[1]"}, "metadata"),
        ({"tenant_id": str(uuid4())}, "tenant_id"),
    ],
)
def test_ingest_invalid_member_is_named(tenant: TenantFixture, data: dict[str, str], member: str) -> None:
    """422 with the name of the invalid member."""
    response = upload(tenant.api(Role.OPERATOR), PDF, "invoice.pdf", **data)
    assert response.status_code == 422
    assert member in response.json()["errors"]


def test_ingest_above_daily_limit_is_too_many_requests(tenant: TenantFixture) -> None:
    """429 with Retry-After."""
    with tenant_scope(tenant.tenant_id):
        Tenant.objects.update(documents_per_day=1)
    client = tenant.api(Role.OPERATOR)
    assert upload(client).status_code == 202
    response = upload(client, PDF + b"\n")
    assert response.status_code == 429
    assert response.headers["Retry-After"]


def test_ingest_into_paused_batch_waits_until_resumed(tenant: TenantFixture) -> None:
    """Nothing leaves the outbox while the batch is paused; resuming starts the held documents."""
    client = tenant.api(Role.OPERATOR)
    batch = client.post("/v1/batches", {"name": "March"}, content_type="application/json").json()
    upload(client, batch=batch["id"])
    assert client.post(f"/v1/batches/{batch['id']}/pause").json()["status"] == "PAUSED"
    upload(client, PDF + b"\n", batch=batch["id"])
    with tenant_scope(tenant.tenant_id):
        assert set(Document.objects.values_list("stage", flat=True)) == {"held"}
        assert not OutboxMessage.objects.exists()
    resumed = client.post(f"/v1/batches/{batch['id']}/resume").json()
    assert (resumed["status"], resumed["counts"]) == ("RUNNING", {"RECEIVED": 2})
    with tenant_scope(tenant.tenant_id):
        assert OutboxMessage.objects.filter(topic="workflow.start").count() == 2


def test_ingest_into_cancelled_batch_is_conflict(tenant: TenantFixture) -> None:
    """409, and the batch cannot be resumed."""
    client = tenant.api(Role.OPERATOR)
    with tenant_scope(tenant.tenant_id):
        batch = Batch.objects.create(tenant_id=tenant.tenant_id, name="March")
    assert client.post(f"/v1/batches/{batch.id}/cancel").json()["status"] == "CANCELLED"
    assert client.post(f"/v1/batches/{batch.id}/resume").status_code == 409
    assert upload(client, batch=str(batch.id)).status_code == 409


def test_ingest_by_viewer_is_forbidden(tenant: TenantFixture) -> None:
    """403 within the tenant."""
    assert upload(tenant.api(Role.VIEWER)).status_code == 403
