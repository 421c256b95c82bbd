"""A replaced secret key: what it signed or encrypted stays valid while it is among the fallbacks, and not after."""

import asyncio
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks import Webhook
from temporalio.api.common.v1 import Payload

from refinery.core.audit.sealing import seal_events
from refinery.core.audit.verification import verify_log
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.invitations import invite
from refinery.core.tenancy.roles import Role
from refinery.core.web.sealed_secrets import InvalidSecret, decrypt_secret, encrypt_secret
from refinery.core.webhooks.delivery import signed_headers
from refinery.core.webhooks.services import tenant_secret, tenant_secrets
from tests.support.factories.tenants import PASSWORD, TenantFixture, make_tenant
from workers.codec import data_converter

pytestmark = pytest.mark.django_db
NEW_KEY = "replaced-" + "y" * 50
PATH = "/v1/documents"


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant."""
    return make_tenant()


@pytest.fixture
def rotate(settings: Settings) -> Callable[..., None]:
    """Return a function that replaces the key; with `retire`, the previous one is not accepted any more."""
    old = django_settings.SECRET_KEY

    def change(*, retire: bool = False) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [] if retire else [old]

    return change


def tokens_of(tenant: TenantFixture) -> dict[str, str]:
    """Request tokens."""
    body = {"email": tenant.user(Role.OPERATOR).email, "password": PASSWORD}
    pair: dict[str, str] = Client().post("/v1/tokens", body, content_type="application/json").json()
    return pair


def refreshed(refresh: str) -> tuple[int, dict[str, str]]:
    """Exchange a refresh token."""
    response = Client().post("/v1/tokens/refresh", {"refresh": refresh}, content_type="application/json")
    return response.status_code, response.json()


def test_session_keeps_its_id_and_its_user(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """Parallel requests and open sockets have the same cookie: none of them may invalidate it."""
    client = tenant.client(Role.OPERATOR)
    cookie = client.cookies["sessionid"].value
    rotate()
    for _ in range(2):
        other = Client()
        other.cookies["sessionid"] = cookie
        response = other.get("/documents/")
        assert response.status_code == 200
        assert response.cookies.get("sessionid") is None or response.cookies["sessionid"].value == cookie
    rotate(retire=True)
    assert (
        Client(headers={"Cookie": f"sessionid={cookie}"}).get(PATH).status_code == 200
    )  # renewed by the requests above


def test_session_under_retired_key_ends(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """It was not used in between."""
    client = tenant.client(Role.OPERATOR)
    rotate(retire=True)
    assert client.get(PATH).status_code == 401


def test_access_and_refresh_tokens_stay_valid(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """The refreshed pair is signed with the new key."""
    pair = tokens_of(tenant)
    rotate()
    assert Client(headers={"Authorization": f"Bearer {pair['access']}"}).get(PATH).status_code == 200
    status, fresh = refreshed(pair["refresh"])
    assert status == 200
    rotate(retire=True)
    assert Client(headers={"Authorization": f"Bearer {pair['access']}"}).get(PATH).status_code == 401
    assert Client(headers={"Authorization": f"Bearer {fresh['access']}"}).get(PATH).status_code == 200


def test_ticket_stays_valid(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """A page that is open shows its images."""
    ticket = tenant.api(Role.OPERATOR).post("/v1/tickets", content_type="application/json").json()["token"]
    rotate()
    assert Client().get(PATH, {"token": ticket}).status_code == 200
    rotate(retire=True)
    assert Client().get(PATH, {"token": ticket}).status_code == 401


def test_invitation_link_stays_valid(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """It was sent by mail before."""
    path = invite(actor=tenant.actor(Role.ORG_ADMIN), email="new@example.org", role=Role.VIEWER).path
    rotate()
    assert b'name="new_password1"' in Client().get(path, follow=True).content
    rotate(retire=True)
    assert b'name="new_password1"' not in Client().get(path, follow=True).content


def test_sealed_password_is_opened(rotate: Callable[..., None]) -> None:
    """It waits in a workflow."""
    sealed = encrypt_secret("open sesame")
    rotate()
    assert decrypt_secret(sealed) == "open sesame"
    rotate(retire=True)
    with pytest.raises(InvalidSecret):
        decrypt_secret(sealed)


def test_workflow_payload_is_decrypted(rotate: Callable[..., None]) -> None:
    """Workflows run for days."""
    payload = Payload(metadata={"encoding": b"json/plain"}, data=b'"ids"')
    old = data_converter().payload_codec
    assert old is not None
    (encrypted,) = asyncio.run(old.encode([payload]))
    rotate()
    new = data_converter().payload_codec
    assert new is not None
    assert asyncio.run(new.decode([encrypted])) == [payload]
    assert asyncio.run(old.decode([encrypted])) == [payload]


def test_idempotency_key_returns_stored_response(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """The same body is recognised, another one is refused."""
    client = tenant.api(Role.OPERATOR)

    def create(name: str) -> tuple[int, str]:
        response = client.post(
            "/v1/batches", {"name": name}, content_type="application/json", headers={"Idempotency-Key": "once"}
        )
        return response.status_code, response.headers.get("Idempotent-Replay", "")

    assert create("March") == (201, "")
    rotate()
    assert create("March") == (201, "true")
    assert create("April") == (422, "")


def test_webhook_of_upload_is_signed_with_both_secrets(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """A receiver verifies with the secret that it was shown, the old one or the new one."""
    shown_before = tenant_secret(tenant.tenant_id)
    rotate()
    shown_now = tenant_secret(tenant.tenant_id)
    assert shown_now != shown_before
    headers = signed_headers(tenant.tenant_id, "{}", tenant_secrets(tenant.tenant_id), timezone.now())
    for secret in (shown_before, shown_now):
        Webhook(secret).verify("{}", headers)


def test_audit_log_stays_good(tenant: TenantFixture, rotate: Callable[..., None]) -> None:
    """Events and seals of both keys."""
    with tenant_scope(tenant.tenant_id):
        assert seal_events(tenant.tenant_id) is not None
    rotate()
    tenant.create_key(Role.VIEWER)
    with tenant_scope(tenant.tenant_id):
        assert seal_events(tenant.tenant_id) is not None
        assert verify_log(tenant.tenant_id).first_finding is None
    rotate(retire=True)
    with tenant_scope(tenant.tenant_id):
        assert verify_log(tenant.tenant_id).first_finding is not None
