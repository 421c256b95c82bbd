"""A file in and its fields out in one request: what is waited for, for how long, and what waiting costs others."""

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
from refinery.core.web.long_polling import Seats, preferred_wait
from tests.factories.documents import INVOICE, make_document, make_field, make_page
from tests.factories.people import House

EXTRACT = "/v1/extract"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"


def send(client: Client, content: bytes = PDF, prefer: str = "", **data: Any) -> Any:  # noqa: ANN401 - a test client's answer
    """Upload a file."""
    file = SimpleUploadedFile("invoice.pdf", content, content_type="application/pdf")
    return client.post(EXTRACT, {"file": file, **data}, headers={"Prefer": prefer} if prefer else {})


@dataclass
class Worker:
    """Stands where the live events come from: while a request waits, it brings the document to a status."""

    house: House
    status: DocumentStatus = DocumentStatus.IN_REVIEW
    waits: int = 0

    @contextmanager
    def hearing(self, group: str, kind: str) -> Iterator["Worker"]:
        """Be listened to."""
        yield self

    def clear(self) -> None:
        """Nothing to forget."""

    def wait(self, timeout: float) -> bool:
        """Do the work that is waited for."""
        self.waits += 1
        with tenant_scope(self.house.tenant_id):
            document = Document.objects.get()
            make_page(self.house, document, 1)
            for position, sheet in enumerate(INVOICE):
                make_field(self.house, document, sheet, position)
            Document.objects.update(status=self.status.value, schema_key="invoice", pages=1, error_code="corrupt")
        return True


@pytest.fixture
def worker(house: House, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A worker that reads whatever is waited for."""
    worker = Worker(house)
    monkeypatch.setattr(long_polling, "hearing", worker.hearing)
    return worker


def test_a_file_is_read_while_the_caller_waits(house: House, worker: Worker) -> None:
    """200 with the shapes of pages and fields, scores and issues beside them; it went ahead of others."""
    answer = send(house.api(Role.OPERATOR), schema="invoice")
    assert (answer.status_code, worker.waits) == (200, 1)
    found = answer.json()
    assert (found["status"], found["schema"]) == ("IN_REVIEW", "invoice")
    assert [field["name"] for field in found["fields"]] == [sheet.name for sheet in INVOICE]
    client = house.api(Role.OPERATOR)
    assert found["pages"] == [client.get(f"{found['links']['self']}/pages/1").json()]
    assert found["fields"] == client.get(f"{found['links']['self']}/fields").json()
    assert {"scores", "issues", "decision", "ocr_confidence"} <= set(found)
    with tenant_scope(house.tenant_id):
        assert Document.objects.get().priority == extract.AHEAD


def test_what_was_read_before_is_given_at_once(house: House, worker: Worker) -> None:
    """The same bytes are one document."""
    make_document(house, content=PDF)
    answer = send(house.api(Role.OPERATOR))
    assert (answer.status_code, worker.waits) == (200, 0)


@pytest.mark.parametrize(("prefer", "applied"), [("wait=0", "wait=0"), ("respond-async", "respond-async")])
def test_who_does_not_wait_gets_a_link(house: House, worker: Worker, prefer: str, applied: str) -> None:
    """202 as for any upload."""
    answer = send(house.api(Role.OPERATOR), prefer=prefer)
    assert (answer.status_code, worker.waits, answer["Preference-Applied"]) == (202, 0, applied)
    assert answer["Location"] == f"/v1/documents/{answer.json()['id']}/status"
    assert answer["Retry-After"] == "1"


def test_without_a_seat_nobody_waits(house: House, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is taken in all the same."""
    monkeypatch.setattr(extract, "SEATS", Seats(most=0, of_one=0))
    answer = send(house.api(Role.OPERATOR))
    assert (answer.status_code, worker.waits) == (202, 0)
    with tenant_scope(house.tenant_id):
        assert Document.objects.get().status == "RECEIVED"


def test_a_file_that_cannot_be_read_is_a_problem(house: House, worker: Worker) -> None:
    """With the code of what is wrong, and the document's links."""
    worker.status = DocumentStatus.FAILED
    answer = send(house.api(Role.OPERATOR))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:refinery:problem:corrupt")
    assert answer.json()["links"]["self"] == f"/v1/documents/{answer.json()['id']}"


def test_a_locked_file_waits_for_a_person_not_for_the_caller(house: House, worker: Worker) -> None:
    """202: someone has to give its password."""
    worker.status = DocumentStatus.NEEDS_PASSWORD
    assert send(house.api(Role.OPERATOR)).status_code == 202


def test_large_files_and_other_roles_are_refused(house: House, worker: Worker) -> None:
    """413 above 5 MB, 403 for who may not upload; nothing is kept."""
    assert send(house.api(Role.OPERATOR), PDF + b"\0" * extract.MOST_BYTES).status_code == 413
    assert send(house.api(Role.VIEWER)).status_code == 403
    with tenant_scope(house.tenant_id):
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
def test_preferences_are_read_as_the_rfc_says(prefer: str, read: tuple[int, str]) -> None:
    """RFC 7240."""
    assert preferred_wait(prefer, 10) == read


def test_no_tenant_takes_all_seats(house: House) -> None:
    """Some of them, and given back as the wait ends."""
    seats, other = Seats(most=3, of_one=2), house.user(Role.VIEWER).pk
    with ExitStack() as row:
        callers = (house.tenant_id, house.tenant_id, house.tenant_id, other, other)
        assert [row.enter_context(seats.seat(one)) for one in callers] == [True, True, False, True, False]
    with seats.seat(house.tenant_id) as again:
        assert again
