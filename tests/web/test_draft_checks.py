"""Values are read and checked while a reviewer types; nothing is stored."""

import json
from typing import Any

import pytest

from ingestion.models import Field, Page
from ingestion.services.schemas import create_default_schemas
from quality.models import Issue
from quality.services import draft_checks
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.models import ReviewTask
from tests.support.factories.documents import FieldSample, make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
FIELDS = (
    FieldSample("invoice_number", "INV-2041"),
    FieldSample("invoice_date", "2026-03-02"),
    FieldSample("net_amount", "100.00"),
    FieldSample("vat_amount", "19.00"),
    FieldSample("total", "129.00", 0.6, needs_human=True),
    FieldSample("iban", "DE89370400440532013000"),
)


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with its schemas."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
    return tenant


@pytest.fixture
def task(tenant: TenantFixture) -> ReviewTask:
    """Return a task on an invoice whose total does not match net amount and VAT; an issue says so."""
    document = make_document(tenant, fields=FIELDS)
    with tenant_scope(tenant.tenant_id):
        Page.objects.update(blocks=[], source="native")
        issue = {"document": document, "run": 1, "tier": "domain", "dimension": "content", "severity": "critical"}
        Issue.objects.all().delete()
        Issue.objects.create(tenant_id=tenant.tenant_id, code="totals_add_up", field="total", message="Old.", **issue)
        Issue.objects.create(tenant_id=tenant.tenant_id, code="unheard_of", field="total", message="Kept.", **issue)
    return make_task(tenant, document)


def check(tenant: TenantFixture, task: ReviewTask, **values: str) -> dict[str, Any]:
    """Send a draft's values as the viewer does."""
    client = tenant.client(Role.REVIEWER)
    body = json.dumps({"values": values})
    found: dict[str, Any] = client.post(f"/review/tasks/{task.id}/checks", body, content_type="application/json").json()
    return found


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("invoice_date", "16.04.2026", "16 Apr 2026"),
        ("total", "1.500,00 €", "1,500.00"),
        ("iban", "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("supplier", "Acme  Ltd", ""),
    ],
)
def test_readable_value_shows_its_normal_form(
    tenant: TenantFixture, task: ReviewTask, name: str, typed: str, shown: str
) -> None:
    """As people write it; a name is stored as typed, so there is nothing to show."""
    with tenant_scope(tenant.tenant_id):
        Field.objects.create(
            tenant_id=tenant.tenant_id, document=task.document, run=1, position=9, name="supplier", confidence=0.5
        )
    assert check(tenant, task, **{name: typed})["values"][name] == {"value": typed, "shown": shown, "problem": ""}


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [
        ("invoice_date", "soon", "cannot be read"),
        ("iban", "DE89370400440532013001", "not a valid IBAN"),
        ("total", "", "This value is required."),
    ],
)
def test_refused_value_shows_why(tenant: TenantFixture, task: ReviewTask, name: str, typed: str, problem: str) -> None:
    """In words, and without a normal form."""
    found = check(tenant, task, **{name: typed})["values"][name]
    assert problem in found["problem"]
    assert found["shown"] == ""


def test_issue_is_resolved_by_typed_value(tenant: TenantFixture, task: ReviewTask) -> None:
    """An issue whose check did not run stays as it was; nothing is stored."""
    before = {one["code"]: one["state"] for one in check(tenant, task)["issues"]}
    assert (before["totals_add_up"], before["unheard_of"]) == ("open", "open")
    after = {one["code"]: one["state"] for one in check(tenant, task, total="119.00")["issues"]}
    assert (after["totals_add_up"], after["unheard_of"]) == ("resolved", "open")
    with tenant_scope(tenant.tenant_id):
        assert Field.objects.get(name="total").value == "129.00"
        assert not Issue.objects.filter(resolved=True).exists()


def test_new_issue_of_typed_value_is_reported(tenant: TenantFixture, task: ReviewTask) -> None:
    """A wrong correction is found before it is sent."""
    found = check(tenant, task, iban="DE89370400440532013001")["issues"]
    assert {"iban_valid": "open"}.items() <= {one["code"]: one["state"] for one in found}.items()


@pytest.mark.parametrize("body", ["{}", '{"values": []}', '{"values": {"total": 5}}', "[]"])
def test_invalid_request_is_refused(tenant: TenantFixture, task: ReviewTask, body: str) -> None:
    """With a client error, never a failure."""
    address = f"/review/tasks/{task.id}/checks"
    answer = tenant.client(Role.REVIEWER).post(address, body, content_type="application/json")
    assert answer.status_code in {400, 422}


def test_viewer_role_may_not_check(tenant: TenantFixture, task: ReviewTask) -> None:
    """Only those who review."""
    answer = tenant.client(Role.VIEWER).post(f"/review/tasks/{task.id}/checks", "{}", content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("limit", ["MAX_PAGES", "MAX_WORDS"])
def test_long_document_is_not_checked_while_typing(
    tenant: TenantFixture, task: ReviewTask, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Its values are still read."""
    monkeypatch.setattr(draft_checks, limit, 0)
    found = check(tenant, task, total="119.00")
    assert found["issues"] is None
    assert found["values"]["total"]["shown"] == "119.00"
