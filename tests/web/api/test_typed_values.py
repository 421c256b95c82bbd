"""Values that come over REST are read as a page's are: by PATCH of a field and by a submit's corrections alike."""

from typing import Any

import pytest
from django.utils import timezone

from ingestion.models import Document, Field, Page
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.services.tasks import TaskRequest, open_task
from tests.factories.documents import Sheet, make_document
from tests.factories.people import House

JSON = "application/json"
WRONG = {
    "code": "iban",
    "ok": False,
    "message": "This is no valid IBAN.",
}
FIELDS = (
    Sheet("invoice_date", "01/02/2020"),
    Sheet("total", "1.00", needs_human=True),
    Sheet("iban", "DE00", extra={"validations": [WRONG]}),
)
TYPED = {"invoice_date": "03/04/2026", "total": "1,284.50 USD", "iban": "de89 3704 0044 0532 0130 00"}
NORMALIZED = {"invoice_date": "2026-03-04", "total": "1284.50", "iban": "DE89370400440532013000"}


@pytest.fixture
def document(house: House) -> Document:
    """An American invoice in review: another of its dates can only be read with the month first."""
    document = make_document(house, fields=FIELDS)
    with tenant_scope(house.tenant_id):
        word = {"bbox": [0.1, 0.1, 0.2, 0.12], "confidence": 0.99, "source": "native", "line": 0}
        Page.objects.update(words=[{"text": "12/31/2025", **word}], blocks=[], source="native")
        open_task(TaskRequest(house.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    return document


def fields(house: House, document: Document) -> dict[str, dict[str, Any]]:
    """Read all fields."""
    found = house.api(Role.REVIEWER).get(f"/v1/documents/{document.id}/fields").json()
    return {field["name"]: field for field in found}


def stored_like_a_reading(found: dict[str, dict[str, Any]]) -> None:
    """Each value stays as typed, has the one spelling of its kind, and verdicts of its own."""
    assert {name: field["value"] for name, field in found.items()} == TYPED
    assert {name: field["normalized"] for name, field in found.items()} == NORMALIZED
    assert [(one["code"], one["ok"]) for one in found["iban"]["validation"]] == [("iban", True), ("pattern", True)]
    assert [(one["code"], one["ok"]) for one in found["invoice_date"]["validation"]] == [("date_exists", True)]


def test_a_patched_field(house: House, document: Document) -> None:
    """One by one."""
    client = house.api(Role.REVIEWER)
    for name, value in TYPED.items():
        address = f"/v1/documents/{document.id}/fields/{name}"
        tag = {"If-Match": client.get(address).headers["ETag"]}
        assert client.patch(address, {"value": value}, content_type=JSON, headers=tag).status_code == 200
    stored_like_a_reading(fields(house, document))


def test_a_submits_corrections(house: House, document: Document) -> None:
    """All at once; an undo puts the reading's own verdicts back."""
    client = house.api(Role.REVIEWER)
    claimed = client.post("/v1/review/tasks/next", {}, content_type=JSON).json()
    task = f"/v1/review/tasks/{claimed['task']['id']}"
    corrections = [{"field": name, "value": value} for name, value in TYPED.items()]
    body = {"lease": claimed["lease"]["token"], "decision": "approve", "corrections": corrections}
    assert client.post(f"{task}/submit", body, content_type=JSON).status_code == 200
    stored_like_a_reading(fields(house, document))
    assert client.post(f"{task}/undo").status_code == 200
    assert fields(house, document)["iban"]["validation"] == [WRONG]


def test_what_cannot_be_read_has_no_normalised_form(house: House, document: Document) -> None:
    """It is kept as typed, with the verdict that it cannot be read."""
    client = house.api(Role.REVIEWER)
    address = f"/v1/documents/{document.id}/fields/total"
    tag = {"If-Match": client.get(address).headers["ETag"]}
    changed = client.patch(address, {"value": "see overleaf"}, content_type=JSON, headers=tag).json()
    assert (changed["value"], changed["normalized"]) == ("see overleaf", "")
    assert [(one["code"], one["ok"]) for one in changed["validation"]] == [("unreadable", False)]
    with tenant_scope(house.tenant_id):
        assert Field.objects.get(name="total").human == "corrected"
