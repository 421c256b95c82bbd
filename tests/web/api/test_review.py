"""Review over REST: claim, decide, undo, and every refusal as a problem."""

from uuid import uuid4

import pytest
from django.utils import timezone

from ingestion.models import Document
from quality.models import TrainingExample
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.models import Queue
from review.services.tasks import TaskRequest, open_task
from tests.factories.documents import Sheet, make_document, make_queue
from tests.factories.people import House, make_house

NEXT = "/v1/review/tasks/next"
JSON = "application/json"


@pytest.fixture
def document(house: House) -> Document:
    """A document that waits for a reviewer."""
    fields = (Sheet("invoice_number", "INV-1"), Sheet("total", "120.00", 0.6, needs_human=True))
    document = make_document(house, fields=fields)
    with tenant_scope(house.tenant_id):
        open_task(TaskRequest(house.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    return document


def test_the_whole_way_of_a_decision(house: House, document: Document) -> None:
    """Next, submit with a correction, examples as NDJSON, undo."""
    client = house.api(Role.REVIEWER)
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
    lines = b"".join(
        house.api(Role.OPERATOR).get("/v1/training-examples", headers={"Accept": "application/x-ndjson"})
    )
    assert b'"expert_correction": "1,120.00"' in lines
    again = client.post(f"{task}/undo")
    assert again.status_code == 200
    assert again.json()["document"]["status"] == "IN_REVIEW"
    with tenant_scope(house.tenant_id):
        assert not TrainingExample.objects.exists()


def test_the_next_task_of_a_queue_by_its_name_or_id(house: House, document: Document) -> None:
    """Tasks tell the name alone; a queue that is none, or another tenant's, is told of."""
    client, foreign = house.api(Role.REVIEWER), make_queue(make_house("other"), "Theirs")
    name = client.get("/v1/review/tasks").json()["results"][0]["queue"]
    with tenant_scope(house.tenant_id):
        queue = Queue.objects.get(name=name)
    for given in (name, str(queue.id)):
        claimed = client.post(NEXT, {"queue": given}, content_type=JSON)
        assert (claimed.status_code, claimed.json()["document"]["id"]) == (200, str(document.id))
    for given in ("Nothing", str(uuid4()), "Theirs", str(foreign.id)):
        answer = client.post(NEXT, {"queue": given}, content_type=JSON)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:refinery:problem:unknown-queue")


def test_a_lost_lease_is_409_and_nothing_is_written(house: House, document: Document) -> None:
    """The problem says that what was typed is kept."""
    client = house.api(Role.REVIEWER)
    task = client.post(NEXT, {}, content_type=JSON).json()["task"]["id"]
    body = {"lease": str(uuid4()), "decision": "approve"}
    for verb in ("submit", "heartbeat", "release", "skip"):
        sent = body if verb == "submit" else {"lease": body["lease"]}
        response = client.post(f"/v1/review/tasks/{task}/{verb}", sent, content_type=JSON)
        assert (response.status_code, response.json()["type"]) == (409, "urn:refinery:problem:lease-lost"), verb


def test_a_stale_if_match_is_412(house: House, document: Document) -> None:
    """Without one 428; with the current one the value changes and the ETag grows."""
    client = house.api(Role.REVIEWER)
    address = f"/v1/documents/{document.id}/fields/total"
    assert client.patch(address, {"value": "1"}, content_type=JSON).status_code == 428
    tag = client.get(address).headers["ETag"]
    changed = client.patch(address, {"value": "99.00"}, content_type=JSON, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["normalized"]) == (200, "99.00")
    assert changed.headers["ETag"] != tag
    stale = client.patch(address, {"value": "98.00"}, content_type=JSON, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:refinery:problem:stale")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_rejection_without_a_reason_is_422(house: House, document: Document, reason: str) -> None:
    """And names the member."""
    client = house.api(Role.REVIEWER)
    claimed = client.post(NEXT, {}, content_type=JSON).json()
    body = {"lease": claimed["lease"]["token"], "decision": "reject", "reason": reason}
    response = client.post(f"/v1/review/tasks/{claimed['task']['id']}/submit", body, content_type=JSON)
    assert response.status_code == 422
    assert "reason" in response.json()["errors"]


def test_a_viewer_may_not_review(house: House, document: Document) -> None:
    """403."""
    assert house.api(Role.VIEWER).post(NEXT, {}, content_type=JSON).status_code == 403


def test_exports_hold_no_formula(house: House) -> None:
    """A value that a spreadsheet would run is quoted; JSON keeps it as it is."""
    document = make_document(house, fields=(Sheet("supplier", "=cmd|' /C calc'!A0"),))
    client = house.api(Role.OPERATOR)
    csv = client.get(f"/v1/documents/{document.id}/export?format=csv").content.decode()
    assert ",'=cmd|' /C calc'!A0," in csv
    body = client.get(f"/v1/documents/{document.id}/export?format=json").json()
    assert body["fields"][0]["value"] == "=cmd|' /C calc'!A0"
    artefact = client.get(f"/v1/documents/{document.id}/export?format=label-studio")
    assert artefact.status_code == 202
    assert client.get(artefact.json()["links"]["self"]).json()["status"] == "queued"
