"""Confirmation of emptied and invalid values on approval, and the confidence of human values."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ingestion.models import Document
from quality.models import Issue
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.models import Correction
from review.services.tasks import TaskRequest, open_task
from tests.support.factories.documents import FieldSample, make_document
from tests.support.factories.tenants import TenantFixture

JSON = "application/json"
INVALID_IBAN = {"code": "iban", "ok": False, "message": "This is not a valid IBAN."}
FIELDS = (
    FieldSample("invoice_date", "2026-03-02", 0.93),
    FieldSample("total", "120.00", 0.61, needs_human=True),
    FieldSample("iban", "DE00", 0.4, needs_human=True, extra={"validations": [INVALID_IBAN]}),
)


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return a document in review."""
    document = make_document(tenant, fields=FIELDS)
    with tenant_scope(tenant.tenant_id):
        open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    return document


def submit(client: Client, decision: str = "approve", reason: str = "", **values: str) -> tuple[int, Any]:
    """Claim the task and decide; return the status code and the body."""
    claimed = client.post("/v1/review/tasks/next", {}, content_type=JSON).json()
    corrections = [{"field": name, "value": value} for name, value in values.items()]
    body = {"lease": claimed["lease"]["token"], "decision": decision, "reason": reason, "corrections": corrections}
    body |= {"confirm_values": True}
    answer = client.post(f"/v1/review/tasks/{claimed['task']['id']}/submit", body, content_type=JSON)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"total": ""}, "This value is required."),
        ({"iban": "DE89370400440532013001"}, "not a valid IBAN"),
        ({"invoice_date": "soon"}, "cannot be read"),
        ({"invoice_date": "soon", "total": " "}, "cannot be read"),
    ],
)
def test_approval_of_refused_value_needs_reason(
    tenant: TenantFixture, document: Document, values: dict[str, str], message: str
) -> None:
    """The answer names the fields; nothing is written without a reason, and the reason is recorded."""
    client = tenant.api(Role.REVIEWER)
    status, body = submit(client, **values)
    assert (status, body["type"].rsplit(":", 1)[-1]) == (422, "confirmation-needed")
    assert set(body["errors"]) == set(values)
    assert message in body["errors"][next(iter(values))][0]
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.get().status == "IN_REVIEW"
        assert not Correction.objects.exists()
    status, body = submit(client, reason="It is printed so", **values)
    assert (status, body["status"]) == (200, "APPROVED")
    with tenant_scope(tenant.tenant_id):
        event = AuditEvent.objects.get(action="review.values_accepted")
        assert set(event.detail["fields"].split(",")) == set(values)
        assert event.detail["reason"] == "It is printed so"
        assert {row.reason for row in Correction.objects.all()} == {"It is printed so"}


@pytest.mark.parametrize(("decision", "reason"), [("reject", "unreadable"), ("needs_second_review", "")])
def test_other_decisions_need_no_confirmation(
    tenant: TenantFixture, document: Document, decision: str, reason: str
) -> None:
    """A rejection has its own reason; a second reviewer sees the value."""
    assert submit(tenant.api(Role.REVIEWER), decision, reason, total="")[0] == 200


def test_program_may_approve_without_confirmation(tenant: TenantFixture, document: Document) -> None:
    """It is recorded all the same."""
    client = tenant.api(Role.REVIEWER)
    claimed = client.post("/v1/review/tasks/next", {}, content_type=JSON).json()
    corrections = [{"field": "total", "value": ""}]
    body = {"lease": claimed["lease"]["token"], "decision": "approve", "corrections": corrections}
    answer = client.post(f"/v1/review/tasks/{claimed['task']['id']}/submit", body, content_type=JSON)
    assert answer.status_code == 200
    with tenant_scope(tenant.tenant_id):
        assert AuditEvent.objects.get(action="review.values_accepted").detail["fields"] == "total"


def test_value_left_as_read_needs_no_confirmation(tenant: TenantFixture, document: Document) -> None:
    """A misprinted account is confirmed as printed: its issue is about it."""
    assert submit(tenant.api(Role.REVIEWER), iban="DE00")[0] == 200


def test_exported_confidence_of_human_values_is_not_the_machines(tenant: TenantFixture, document: Document) -> None:
    """Confirmed and corrected values have confidence 1; the machine's is beside it."""
    assert submit(tenant.api(Role.REVIEWER), total="1,120.00")[0] == 200
    client = tenant.api(Role.OPERATOR)
    fields = {one["name"]: one for one in client.get(f"/v1/documents/{document.id}/fields").json()}
    shown = {name: (one["confidence"], one["model_confidence"]) for name, one in fields.items()}
    assert shown == {"invoice_date": (0.93, 0.93), "total": (1.0, 0.61), "iban": (1.0, 0.4)}
    exported = client.get(f"/v1/documents/{document.id}/export?format=json").json()["fields"]
    assert {one["name"]: one["confidence"] for one in exported} == {"invoice_date": 0.93, "total": 1.0, "iban": 1.0}
    lines = client.get(f"/v1/documents/{document.id}/export?format=csv").content.decode().splitlines()
    names = lines[0].split(",")
    confidences = {row.split(",")[2]: row.split(",")[names.index("confidence")] for row in lines[1:] if "," in row}
    assert confidences["iban"] == "1.0"
    assert confidences["invoice_date"] == "0.93"


def test_approval_records_who_accepted_an_issue_and_undo_withdraws_it(
    tenant: TenantFixture, document: Document
) -> None:
    """The record says by whom, until the decision is undone."""
    client = tenant.api(Role.REVIEWER)
    assert submit(client)[0] == 200
    with tenant_scope(tenant.tenant_id):
        assert Issue.objects.get().accepted_by_id is not None
        task = Correction.objects.first()
        assert task is not None
    page = tenant.client(Role.REVIEWER).get(f"/documents/{document.id}/").content.decode()
    assert 'data-issue-state="accepted"' in page
    assert client.post(f"/v1/review/tasks/{task.task_id}/undo").status_code == 200
    with tenant_scope(tenant.tenant_id):
        assert Issue.objects.get().accepted_by_id is None
