"""Region readings over REST: permissions, validation, and who may see the text."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ingestion.domain.page.elements import Word, WordSource
from ingestion.models import Document, RegionReading
from ingestion.services.regions import MAX_PENDING_REGIONS, delete_expired_regions, fail_region, finish_region
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture

REGION_BODY = {"bbox": [0.1, 0.1, 0.4, 0.2]}
WORDS = (
    Word("237.21", BoundingBox(0.1, 0.1, 0.2, 0.2), 0.9, WordSource.RAPIDOCR, 0),
    Word("EUR", BoundingBox(0.2, 0.1, 0.3, 0.2), 0.7, WordSource.TESSERACT, 0),
)


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return a document in review."""
    return make_document(tenant)


@pytest.fixture
def reviewer(tenant: TenantFixture) -> Client:
    """Return an API client with the reviewer role."""
    return tenant.api(Role.REVIEWER)


def request_region(client: Client, document: Document, page: int = 1, **body: object) -> Any:  # noqa: ANN401 - a test client's answer
    """Request a region of a page."""
    address = f"/v1/documents/{document.id}/pages/{page}/regions"
    return client.post(address, {**REGION_BODY, **body}, content_type="application/json")


def test_region_is_requested_read_and_fetched(tenant: TenantFixture, reviewer: Client, document: Document) -> None:
    """202 with a link; the outbox message contains ids only, the audit log no text."""
    asked = request_region(reviewer, document)
    assert (asked.status_code, asked.json()["status"], asked.json()["text"]) == (202, "queued", "")
    region_id, link = asked.json()["id"], asked.json()["links"]["self"]
    with tenant_scope(tenant.tenant_id):
        message = OutboxMessage.objects.get(key=f"region/{region_id}")
        assert set(message.payload) == {"workflow", "id", "tenant", "region", "priority"}
        finish_region(tenant_id=tenant.tenant_id, region_id=region_id, words=WORDS)
        fail_region(tenant_id=tenant.tenant_id, region_id=region_id, code="too_late")
        event = AuditEvent.objects.get(action="document.region_requested")
        assert event.detail == {"page": 1}
    found = reviewer.get(link).json()
    assert (found["status"], found["text"], found["error"]) == ("done", "237.21 EUR", None)
    assert [word["text"] for word in found["words"]] == ["237.21", "EUR"]
    assert found["confidence"] == pytest.approx(0.8)


def test_region_text_is_visible_to_requester_only(tenant: TenantFixture, reviewer: Client, document: Document) -> None:
    """Managers cannot see it either; a viewer may not request a region."""
    link = request_region(reviewer, document).json()["links"]["self"]
    assert tenant.api(Role.MANAGER).get(link).status_code == 404
    assert reviewer.get(link.replace("/pages/1/", "/pages/2/")).status_code == 404
    assert request_region(tenant.api(Role.VIEWER), document).status_code == 403


@pytest.mark.parametrize(
    "body", [{"bbox": [0.4, 0.1, 0.1, 0.2]}, {"bbox": [0, 0, 2, 1]}, {"bbox": [0.1, 0.1, 0.1, 0.2]}, {"engine": "x"}]
)
def test_region_invalid_body_names_member(reviewer: Client, document: Document, body: dict[str, Any]) -> None:
    """422 with the name of the invalid member."""
    refused = request_region(reviewer, document, **body)
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == set(body)


def test_region_on_missing_page_is_not_found(reviewer: Client, document: Document) -> None:
    """The page must belong to this document."""
    assert request_region(reviewer, document, page=2).status_code == 404


def test_region_requests_above_limit_are_too_many(tenant: TenantFixture, reviewer: Client, document: Document) -> None:
    """429 above the limit of open requests; a finished one frees its place."""
    asked = [request_region(reviewer, document) for _ in range(MAX_PENDING_REGIONS)]
    refused = request_region(reviewer, document)
    assert (refused.status_code, refused["Retry-After"]) == (429, "2")
    with tenant_scope(tenant.tenant_id):
        fail_region(tenant_id=tenant.tenant_id, region_id=asked[0].json()["id"], code="corrupt")
    assert request_region(reviewer, document).status_code == 202


def test_region_text_expires(tenant: TenantFixture, reviewer: Client, document: Document) -> None:
    """A late reading is not stored either."""
    link = request_region(reviewer, document).json()["links"]["self"]
    with tenant_scope(tenant.tenant_id):
        RegionReading.objects.update(expires_at=timezone.now() - timedelta(hours=1))
        region = RegionReading.objects.get()
        finish_region(tenant_id=tenant.tenant_id, region_id=region.id, words=WORDS)
        region.refresh_from_db()
        assert (region.status, region.text) == ("queued", "")
        assert delete_expired_regions(tenant_id=tenant.tenant_id, at=timezone.now()) == 1
    assert reviewer.get(link).status_code == 404
