"""Review over REST: claim, decide, undo, with every refusal as a problem."""

from uuid import uuid4

import pytest
from django.utils import timezone

from ingestion.models import Document
from quality.models import TrainingExample
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.models import Queue
from review.services.tasks import TaskRequest, open_task
from tests.support.factories.documents import FieldSample, make_document, make_queue
from tests.support.factories.tenants import TenantFixture, make_tenant

NEXT = "/v1/review/tasks/next"
JSON = "application/json"


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return a document in review."""
    fields = (FieldSample("invoice_number", "INV-1"), FieldSample("total", "120.00", 0.6, needs_human=True))
    document = make_document(tenant, fields=fields)
    with tenant_scope(tenant.tenant_id):
        open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    return document


def test_review_claim_submit_export_examples_and_undo(tenant: TenantFixture, document: Document) -> None:
    """Claim the next task, submit a correction, export examples as NDJSON, undo."""
    client = tenant.api(Role.REVIEWER)
    claimed = client.post(NEXT, {}, content_type=JSON).json()
    assert set(claimed) == {"task", "document", "lease"}
    assert claimed["document"]["id"] == str(document.id)
    task = f"/v1/review/tasks/{claimed['task']['id']}"
    body = {
        "lease": claimed["lease"]["token"],
        "decision": "approve",
        "corrections": [{"field": "total", "value": "1,120.00", "page": 1, "bbox": [0.1, 0.1, 0.2, 0.2]}],
    }
    done = client.post(f"{task}/submit", body, content_type=JSON)
    assert done.status_code == 200
    assert (done.json()["status"], done.json()["training_examples"]) == ("APPROVED", 1)
    status = client.get(f"/v1/documents/{document.id}/status").json()
    assert (status["status"], status["decision"], status["progress"]) == ("APPROVED", "approve", 1.0)
    assert client.post(NEXT, {}, content_type=JSON).status_code == 204
    lines = b"".join(tenant.api(Role.OPERATOR).get("/v1/training-examples", headers={"Accept": "application/x-ndjson"}))
    assert b'"expert_correction": "1,120.00"' in lines
    again = client.post(f"{task}/undo")
    assert again.status_code == 200
    assert again.json()["document"]["status"] == "IN_REVIEW"
    with tenant_scope(tenant.tenant_id):
        assert not TrainingExample.objects.exists()


def test_claim_next_of_queue_by_name_or_id(tenant: TenantFixture, document: Document) -> None:
    """Tasks show the queue name only; an unknown queue, or one of another tenant, is an error."""
    client, foreign = tenant.api(Role.REVIEWER), make_queue(make_tenant("other"), "Theirs")
    name = client.get("/v1/review/tasks").json()["results"][0]["queue"]
    with tenant_scope(tenant.tenant_id):
        queue = Queue.objects.get(name=name)
    for given in (name, str(queue.id)):
        claimed = client.post(NEXT, {"queue": given}, content_type=JSON)
        assert (claimed.status_code, claimed.json()["document"]["id"]) == (200, str(document.id))
    for given in ("Nothing", str(uuid4()), "Theirs", str(foreign.id)):
        answer = client.post(NEXT, {"queue": given}, content_type=JSON)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:refinery:problem:unknown-queue")


def test_submit_with_lost_lease_is_conflict(tenant: TenantFixture, document: Document) -> None:
    """The problem says that the entered values are kept."""
    client = tenant.api(Role.REVIEWER)
    task = client.post(NEXT, {}, content_type=JSON).json()["task"]["id"]
    body = {"lease": str(uuid4()), "decision": "approve"}
    for verb in ("submit", "heartbeat", "release", "skip"):
        sent = body if verb == "submit" else {"lease": body["lease"]}
        response = client.post(f"/v1/review/tasks/{task}/{verb}", sent, content_type=JSON)
        assert (response.status_code, response.json()["type"]) == (409, "urn:refinery:problem:lease-lost"), verb


def test_field_patch_with_stale_if_match_is_precondition_failed(tenant: TenantFixture, document: Document) -> None:
    """428 without If-Match; with the current ETag the value changes and the ETag increases."""
    client = tenant.api(Role.REVIEWER)
    address = f"/v1/documents/{document.id}/fields/total"
    assert client.patch(address, {"value": "1"}, content_type=JSON).status_code == 428
    tag = client.get(address).headers["ETag"]
    changed = client.patch(address, {"value": "99.00"}, content_type=JSON, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["normalized"]) == (200, "99.00")
    assert changed.headers["ETag"] != tag
    stale = client.patch(address, {"value": "98.00"}, content_type=JSON, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:refinery:problem:stale")


@pytest.mark.parametrize("reason", ["", "   "])
def test_rejection_without_reason_names_member(tenant: TenantFixture, document: Document, reason: str) -> None:
    """The problem names the member."""
    client = tenant.api(Role.REVIEWER)
    claimed = client.post(NEXT, {}, content_type=JSON).json()
    body = {"lease": claimed["lease"]["token"], "decision": "reject", "reason": reason}
    response = client.post(f"/v1/review/tasks/{claimed['task']['id']}/submit", body, content_type=JSON)
    assert response.status_code == 422
    assert "reason" in response.json()["errors"]


def test_claim_by_viewer_is_forbidden(tenant: TenantFixture, document: Document) -> None:
    """403."""
    assert tenant.api(Role.VIEWER).post(NEXT, {}, content_type=JSON).status_code == 403


def test_csv_export_escapes_formulas(tenant: TenantFixture) -> None:
    """A value that a spreadsheet would execute is quoted; JSON keeps it unchanged."""
    document = make_document(tenant, fields=(FieldSample("supplier", "=cmd|' /C calc'!A0"),))
    client = tenant.api(Role.OPERATOR)
    csv = client.get(f"/v1/documents/{document.id}/export?format=csv").content.decode()
    assert ",'=cmd|' /C calc'!A0," in csv
    body = client.get(f"/v1/documents/{document.id}/export?format=json").json()
    assert body["fields"][0]["value"] == "=cmd|' /C calc'!A0"
    artefact = client.get(f"/v1/documents/{document.id}/export?format=label-studio")
    assert artefact.status_code == 202
    assert client.get(artefact.json()["links"]["self"]).json()["status"] == "queued"


def test_four_eyes_refusals_are_problems(tenant: TenantFixture) -> None:
    """The uploader gets no task of the document; a value of an approved document needs the right to reopen it."""
    document = make_document(tenant, uploaded_by_id=tenant.user(Role.OPERATOR).pk)
    with tenant_scope(tenant.tenant_id):
        task = open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    uploader = tenant.client(Role.OPERATOR)
    assert uploader.post(NEXT, {}, content_type=JSON).status_code == 204
    refused = uploader.post(f"/v1/review/tasks/{task.task_id}/claim")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:refinery:problem:four-eyes")
    with tenant_scope(tenant.tenant_id):
        Document.objects.update(status="APPROVED")
    path, headers = f"/v1/documents/{document.id}/fields/total", {"If-Match": '"1"'}
    change = {"value": "99.00"}
    for role in (Role.REVIEWER, Role.OPERATOR):
        answer = tenant.api(role).patch(path, change, content_type=JSON, headers=headers)
        assert answer.status_code == 403
    assert tenant.api(Role.MANAGER).patch(path, change, content_type=JSON, headers=headers).status_code == 200
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.get().status == "IN_REVIEW"
