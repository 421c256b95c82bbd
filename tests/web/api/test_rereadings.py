"""Documents read again by other means, over REST: asked for, compared, chosen."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from ingestion.models import Document, IdempotencyKey, Page
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.roles import Role
from refinery.core.web.idempotency import body_fingerprint
from refinery.core.web.sealed_secrets import unseal
from review.models import Rereading
from review.services.reprocessing_steps import begin_candidate, finish_candidate
from tests.factories.documents import make_batch, make_document, make_page
from tests.factories.people import House

JSON = "application/json"


@pytest.fixture
def document(house: House) -> Document:
    """A document that waits for a reviewer."""
    return make_document(house)


@pytest.fixture
def operator(house: House) -> Client:
    """A program that may have documents read again."""
    return house.api(Role.OPERATOR)


def ask(client: Client, document: Document, **body: object) -> Any:  # noqa: ANN401 - a test client's answer
    """Ask for another reading."""
    return client.post(f"/v1/documents/{document.id}/rereadings", body or {"mode": "thorough"}, JSON)


def read(house: House, document: Document, rereading: str) -> None:
    """Let a worker have read it: one word otherwise."""
    with tenant_scope(house.tenant_id):
        begin_candidate(tenant_id=house.tenant_id, rereading_id=UUID(rereading))
        Rereading.objects.update(pages=1, pages_done=1)
        document.run = 2
        page = make_page(house, document, 1)
        words = [{**word, "line": 0, "source": "rapidocr"} for word in page.words]
        words[1] = {**words[1], "text": "128.00"}
        Page.objects.filter(pk=page.pk).update(words=words, source="rapidocr", confidence=0.91, blocks=[])
    assert finish_candidate(tenant_id=house.tenant_id, rereading_id=UUID(rereading)) == "ready"


def test_it_is_asked_for_compared_and_taken(house: House, operator: Client, document: Document) -> None:
    """202 with a link; what differs; then the document is on its next run. Messages hold ids alone."""
    asked = ask(operator, document)
    assert (asked.status_code, asked.json()["status"], asked.json()["mode"]) == (202, "queued", "thorough")
    link, key = asked.json()["links"]["self"], asked.json()["id"]
    assert operator.get(link).json()["page_changes"] == []
    assert operator.post(f"{link}/apply").json()["type"].endswith("not-ready")
    read(house, document, key)
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
    assert operator.get(f"/v1/documents/{document.id}/rereadings").json()[0]["status"] == "applied"
    with tenant_scope(house.tenant_id):
        payload = OutboxMessage.objects.get(key=f"rereading/{key}").payload
        assert set(payload) == {"workflow", "id", "tenant", "rereading", "priority"}
        actions = set(AuditEvent.objects.filter(object_id=document.id).values_list("action", flat=True))
    assert {"document.rereading_asked", "document.rereading_ready", "document.rereading_applied"} <= actions


def test_it_is_dropped(house: House, operator: Client, document: Document) -> None:
    """204, once; the document is as it was, and another may be asked for."""
    link = ask(operator, document).json()["links"]["self"]
    assert operator.post(f"{link}/drop").status_code == 204
    assert operator.post(f"{link}/drop").status_code == 409
    assert operator.get(f"/v1/documents/{document.id}").json()["run"] == 1
    assert ask(operator, document, engines=["tesseract"]).json()["engines"] == ["tesseract"]


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
def test_what_no_reader_knows_is_refused(
    operator: Client, document: Document, body: dict[str, Any], member: str
) -> None:
    """422 with the member that is wrong."""
    refused = ask(operator, document, **body)
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {member}


def test_reading_again_as_before_is_not_this(operator: Client, document: Document) -> None:
    """A mode or engines have to be named: the other thing is a re-run."""
    refused = operator.post(f"/v1/documents/{document.id}/rereadings", {}, JSON)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"mode"})


def test_one_waits_at_a_time(operator: Client, document: Document) -> None:
    """409 until it was chosen; the same key gives the same answer instead."""
    first = operator.post(
        f"/v1/documents/{document.id}/rereadings", {"mode": "fast"}, JSON, headers={"Idempotency-Key": "one"}
    )
    again = operator.post(
        f"/v1/documents/{document.id}/rereadings", {"mode": "fast"}, JSON, headers={"Idempotency-Key": "one"}
    )
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    refused = ask(operator, document)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "under-way")


def test_roles(house: House, document: Document, operator: Client) -> None:
    """A reviewer may look at the differences, not ask nor choose."""
    link = ask(operator, document).json()["links"]["self"]
    reviewer = house.api(Role.REVIEWER)
    assert reviewer.get(link).status_code == 200
    assert ask(reviewer, document).status_code == 403
    assert reviewer.post(f"{link}/apply").status_code == 403
    assert reviewer.post(f"{link}/drop").status_code == 403
    assert (
        reviewer.post("/v1/rereadings", {"mode": "fast", "documents": [str(document.id)]}, JSON).status_code == 403
    )


def test_many_by_one_request(house: House, operator: Client) -> None:
    """Named, or as a batch; both or neither is 422."""
    batch = make_batch(house)
    rows = [make_document(house, batch=batch) for _ in range(2)]
    absent = str(UUID(int=1))
    named = operator.post("/v1/rereadings", {"mode": "fast", "documents": [str(rows[0].id), absent]}, JSON)
    assert named.status_code == 202
    assert [one["document"] for one in named.json()["asked"]] == [str(rows[0].id)]
    assert named.json()["refused"] == [{"document": absent, "code": "not-found"}]
    rest = operator.post("/v1/rereadings", {"mode": "fast", "batch": str(batch.id)}, JSON).json()
    assert ([one["document"] for one in rest["asked"]], rest["refused"], rest["left"]) == (
        [str(rows[1].id)],
        [],
        0,
    )
    for body in ({"mode": "fast"}, {"mode": "fast", "batch": str(batch.id), "documents": [absent]}):
        assert operator.post("/v1/rereadings", body, JSON).status_code == 422
    assert operator.post("/v1/rereadings", {"mode": "fast", "batch": absent}, JSON).status_code == 404


def test_one_request_is_bounded(operator: Client) -> None:
    """More documents than are taken at once are refused before one of them is looked up."""
    ids = [str(UUID(int=number)) for number in range(1, 202)]
    refused = operator.post("/v1/rereadings", {"mode": "fast", "documents": ids}, JSON)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"documents"})


def test_a_third_engine_is_taken_alone_and_where_it_is_set_up(
    operator: Client, document: Document, settings: Settings
) -> None:
    """Elsewhere it is named as what is wrong."""
    refused = ask(operator, document, engines=["trocr"])
    assert refused.status_code == 422
    assert "not set up" in str(refused.json()["errors"]["engines"])
    settings.THIRD_ENGINE = True
    assert "alone" in str(ask(operator, document, engines=["trocr", "rapidocr"]).json()["errors"]["engines"])
    asked = ask(operator, document, engines=["trocr"])
    assert (asked.status_code, asked.json()["engines"]) == (202, ["trocr"])


def test_a_password_travels_sealed(house: House, operator: Client, document: Document) -> None:
    """The answer says nothing of it."""
    asked = ask(operator, document, mode="fast", password="sesame")
    assert asked.status_code == 202
    assert b"sesame" not in asked.content
    with tenant_scope(house.tenant_id):
        payload = OutboxMessage.objects.get(key=f"rereading/{asked.json()['id']}").payload
    assert unseal(payload["sealed"]) == "sesame"
    assert "sesame" not in str(payload)


def test_a_password_cannot_be_tried_on_a_kept_key(house: House, operator: Client, document: Document) -> None:
    """What is kept to know the request again is no plain digest of it."""
    body = {"mode": "fast", "password": "sesame"}
    address, head = f"/v1/documents/{document.id}/rereadings", {"Idempotency-Key": "once"}
    asked = operator.post(address, body, JSON, headers=head)
    again = operator.post(address, body, JSON, headers=head)
    assert (again.status_code, again.json()) == (202, asked.json())
    with tenant_scope(house.tenant_id):
        kept = IdempotencyKey.objects.get(key="once").fingerprint
    assert kept != sha256(body_fingerprint(body)).hexdigest()
