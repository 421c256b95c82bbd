"""Webhook URL of an upload: validated during the request, and its receiver can verify the signature."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from ingestion.models import Document
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.delivery import signed_headers
from refinery.core.webhooks.models import WebhookDelivery
from refinery.core.webhooks.services import WebhookEvent, emit, tenant_secret
from tests.api.test_ingest import INGEST, PDF
from tests.support.factories.tenants import TenantFixture, make_tenant

SECRET = "/v1/webhooks/upload-secret"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://10.0.0.7/hook",
        "https://[::1]/",
        "https://u:p@hooks.example/",
    ],
)
def test_webhook_url_invalid_address_is_refused(tenant: TenantFixture, url: str) -> None:
    """The problem names the invalid member and no document is created."""
    body = {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf"), "webhook_url": url}
    answer = tenant.api(Role.OPERATOR).post(INGEST, body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["webhook_url"])
    with tenant_scope(tenant.tenant_id):
        assert not Document.objects.exists()


def test_webhook_url_delivery_is_verifiable_with_upload_secret(tenant: TenantFixture) -> None:
    """Webhook managers can read the secret as often as needed."""
    answer = tenant.api(Role.ORG_ADMIN).get(SECRET)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    with tenant_scope(tenant.tenant_id):
        emit(WebhookEvent("document.completed", tenant.tenant_id, "d/1", {"document": "d"}, "https://hooks.example/"))
        letter = WebhookDelivery.objects.get()
        body = json.dumps(letter.payload)
        headers = signed_headers(letter.id, body, (tenant_secret(tenant.tenant_id),), timezone.now())
        assert AuditEvent.objects.filter(action="webhook.upload_secret_shown").count() == 1
    assert Webhook(answer.json()["secret"]).verify(body, headers)["type"] == "document.completed"


def test_webhook_upload_secret_is_per_tenant_and_restricted(tenant: TenantFixture) -> None:
    """Each tenant has a different secret; only webhook managers may read it."""
    other = make_tenant("other").api(Role.ORG_ADMIN).get(SECRET).json()["secret"]
    assert other != tenant.api(Role.ORG_ADMIN).get(SECRET).json()["secret"]
    assert [tenant.api(role).get(SECRET).status_code for role in (Role.OPERATOR, Role.MANAGER)] == [403, 403]
