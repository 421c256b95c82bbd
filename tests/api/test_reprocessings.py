"""Reprocessing over REST: requested, compared, applied or dropped."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from ingestion.models import Document, Page, ReprocessingRun
from ingestion.services.reprocessing_steps import begin_reprocessing, finish_reprocessing
from quality.services.champion import load_champion
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.roles import Role
from refinery.core.web.idempotency import body_fingerprint
from refinery.core.web.models import IdempotencyKey
from refinery.core.web.sealed_secrets import decrypt_secret
from tests.support.factories.documents import make_batch, make_document, make_page
from tests.support.factories.tenants import TenantFixture

JSON = "application/json"


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return a document in review."""
    return make_document(tenant)


@pytest.fixture
def operator(tenant: TenantFixture) -> Client:
    """Return an API client that may request reprocessing."""
    return tenant.api(Role.OPERATOR)


def request_reprocessing(client: Client, document: Document, **body: object) -> Any:  # noqa: ANN401 - a test client's answer
    """Request a reprocessing."""
    return client.post(f"/v1/documents/{document.id}/reprocessings", body or {"mode": "thorough"}, JSON)


def make_reprocessing_ready(tenant: TenantFixture, document: Document, reprocessing: str) -> None:
    """Simulate the worker's reading, with one different word."""
    with tenant_scope(tenant.tenant_id):
        begin_reprocessing(tenant_id=tenant.tenant_id, reprocessing_id=UUID(reprocessing))
        ReprocessingRun.objects.update(pages=1, pages_done=1)
        document.run = 2
        page = make_page(tenant, document, 1)
        words = [{**word, "line": 0, "source": "rapidocr"} for word in page.words]
        words[1] = {**words[1], "text": "128.00"}
        Page.objects.filter(pk=page.pk).update(words=words, source="rapidocr", confidence=0.91, blocks=[])
    assert (
        finish_reprocessing(tenant_id=tenant.tenant_id, reprocessing_id=UUID(reprocessing), load_model=load_champion)
        == "ready"
    )


def test_reprocessing_is_requested_compared_and_applied(
    tenant: TenantFixture, operator: Client, document: Document
) -> None:
    """202 with a link, then the differences, then the document is on its next run. Messages contain ids only."""
    asked = request_reprocessing(operator, document)
    assert (asked.status_code, asked.json()["status"], asked.json()["mode"]) == (202, "queued", "thorough")
    link, key = asked.json()["links"]["self"], asked.json()["id"]
    assert operator.get(link).json()["page_changes"] == []
    assert operator.post(f"{link}/apply").json()["type"].endswith("not-ready")
    make_reprocessing_ready(tenant, document, key)
    found = operator.get(link).json()
    assert (found["status"], found["pages"], found["pages_failed"], found["error"]) == ("ready", 1, 0, None)
    (page,) = found["page_changes"]
    assert (page["changed"], page["confidence_before"], page["confidence_after"]) == (1, 0.98, 0.91)
    runs = operator.get(f"{link}/pages/1").json()["runs"]
    other = next(run for run in runs if not run["alike"])
    assert ([word["text"] for word in other["before"]], other["after"][0]["text"]) == (["120.00"], "128.00")
    assert operator.get(f"{link}/pages/2").status_code == 404
    taken = operator.post(f"{link}/apply")
    assert (taken.status_code, taken.json()["run"], taken.json()["status"]) == (202, 2, "READING")
    assert operator.get(f"/v1/documents/{document.id}/reprocessings").json()[0]["status"] == "applied"
    with tenant_scope(tenant.tenant_id):
        payload = OutboxMessage.objects.get(key=f"reprocessing/{key}").payload
        assert set(payload) == {"workflow", "id", "tenant", "reprocessing", "priority"}
        actions = set(AuditEvent.objects.filter(object_id=document.id).values_list("action", flat=True))
    assert {
        "document.reprocessing_requested",
        "document.reprocessing_ready",
        "document.reprocessing_applied",
    } <= actions


def test_reprocessing_is_dropped_once(tenant: TenantFixture, operator: Client, document: Document) -> None:
    """204 once; the document is unchanged and another reprocessing can be requested."""
    link = request_reprocessing(operator, document).json()["links"]["self"]
    assert operator.post(f"{link}/drop").status_code == 204
    assert operator.post(f"{link}/drop").status_code == 409
    assert operator.get(f"/v1/documents/{document.id}").json()["run"] == 1
    assert request_reprocessing(operator, document, engines=["tesseract"]).json()["engines"] == ["tesseract"]


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"mode": "slow"}, "mode"),
        ({"engines": ["abbyy"]}, "engines"),
        ({"engines": []}, "engines"),
        ({"engines": ["tesseract", "tesseract"]}, "engines"),
        ({"way": "thorough"}, "way"),
    ],
)
def test_reprocessing_invalid_option_names_member(
    operator: Client, document: Document, body: dict[str, Any], member: str
) -> None:
    """422 with the name of the invalid member."""
    refused = request_reprocessing(operator, document, **body)
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {member}


def test_reprocessing_without_mode_or_engine_is_refused(operator: Client, document: Document) -> None:
    """A mode or engines are required; without them the request would be a re-run."""
    refused = operator.post(f"/v1/documents/{document.id}/reprocessings", {}, JSON)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"mode"})


def test_reprocessing_second_request_is_conflict(operator: Client, document: Document) -> None:
    """409 until the first is applied or dropped; the same idempotency key returns the same response."""
    first = operator.post(
        f"/v1/documents/{document.id}/reprocessings", {"mode": "fast"}, JSON, headers={"Idempotency-Key": "one"}
    )
    again = operator.post(
        f"/v1/documents/{document.id}/reprocessings", {"mode": "fast"}, JSON, headers={"Idempotency-Key": "one"}
    )
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    refused = request_reprocessing(operator, document)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "in-progress")


def test_reprocessing_permissions_depend_on_role(tenant: TenantFixture, document: Document, operator: Client) -> None:
    """A reviewer may view the differences, but not request, apply or drop."""
    link = request_reprocessing(operator, document).json()["links"]["self"]
    reviewer = tenant.api(Role.REVIEWER)
    assert reviewer.get(link).status_code == 200
    assert request_reprocessing(reviewer, document).status_code == 403
    assert reviewer.post(f"{link}/apply").status_code == 403
    assert reviewer.post(f"{link}/drop").status_code == 403
    assert (
        reviewer.post("/v1/reprocessings", {"mode": "fast", "documents": [str(document.id)]}, JSON).status_code == 403
    )


def test_reprocessing_bulk_request_by_ids_or_batch(tenant: TenantFixture, operator: Client) -> None:
    """By ids or by batch; both or neither is 422."""
    batch = make_batch(tenant)
    rows = [make_document(tenant, batch=batch) for _ in range(2)]
    absent = str(UUID(int=1))
    named = operator.post("/v1/reprocessings", {"mode": "fast", "documents": [str(rows[0].id), absent]}, JSON)
    assert named.status_code == 202
    assert [one["document"] for one in named.json()["started"]] == [str(rows[0].id)]
    assert named.json()["refused"] == [{"document": absent, "code": "not-found"}]
    rest = operator.post("/v1/reprocessings", {"mode": "fast", "batch": str(batch.id)}, JSON).json()
    assert ([one["document"] for one in rest["started"]], rest["refused"], rest["remaining"]) == (
        [str(rows[1].id)],
        [],
        0,
    )
    for body in ({"mode": "fast"}, {"mode": "fast", "batch": str(batch.id), "documents": [absent]}):
        assert operator.post("/v1/reprocessings", body, JSON).status_code == 422
    assert operator.post("/v1/reprocessings", {"mode": "fast", "batch": absent}, JSON).status_code == 404


def test_reprocessing_bulk_request_above_limit_is_refused(operator: Client) -> None:
    """Too many documents are refused before any lookup."""
    ids = [str(UUID(int=number)) for number in range(1, 202)]
    refused = operator.post("/v1/reprocessings", {"mode": "fast", "documents": ids}, JSON)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"documents"})


def test_reprocessing_third_engine_alone_requires_configuration(
    operator: Client, document: Document, settings: Settings
) -> None:
    """Without it the problem names the engine."""
    refused = request_reprocessing(operator, document, engines=["trocr"])
    assert refused.status_code == 422
    assert "not set up" in str(refused.json()["errors"]["engines"])
    settings.THIRD_ENGINE = True
    assert "cannot be combined" in str(
        request_reprocessing(operator, document, engines=["trocr", "rapidocr"]).json()["errors"]["engines"]
    )
    asked = request_reprocessing(operator, document, engines=["trocr"])
    assert (asked.status_code, asked.json()["engines"]) == (202, ["trocr"])


def test_reprocessing_password_is_stored_sealed(tenant: TenantFixture, operator: Client, document: Document) -> None:
    """The response does not contain it."""
    asked = request_reprocessing(operator, document, mode="fast", password="sesame")
    assert asked.status_code == 202
    assert b"sesame" not in asked.content
    with tenant_scope(tenant.tenant_id):
        payload = OutboxMessage.objects.get(key=f"reprocessing/{asked.json()['id']}").payload
    assert decrypt_secret(payload["sealed"]) == "sesame"
    assert "sesame" not in str(payload)


def test_reprocessing_idempotency_record_does_not_reveal_password(
    tenant: TenantFixture, operator: Client, document: Document
) -> None:
    """The stored request fingerprint is not a plain digest of the body."""
    body = {"mode": "fast", "password": "sesame"}
    address, head = f"/v1/documents/{document.id}/reprocessings", {"Idempotency-Key": "once"}
    asked = operator.post(address, body, JSON, headers=head)
    again = operator.post(address, body, JSON, headers=head)
    assert (again.status_code, again.json()) == (202, asked.json())
    with tenant_scope(tenant.tenant_id):
        kept = IdempotencyKey.objects.get(key="once").fingerprint
    assert kept != sha256(body_fingerprint(body)).hexdigest()
