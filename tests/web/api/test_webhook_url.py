"""An address that an upload names: vetted while someone hears it, and its receiver can verify what comes."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from ingestion.models import Document
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.delivery import headers_of
from refinery.core.webhooks.models import WebhookDelivery
from refinery.core.webhooks.services import Event, emit, tenant_secret
from tests.factories.people import House, make_house
from tests.web.api.test_ingest import INGEST, PDF

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
def test_an_address_that_would_never_be_called_is_refused(house: House, url: str) -> None:
    """With the member that is wrong, and no document."""
    body = {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf"), "webhook_url": url}
    answer = house.api(Role.OPERATOR).post(INGEST, body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["webhook_url"])
    with tenant_scope(house.tenant_id):
        assert not Document.objects.exists()


def test_its_receiver_can_verify_what_comes(house: House) -> None:
    """By the secret that the keeper of the tenant's receivers is given, as often as it is needed."""
    answer = house.api(Role.ORG_ADMIN).get(SECRET)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    with tenant_scope(house.tenant_id):
        emit(Event("document.completed", house.tenant_id, "d/1", {"document": "d"}, "https://hooks.example/"))
        letter = WebhookDelivery.objects.get()
        body = json.dumps(letter.payload)
        headers = headers_of(letter.id, body, (tenant_secret(house.tenant_id),), timezone.now())
        assert AuditEvent.objects.filter(action="webhook.upload_secret_shown").count() == 1
    assert Webhook(answer.json()["secret"]).verify(body, headers)["type"] == "document.completed"


def test_it_is_one_tenants_and_not_for_everyone(house: House) -> None:
    """Another tenant has another; who keeps no receivers is refused."""
    other = make_house("other").api(Role.ORG_ADMIN).get(SECRET).json()["secret"]
    assert other != house.api(Role.ORG_ADMIN).get(SECRET).json()["secret"]
    assert [house.api(role).get(SECRET).status_code for role in (Role.OPERATOR, Role.MANAGER)] == [403, 403]
