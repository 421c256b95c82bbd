"""Field values sent over REST are normalised like extracted ones, by field PATCH and by the corrections of a submit."""

from typing import Any

import pytest
from django.utils import timezone

from ingestion.models import Document, Field, Page
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.services.tasks import TaskRequest, open_task
from tests.support.factories.documents import FieldSample, make_document
from tests.support.factories.tenants import TenantFixture

JSON = "application/json"
INVALID_IBAN = {"code": "iban", "ok": False, "message": "This is not a valid IBAN."}
FIELDS = (
    FieldSample("invoice_date", "01/02/2020"),
    FieldSample("total", "1.00", needs_human=True),
    FieldSample("iban", "DE00", extra={"validations": [INVALID_IBAN]}),
)
TYPED_VALUES = {"invoice_date": "03/04/2026", "total": "1,284.50 USD", "iban": "de89 3704 0044 0532 0130 00"}
NORMALIZED_VALUES = {"invoice_date": "2026-03-04", "total": "1284.50", "iban": "DE89370400440532013000"}


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return an American invoice in review; another of its dates is only valid with the month first."""
    document = make_document(tenant, fields=FIELDS)
    with tenant_scope(tenant.tenant_id):
        word = {"bbox": [0.1, 0.1, 0.2, 0.12], "confidence": 0.99, "source": "native", "line": 0}
        Page.objects.update(words=[{"text": "12/31/2025", **word}], blocks=[], source="native")
        open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    return document


def fields(tenant: TenantFixture, document: Document) -> dict[str, dict[str, Any]]:
    """Return all fields."""
    found = tenant.api(Role.REVIEWER).get(f"/v1/documents/{document.id}/fields").json()
    return {field["name"]: field for field in found}


def assert_stored_like_extracted(found: dict[str, dict[str, Any]]) -> None:
    """Check that each value is stored as typed, with its normalised form and new validation results."""
    assert {name: field["value"] for name, field in found.items()} == TYPED_VALUES
    assert {name: field["normalized"] for name, field in found.items()} == NORMALIZED_VALUES
    assert [(one["code"], one["ok"]) for one in found["iban"]["validation"]] == [("iban", True), ("pattern", True)]
    assert [(one["code"], one["ok"]) for one in found["invoice_date"]["validation"]] == [("date_exists", True)]


def test_patched_field_is_normalized_and_validated(tenant: TenantFixture, document: Document) -> None:
    """Each field is patched separately."""
    client = tenant.api(Role.REVIEWER)
    for name, value in TYPED_VALUES.items():
        address = f"/v1/documents/{document.id}/fields/{name}"
        tag = {"If-Match": client.get(address).headers["ETag"]}
        assert client.patch(address, {"value": value}, content_type=JSON, headers=tag).status_code == 200
    assert_stored_like_extracted(fields(tenant, document))


def test_submitted_corrections_are_normalized_and_validated(tenant: TenantFixture, document: Document) -> None:
    """All corrections in one submit; an undo restores the original validation results."""
    client = tenant.api(Role.REVIEWER)
    claimed = client.post("/v1/review/tasks/next", {}, content_type=JSON).json()
    task = f"/v1/review/tasks/{claimed['task']['id']}"
    corrections = [{"field": name, "value": value} for name, value in TYPED_VALUES.items()]
    body = {"lease": claimed["lease"]["token"], "decision": "approve", "corrections": corrections}
    assert client.post(f"{task}/submit", body, content_type=JSON).status_code == 200
    assert_stored_like_extracted(fields(tenant, document))
    assert client.post(f"{task}/undo").status_code == 200
    assert fields(tenant, document)["iban"]["validation"] == [INVALID_IBAN]


@pytest.mark.parametrize(
    ("printed", "typed", "value"),
    [
        ("12/31/2025", "1 500 €", "1500.00"),
        ("12/31/2025", "1 250 000 Ft", "1250000.00"),
        ("12/31/2025", "₹ 1,23,456", "123456.00"),
        ("12/31/2025", "1.190,- €", "1190.00"),
        ("12/31/2025", "94.29 CR", "-94.29"),
        ("1.000,50", "1.234", "1234.00"),
        ("1,000.50", "1,234", "1234.00"),
        ("KWD\u00a01,000.500", "1.234", "1.234"),
        ("KWD\u00a01,000.500", "1234.750", "1234.750"),
        ("KWD\u00a01,000.500", "1234.75", "1234.75"),
    ],
)
def test_typed_amount_is_read_in_the_notation_of_the_document(
    tenant: TenantFixture, document: Document, printed: str, typed: str, value: str
) -> None:
    """Amounts that people type or programs send are parsed like those of the pages."""
    with tenant_scope(tenant.tenant_id):
        word = {"bbox": [0.1, 0.1, 0.2, 0.12], "confidence": 0.99, "source": "native", "line": 0}
        Page.objects.update(words=[{"text": printed, **word}])
    client = tenant.api(Role.REVIEWER)
    address = f"/v1/documents/{document.id}/fields/total"
    tag = {"If-Match": client.get(address).headers["ETag"]}
    changed = client.patch(address, {"value": typed}, content_type=JSON, headers=tag).json()
    assert (changed["value"], changed["normalized"]) == (typed, value)


def test_unreadable_value_is_kept_without_normalized_form(tenant: TenantFixture, document: Document) -> None:
    """It is stored as typed, with a failed validation result."""
    client = tenant.api(Role.REVIEWER)
    address = f"/v1/documents/{document.id}/fields/total"
    tag = {"If-Match": client.get(address).headers["ETag"]}
    changed = client.patch(address, {"value": "see overleaf"}, content_type=JSON, headers=tag).json()
    assert (changed["value"], changed["normalized"]) == ("see overleaf", "")
    assert [(one["code"], one["ok"]) for one in changed["validation"]] == [("unreadable", False)]
    with tenant_scope(tenant.tenant_id):
        assert Field.objects.get(name="total").human == "corrected"
