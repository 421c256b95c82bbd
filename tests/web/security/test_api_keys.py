"""API keys: shown once, narrow where asked, gone at once when revoked."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ingestion.models import IdempotencyKey
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.roles import Role, Verb
from refinery.core.tenancy.services import digest_of
from tests.factories.people import House, make_house

pytestmark = pytest.mark.django_db
KEYS = "/v1/api-keys"
BODY = {"name": "ci", "role": "operator"}


def create(client: Client, body: object = BODY, **headers: str) -> tuple[int, dict[str, Any]]:
    """Ask for a key."""
    response = client.post(KEYS, body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def bearer(key: str) -> Client:
    """Act with a key."""
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_a_key_is_shown_once_and_kept_as_prefix_and_digest() -> None:
    """No later answer, row, log or kept answer holds it (B07)."""
    house = make_house()
    admin = house.api(Role.ORG_ADMIN)
    status, made = create(admin, **{"Idempotency-Key": "once-1"})
    assert status == 201
    assert set(made) == {"id", "prefix", "key"}
    assert made["key"].startswith(made["prefix"])
    listed = admin.get(KEYS).content.decode()
    assert made["prefix"] in listed
    assert made["key"] not in listed
    assert create(admin, **{"Idempotency-Key": "once-1"})[1] == {**made, "key": None}
    with tenant_scope(house.tenant_id):
        row = ApiKey.objects.get(pk=made["id"])
        assert row.digest == digest_of(made["key"])
        kept = [str(list(model.objects.values())) for model in (ApiKey, AuditEvent, IdempotencyKey)]
    assert not any(made["key"] in text for text in kept)


def test_a_revoked_key_is_refused_at_its_next_request() -> None:
    """Nothing is cached; a second revocation changes nothing."""
    house = make_house()
    admin = house.api(Role.ORG_ADMIN)
    made = create(admin, {"name": "x", "role": "org_admin"})[1]
    client = bearer(made["key"])
    assert client.get(KEYS).status_code == 200
    assert admin.delete(f"{KEYS}/{made['id']}").status_code == 204
    assert client.get(KEYS).status_code == 401
    first = admin.get(f"{KEYS}/{made['id']}").json()["revoked_at"]
    assert admin.delete(f"{KEYS}/{made['id']}").status_code == 204
    assert admin.get(f"{KEYS}/{made['id']}").json()["revoked_at"] == first


def test_an_expired_key_is_refused() -> None:
    """By its own end."""
    key = make_house().key(Role.ORG_ADMIN, expires_at=timezone.now() - timedelta(seconds=1))
    assert bearer(key.key).get(KEYS).status_code == 401


@pytest.mark.parametrize("text", ["rfk_", "rfk_" + "a" * 43, "rfk_" + "é" * 43, "Bearer", "rfk_' OR 1=1 --"])
def test_what_is_no_key_is_401(text: str) -> None:
    """Whatever it looks like."""
    make_house()
    header = f"Bearer {text}".encode().decode("latin-1")
    assert Client(HTTP_AUTHORIZATION=header).get(KEYS).status_code == 401


def test_the_right_prefix_with_another_secret_is_refused() -> None:
    """The digest decides."""
    key = make_house().key(Role.ORG_ADMIN)
    assert bearer(key.prefix + "x" * 40).get(KEYS).status_code == 401


def test_scopes_narrow_a_key_and_none_at_all_means_no_right() -> None:
    """An empty list is not the same as no list."""
    house = make_house()
    assert house.api(Role.ORG_ADMIN, scopes=[Verb.KEY_EDIT]).get(KEYS).status_code == 200
    assert house.api(Role.ORG_ADMIN, scopes=[Verb.DOCUMENT_VIEW]).get(KEYS).status_code == 403
    assert house.api(Role.ORG_ADMIN, scopes=[]).get(KEYS).status_code == 403


def test_a_narrow_key_cannot_make_or_widen_to_a_wider_one() -> None:
    """What one does not hold one cannot hand out."""
    house = make_house()
    narrow = house.api(Role.ORG_ADMIN, scopes=[Verb.KEY_EDIT])
    assert create(narrow)[0] == 403
    assert create(narrow, {**BODY, "role": "org_admin", "scopes": ["document.view"]})[0] == 403
    status, made = create(narrow, {**BODY, "role": "org_admin", "scopes": ["key.edit"]})
    assert status == 201
    widen = narrow.patch(f"{KEYS}/{made['id']}", {"scopes": ["document.view"]}, content_type="application/json")
    assert widen.status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SUPER_ADMIN, Role.ORG_ADMIN}])
def test_only_administrators_touch_keys(role: Role) -> None:
    """403 for the others, whatever the method."""
    house = make_house()
    key = house.key(Role.VIEWER)
    client = house.api(role)
    assert client.get(KEYS).status_code == 403
    assert create(client)[0] == 403
    assert client.delete(f"{KEYS}/{key.id}").status_code == 403


@pytest.mark.parametrize(
    "extra",
    [
        {"tenant_id": "0192f0c1-1111-7000-8000-000000000000"}, {"id": "0192f0c1-1111-7000-8000-000000000000"},
        {"digest": "0" * 64}, {"prefix": "rfk_mine"}, {"user": "x"}, {"created_by_id": None}, {"revoked_at": None},
        {"role": "super_admin"}, {"role": "root"}, {"scopes": ["everything"]}, {"scopes": "document.view"},
        {"name": ""}, {"name": "x" * 81}, {"name": "a\x00b"}, {"expires_at": "2001-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_what_a_caller_may_not_set_is_refused_not_dropped(extra: dict[str, Any]) -> None:
    """Mass assignment is 422, and nothing is made (B09)."""
    house = make_house()
    admin = house.api(Role.ORG_ADMIN)
    with tenant_scope(house.tenant_id):
        before = ApiKey.objects.count()
    assert create(admin, {**BODY, **extra})[0] == 422
    with tenant_scope(house.tenant_id):
        assert ApiKey.objects.count() == before


@pytest.mark.parametrize("extra", [{"role": "org_admin"}, {"prefix": "x"}, {"revoked_at": None}, {"digest": "x"}])
def test_a_patch_changes_only_what_it_may(extra: dict[str, Any]) -> None:
    """Name, scopes and end."""
    house = make_house()
    admin, key = house.api(Role.ORG_ADMIN), house.key(Role.VIEWER)
    answer = admin.patch(f"{KEYS}/{key.id}", {"name": "new", **extra}, content_type="application/json")
    assert answer.status_code == 422
    changed = admin.patch(f"{KEYS}/{key.id}", {"name": "new"}, content_type="application/json").json()
    assert (changed["name"], changed["role"]) == ("new", "viewer")


def test_a_foreign_key_is_not_there() -> None:
    """404 for reading, changing and revoking."""
    house, foreign = make_house("acme"), make_house("foreign")
    path = f"{KEYS}/{foreign.key(Role.VIEWER).id}"
    admin = house.api(Role.ORG_ADMIN)
    assert admin.get(path).status_code == 404
    assert admin.patch(path, {"name": "x"}, content_type="application/json").status_code == 404
    assert admin.delete(path).status_code == 404


def test_a_session_needs_its_csrf_token_and_a_key_does_not() -> None:
    """Keys do not travel by themselves (B05)."""
    house: House = make_house()
    client = house.client(Role.ORG_ADMIN)
    client.handler.enforce_csrf_checks = True
    assert create(client)[0] == 403
    assert create(house.api(Role.ORG_ADMIN))[0] == 201
