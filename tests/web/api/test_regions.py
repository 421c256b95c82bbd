"""A part of a page, asked for over REST: by whom, for what, and who is told of its words."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ingestion.domain.page.elements import Word, WordSource
from ingestion.models import Document, RegionReading
from ingestion.services.regions import MOST_WAITING, fail_region, finish_region, forget_regions
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from tests.factories.documents import make_document
from tests.factories.people import House

PLACE = {"bbox": [0.1, 0.1, 0.4, 0.2]}
WORDS = (
    Word("237.21", BoundingBox(0.1, 0.1, 0.2, 0.2), 0.9, WordSource.RAPIDOCR, 0),
    Word("EUR", BoundingBox(0.2, 0.1, 0.3, 0.2), 0.7, WordSource.TESSERACT, 0),
)


@pytest.fixture
def document(house: House) -> Document:
    """A document that waits for a reviewer."""
    return make_document(house)


@pytest.fixture
def reviewer(house: House) -> Client:
    """A program that reviews."""
    return house.api(Role.REVIEWER)


def ask(client: Client, document: Document, page: int = 1, **body: object) -> Any:  # noqa: ANN401 - a test client's answer
    """Ask for a place on a page."""
    address = f"/v1/documents/{document.id}/pages/{page}/regions"
    return client.post(address, {**PLACE, **body}, content_type="application/json")


def test_a_place_is_asked_for_read_and_fetched(house: House, reviewer: Client, document: Document) -> None:
    """202 with a link; the message to the engine holds ids, and the audit no text."""
    asked = ask(reviewer, document)
    assert (asked.status_code, asked.json()["status"], asked.json()["text"]) == (202, "queued", "")
    region_id, link = asked.json()["id"], asked.json()["links"]["self"]
    with tenant_scope(house.tenant_id):
        message = OutboxMessage.objects.get(key=f"region/{region_id}")
        assert set(message.payload) == {"workflow", "id", "tenant", "region", "priority"}
        finish_region(tenant_id=house.tenant_id, region_id=region_id, words=WORDS)
        fail_region(tenant_id=house.tenant_id, region_id=region_id, code="too_late")
        event = AuditEvent.objects.get(action="document.region_asked")
        assert event.detail == {"page": 1}
    found = reviewer.get(link).json()
    assert (found["status"], found["text"], found["error"]) == ("done", "237.21 EUR", None)
    assert [word["text"] for word in found["words"]] == ["237.21", "EUR"]
    assert found["confidence"] == pytest.approx(0.8)


def test_its_words_are_for_who_asked(house: House, reviewer: Client, document: Document) -> None:
    """Not for the manager either; a viewer may not ask at all."""
    link = ask(reviewer, document).json()["links"]["self"]
    assert house.api(Role.MANAGER).get(link).status_code == 404
    assert reviewer.get(link.replace("/pages/1/", "/pages/2/")).status_code == 404
    assert ask(house.api(Role.VIEWER), document).status_code == 403


@pytest.mark.parametrize(
    "body",
    [{"bbox": [0.4, 0.1, 0.1, 0.2]}, {"bbox": [0, 0, 2, 1]}, {"bbox": [0.1, 0.1, 0.1, 0.2]}, {"engine": "x"}],
)
def test_what_is_no_part_of_a_page_is_refused(reviewer: Client, document: Document, body: dict[str, Any]) -> None:
    """422 with the member that is wrong."""
    refused = ask(reviewer, document, **body)
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == set(body)


def test_pages_that_are_not_there_are_not_found(reviewer: Client, document: Document) -> None:
    """Of this document."""
    assert ask(reviewer, document, page=2).status_code == 404


def test_nobody_floods_the_workers(house: House, reviewer: Client, document: Document) -> None:
    """Past a handful of open places 429; one answered makes room."""
    asked = [ask(reviewer, document) for _ in range(MOST_WAITING)]
    refused = ask(reviewer, document)
    assert (refused.status_code, refused["Retry-After"]) == (429, "2")
    with tenant_scope(house.tenant_id):
        fail_region(tenant_id=house.tenant_id, region_id=asked[0].json()["id"], code="corrupt")
    assert ask(reviewer, document).status_code == 202


def test_words_are_forgotten_after_minutes(house: House, reviewer: Client, document: Document) -> None:
    """What is read late is not kept either."""
    link = ask(reviewer, document).json()["links"]["self"]
    with tenant_scope(house.tenant_id):
        RegionReading.objects.update(expires_at=timezone.now() - timedelta(hours=1))
        region = RegionReading.objects.get()
        finish_region(tenant_id=house.tenant_id, region_id=region.id, words=WORDS)
        region.refresh_from_db()
        assert (region.status, region.text) == ("queued", "")
        assert forget_regions(tenant_id=house.tenant_id, at=timezone.now()) == 1
    assert reviewer.get(link).status_code == 404
