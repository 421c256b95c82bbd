"""/v1/extract: upload and fields in one request, the length of the wait and its effect on others."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document
from refinery.api import extract
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web import long_polling
from refinery.core.web.long_polling import WaitSlots, preferred_wait
from tests.support.factories.documents import INVOICE, make_document, make_field, make_page
from tests.support.factories.tenants import TenantFixture

EXTRACT = "/v1/extract"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"


def upload(client: Client, content: bytes = PDF, prefer: str = "", **data: Any) -> Any:  # noqa: ANN401 - a test client's answer
    """Upload a file."""
    file = SimpleUploadedFile("invoice.pdf", content, content_type="application/pdf")
    return client.post(EXTRACT, {"file": file, **data}, headers={"Prefer": prefer} if prefer else {})


@dataclass
class SimulatedWorker:
    """Replaces the live event listener: while a request waits, it brings the document to a status."""

    tenant: TenantFixture
    status: DocumentStatus = DocumentStatus.IN_REVIEW
    wait_count: int = 0

    @contextmanager
    def listen_for(self, group: str, kind: str) -> Iterator["SimulatedWorker"]:
        """Return this worker as the listener."""
        yield self

    def clear(self) -> None:
        """Do nothing."""

    def wait(self, timeout: float) -> bool:
        """Do the work that the request waits for."""
        self.wait_count += 1
        with tenant_scope(self.tenant.tenant_id):
            document = Document.objects.get()
            make_page(self.tenant, document, 1)
            for position, sheet in enumerate(INVOICE):
                make_field(self.tenant, document, sheet, position)
            Document.objects.update(status=self.status.value, schema_key="invoice", pages=1, error_code="corrupt")
        return True


@pytest.fixture
def worker(tenant: TenantFixture, monkeypatch: pytest.MonkeyPatch) -> SimulatedWorker:
    """Return a worker that reads the document of a waiting request."""
    worker = SimulatedWorker(tenant)
    monkeypatch.setattr(long_polling, "listen_for", worker.listen_for)
    return worker


def test_extract_waits_and_returns_fields(tenant: TenantFixture, worker: SimulatedWorker) -> None:
    """200 with pages, fields, scores and issues; the document had urgent priority."""
    answer = upload(tenant.api(Role.OPERATOR), schema="invoice")
    assert (answer.status_code, worker.wait_count) == (200, 1)
    found = answer.json()
    assert (found["status"], found["schema"]) == ("IN_REVIEW", "invoice")
    assert [field["name"] for field in found["fields"]] == [sheet.name for sheet in INVOICE]
    client = tenant.api(Role.OPERATOR)
    assert found["pages"] == [client.get(f"{found['links']['self']}/pages/1").json()]
    assert found["fields"] == client.get(f"{found['links']['self']}/fields").json()
    assert {"scores", "issues", "decision", "ocr_confidence"} <= set(found)
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.get().priority == extract.EXTRACT_PRIORITY


def test_extract_known_file_returns_at_once(tenant: TenantFixture, worker: SimulatedWorker) -> None:
    """The same bytes are one document."""
    make_document(tenant, content=PDF)
    answer = upload(tenant.api(Role.OPERATOR))
    assert (answer.status_code, worker.wait_count) == (200, 0)


@pytest.mark.parametrize(("prefer", "applied"), [("wait=0", "wait=0"), ("respond-async", "respond-async")])
def test_extract_without_waiting_returns_link(
    tenant: TenantFixture, worker: SimulatedWorker, prefer: str, applied: str
) -> None:
    """202, as for any upload."""
    answer = upload(tenant.api(Role.OPERATOR), prefer=prefer)
    assert (answer.status_code, worker.wait_count, answer["Preference-Applied"]) == (202, 0, applied)
    assert answer["Location"] == f"/v1/documents/{answer.json()['id']}/status"
    assert answer["Retry-After"] == "1"


def test_extract_without_free_seat_returns_link(
    tenant: TenantFixture, worker: SimulatedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is accepted nevertheless."""
    monkeypatch.setattr(extract, "WAITING_SLOTS", WaitSlots(total=0, per_tenant=0))
    answer = upload(tenant.api(Role.OPERATOR))
    assert (answer.status_code, worker.wait_count) == (202, 0)
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.get().status == "RECEIVED"


def test_extract_unreadable_file_is_problem(tenant: TenantFixture, worker: SimulatedWorker) -> None:
    """The problem contains the error code and the document's links."""
    worker.status = DocumentStatus.FAILED
    answer = upload(tenant.api(Role.OPERATOR))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:refinery:problem:corrupt")
    assert answer.json()["links"]["self"] == f"/v1/documents/{answer.json()['id']}"


def test_extract_encrypted_file_returns_link(tenant: TenantFixture, worker: SimulatedWorker) -> None:
    """202, because a person must enter its password."""
    worker.status = DocumentStatus.NEEDS_PASSWORD
    assert upload(tenant.api(Role.OPERATOR)).status_code == 202


def test_extract_large_file_or_missing_permission_is_refused(tenant: TenantFixture, worker: SimulatedWorker) -> None:
    """413 above 5 MB, 403 without the upload permission; nothing is stored."""
    assert upload(tenant.api(Role.OPERATOR), PDF + b"\0" * extract.MAX_EXTRACT_BYTES).status_code == 413
    assert upload(tenant.api(Role.VIEWER)).status_code == 403
    with tenant_scope(tenant.tenant_id):
        assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("prefer", "read"),
    [
        ("", (10, "")),
        ("wait=3", (3, "wait=3")),
        ("WAIT = 60", (10, "wait=10")),
        ("respond-async, wait=2", (2, "wait=2")),
        ('return=minimal; x=1, wait="4"', (4, "wait=4")),
        ("wait=soon", (10, "")),
    ],
)
def test_preferred_wait_follows_rfc_7240(prefer: str, read: tuple[int, str]) -> None:
    """The Prefer header is parsed as in RFC 7240."""
    assert preferred_wait(prefer, 10) == read


def test_seats_are_limited_per_tenant(tenant: TenantFixture) -> None:
    """The number of waiting requests is limited; a seat is released when the wait ends."""
    seats, other = WaitSlots(total=3, per_tenant=2), tenant.user(Role.VIEWER).pk
    with ExitStack() as row:
        callers = (tenant.tenant_id, tenant.tenant_id, tenant.tenant_id, other, other)
        assert [row.enter_context(seats.slot(one)) for one in callers] == [True, True, False, True, False]
    with seats.slot(tenant.tenant_id) as again:
        assert again
