"""Taking files in: what is accepted is stored, once, and on its way; what is not is told why."""

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
from tests.factories.people import House

INGEST = "/v1/documents/ingest"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"


def send(client: Client, content: bytes = PDF, name: str = "invoice.pdf", **data: Any) -> Any:  # noqa: ANN401
    """Upload a file."""
    headers = data.pop("headers", {})
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(INGEST, {"file": file, **data}, headers=headers)


def test_an_upload_is_stored_and_on_its_way(house: House) -> None:
    """Bytes, row and message stand when the answer is given."""
    response = send(house.api(Role.OPERATOR), schema="invoice", external_id="E-1", metadata='{"po": "7"}')
    assert response.status_code == 202
    answer = response.json()
    assert set(answer) == {"id", "status", "duplicate_of", "links"}
    assert answer["status"] == "RECEIVED"
    with tenant_scope(house.tenant_id):
        document = Document.objects.get(pk=answer["id"])
        message = OutboxMessage.objects.get()
    assert default_storage.open(document.blob_key).read() == PDF
    assert (document.schema_key, document.external_id, document.metadata) == ("invoice", "E-1", {"po": "7"})
    assert (message.topic, message.key) == ("workflow.start", f"doc/{document.id}/1")


def test_the_same_bytes_answer_with_the_first_document(house: House) -> None:
    """One document, and the repeat is told."""
    client = house.api(Role.OPERATOR)
    first, second = send(client).json(), send(client, name="again.pdf").json()
    assert second["duplicate_of"] == first["id"]
    assert second["id"] == first["id"]
    with tenant_scope(house.tenant_id):
        assert Document.objects.get().duplicates == 1


def test_a_tenant_may_keep_duplicates(house: House) -> None:
    """Then each upload is a document."""
    with tenant_scope(house.tenant_id):
        Tenant.objects.update(keep_duplicates=True)
    client = house.api(Role.OPERATOR)
    assert send(client).json()["id"] != send(client).json()["id"]


def test_an_idempotency_key_makes_a_repeat_harmless(house: House) -> None:
    """The same answer again; another request under the same key is refused."""
    client = house.api(Role.OPERATOR)
    headers = {"Idempotency-Key": "k-1"}
    first = send(client, headers=headers)
    again = send(client, headers=headers)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert send(client, PDF + b"\n", headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "empty.pdf", 422, "empty"),
        (b"hello, I am text", "letter.pdf", 422, "corrupt"),
        (b"MZ" + b"\0" * 40, "setup.exe", 415, "unsupported"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    house: House, content: bytes, name: str, status: int, code: str
) -> None:
    """Typed, as problem+json, and nothing is kept."""
    response = send(house.api(Role.OPERATOR), content, name)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:refinery:problem:{code}"
    with tenant_scope(house.tenant_id):
        assert not Document.objects.exists()


def test_a_file_over_the_tenants_limit_is_refused(house: House) -> None:
    """413, with the limit named."""
    with tenant_scope(house.tenant_id):
        Tenant.objects.update(max_file_bytes=10)
    response = send(house.api(Role.OPERATOR))
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
def test_what_makes_no_sense_is_named(house: House, data: dict[str, str], member: str) -> None:
    """422 with the member at fault."""
    response = send(house.api(Role.OPERATOR), PDF, "invoice.pdf", **data)
    assert response.status_code == 422
    assert member in response.json()["errors"]


def test_a_full_day_is_429(house: House) -> None:
    """With Retry-After."""
    with tenant_scope(house.tenant_id):
        Tenant.objects.update(documents_per_day=1)
    client = house.api(Role.OPERATOR)
    assert send(client).status_code == 202
    response = send(client, PDF + b"\n")
    assert response.status_code == 429
    assert response.headers["Retry-After"]


def test_a_paused_batch_holds_its_files_until_it_goes_on(house: House) -> None:
    """Nothing leaves the outbox while it is paused; resume starts what was held."""
    client = house.api(Role.OPERATOR)
    batch = client.post("/v1/batches", {"name": "March"}, content_type="application/json").json()
    send(client, batch=batch["id"])
    assert client.post(f"/v1/batches/{batch['id']}/pause").json()["status"] == "PAUSED"
    send(client, PDF + b"\n", batch=batch["id"])
    with tenant_scope(house.tenant_id):
        assert set(Document.objects.values_list("stage", flat=True)) == {"held"}
        assert not OutboxMessage.objects.exists()
    resumed = client.post(f"/v1/batches/{batch['id']}/resume").json()
    assert (resumed["status"], resumed["counts"]) == ("RUNNING", {"RECEIVED": 2})
    with tenant_scope(house.tenant_id):
        assert OutboxMessage.objects.filter(topic="workflow.start").count() == 2


def test_a_cancelled_batch_takes_no_more(house: House) -> None:
    """409; and it cannot go on."""
    client = house.api(Role.OPERATOR)
    with tenant_scope(house.tenant_id):
        batch = Batch.objects.create(tenant_id=house.tenant_id, name="March")
    assert client.post(f"/v1/batches/{batch.id}/cancel").json()["status"] == "CANCELLED"
    assert client.post(f"/v1/batches/{batch.id}/resume").status_code == 409
    assert send(client, batch=str(batch.id)).status_code == 409


def test_a_viewer_may_not_upload(house: House) -> None:
    """403 within the tenant."""
    assert send(house.api(Role.VIEWER)).status_code == 403
