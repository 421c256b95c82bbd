"""API keys: shown once, restricted by scopes, refused immediately after revocation."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.services import key_digest
from refinery.core.web.models import IdempotencyKey
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
KEYS = "/v1/api-keys"
BODY = {"name": "ci", "role": "operator"}


def create(client: Client, body: object = BODY, **headers: str) -> tuple[int, dict[str, Any]]:
    """Create an API key."""
    response = client.post(KEYS, body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def bearer(key: str) -> Client:
    """Return a client that sends a key."""
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_api_key_is_shown_once_and_stored_as_digest() -> None:
    """No later response, row, log line or idempotency record contains it (B07)."""
    tenant = make_tenant()
    admin = tenant.api(Role.ORG_ADMIN)
    status, made = create(admin, **{"Idempotency-Key": "once-1"})
    assert status == 201
    assert set(made) == {"id", "prefix", "key"}
    assert made["key"].startswith(made["prefix"])
    listed = admin.get(KEYS).content.decode()
    assert made["prefix"] in listed
    assert made["key"] not in listed
    assert create(admin, **{"Idempotency-Key": "once-1"})[1] == {**made, "key": None}
    with tenant_scope(tenant.tenant_id):
        row = ApiKey.objects.get(pk=made["id"])
        assert row.digest == key_digest(made["key"])
        kept = [str(list(model.objects.values())) for model in (ApiKey, AuditEvent, IdempotencyKey)]
    assert not any(made["key"] in text for text in kept)


def test_api_key_revoked_is_refused_at_next_request() -> None:
    """Nothing is cached; a second revocation changes nothing."""
    tenant = make_tenant()
    admin = tenant.api(Role.ORG_ADMIN)
    made = create(admin, {"name": "x", "role": "org_admin"})[1]
    client = bearer(made["key"])
    assert client.get(KEYS).status_code == 200
    assert admin.delete(f"{KEYS}/{made['id']}").status_code == 204
    assert client.get(KEYS).status_code == 401
    first = admin.get(f"{KEYS}/{made['id']}").json()["revoked_at"]
    assert admin.delete(f"{KEYS}/{made['id']}").status_code == 204
    assert admin.get(f"{KEYS}/{made['id']}").json()["revoked_at"] == first


def test_api_key_expired_is_refused() -> None:
    """A key past `expires_at` is refused."""
    key = make_tenant().create_key(Role.ORG_ADMIN, expires_at=timezone.now() - timedelta(seconds=1))
    assert bearer(key.key).get(KEYS).status_code == 401


@pytest.mark.parametrize("text", ["rfk_", "rfk_" + "a" * 43, "rfk_" + "é" * 43, "Bearer", "rfk_' OR 1=1 --"])
def test_api_key_invalid_header_is_unauthorized(text: str) -> None:
    """Any malformed header is refused."""
    make_tenant()
    header = f"Bearer {text}".encode().decode("latin-1")
    assert Client(HTTP_AUTHORIZATION=header).get(KEYS).status_code == 401


def test_api_key_right_prefix_with_wrong_secret_is_refused() -> None:
    """The digest of the whole key is compared."""
    key = make_tenant().create_key(Role.ORG_ADMIN)
    assert bearer(key.prefix + "x" * 40).get(KEYS).status_code == 401


def test_api_key_scopes_restrict_and_empty_scopes_allow_nothing() -> None:
    """An empty list of scopes differs from a missing one."""
    tenant = make_tenant()
    assert tenant.api(Role.ORG_ADMIN, scopes=[Permission.KEY_EDIT]).get(KEYS).status_code == 200
    assert tenant.api(Role.ORG_ADMIN, scopes=[Permission.DOCUMENT_VIEW]).get(KEYS).status_code == 403
    assert tenant.api(Role.ORG_ADMIN, scopes=[]).get(KEYS).status_code == 403


def test_api_key_cannot_create_wider_key() -> None:
    """A key cannot grant permissions that it does not have."""
    tenant = make_tenant()
    narrow = tenant.api(Role.ORG_ADMIN, scopes=[Permission.KEY_EDIT])
    assert create(narrow)[0] == 403
    assert create(narrow, {**BODY, "role": "org_admin", "scopes": ["document.view"]})[0] == 403
    status, made = create(narrow, {**BODY, "role": "org_admin", "scopes": ["key.edit"]})
    assert status == 201
    widen = narrow.patch(f"{KEYS}/{made['id']}", {"scopes": ["document.view"]}, content_type="application/json")
    assert widen.status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SUPER_ADMIN, Role.ORG_ADMIN}])
def test_api_key_endpoints_require_administrator(role: Role) -> None:
    """Other roles get 403 for every method."""
    tenant = make_tenant()
    key = tenant.create_key(Role.VIEWER)
    client = tenant.api(role)
    assert client.get(KEYS).status_code == 403
    assert create(client)[0] == 403
    assert client.delete(f"{KEYS}/{key.id}").status_code == 403


@pytest.mark.parametrize(
    "extra",
    [
        {"tenant_id": "0192f0c1-1111-7000-8000-000000000000"},
        {"id": "0192f0c1-1111-7000-8000-000000000000"},
        {"digest": "0" * 64},
        {"prefix": "rfk_mine"},
        {"user": "x"},
        {"created_by_id": None},
        {"revoked_at": None},
        {"role": "super_admin"},
        {"role": "root"},
        {"scopes": ["everything"]},
        {"scopes": "document.view"},
        {"name": ""},
        {"name": "x" * 81},
        {"name": "a\x00b"},
        {"expires_at": "2001-01-01T00:00:00Z"},
    ],
)
def test_api_key_unknown_members_are_refused(extra: dict[str, Any]) -> None:
    """Unknown members are 422 and nothing is created, which prevents mass assignment (B09)."""
    tenant = make_tenant()
    admin = tenant.api(Role.ORG_ADMIN)
    with tenant_scope(tenant.tenant_id):
        before = ApiKey.objects.count()
    assert create(admin, {**BODY, **extra})[0] == 422
    with tenant_scope(tenant.tenant_id):
        assert ApiKey.objects.count() == before


@pytest.mark.parametrize("extra", [{"role": "org_admin"}, {"prefix": "x"}, {"revoked_at": None}, {"digest": "x"}])
def test_api_key_patch_changes_allowed_members_only(extra: dict[str, Any]) -> None:
    """Only name, scopes and expiry can change."""
    tenant = make_tenant()
    admin, key = tenant.api(Role.ORG_ADMIN), tenant.create_key(Role.VIEWER)
    answer = admin.patch(f"{KEYS}/{key.id}", {"name": "new", **extra}, content_type="application/json")
    assert answer.status_code == 422
    changed = admin.patch(f"{KEYS}/{key.id}", {"name": "new"}, content_type="application/json").json()
    assert (changed["name"], changed["role"]) == ("new", "viewer")


def test_api_key_of_other_tenant_is_not_found() -> None:
    """Reading, changing and revoking return 404."""
    tenant, foreign = make_tenant("acme"), make_tenant("foreign")
    path = f"{KEYS}/{foreign.create_key(Role.VIEWER).id}"
    admin = tenant.api(Role.ORG_ADMIN)
    assert admin.get(path).status_code == 404
    assert admin.patch(path, {"name": "x"}, content_type="application/json").status_code == 404
    assert admin.delete(path).status_code == 404


def test_session_requires_csrf_token_but_api_key_does_not() -> None:
    """API keys need no CSRF token, because browsers do not send them automatically (B05)."""
    tenant: TenantFixture = make_tenant()
    client = tenant.client(Role.ORG_ADMIN)
    client.handler.enforce_csrf_checks = True
    assert create(client)[0] == 403
    assert create(tenant.api(Role.ORG_ADMIN))[0] == 201
