"""JWT: signature, audience, tenant and expiry are checked; a refresh token works once."""

import base64
import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey, Membership
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.sign_in_attempts import SIGN_IN_LIMITS
from refinery.core.tenancy.signed_tokens import ACCESS, signed_token
from tests.support.factories.tenants import PASSWORD, TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
PROTECTED_PATH = "/v1/api-keys"


def post(path: str, body: object, client: Client | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
    """Send JSON; return status and response."""
    response = (client or Client()).post(path, body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def tokens_of(tenant: TenantFixture, role: Role = Role.ORG_ADMIN) -> dict[str, Any]:
    """Request tokens with a person's credentials."""
    status, pair = post("/v1/tokens", {"email": tenant.user(role).email, "password": PASSWORD})
    assert status == 200
    return pair


def status_with(token: str, path: str = PROTECTED_PATH) -> int:
    """Return the status of a request with a bearer token."""
    return Client().get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def forged_token(claims: dict[str, Any], key: str, algorithm: str) -> str:
    """Sign claims with another key or algorithm."""
    return jwt.encode(claims, key, algorithm=algorithm)


def claims_of(token: str) -> dict[str, Any]:
    """Return a token's claims."""
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False, "verify_aud": False})
    return found


def test_token_from_credentials_opens_api() -> None:
    """Tokens contain tenant and audience; a wrong password is 401, a missing member 422."""
    tenant = make_tenant()
    pair = tokens_of(tenant)
    claims = claims_of(pair["access"])
    assert (claims["tenant"], claims["aud"]) == (str(tenant.tenant_id), "refinery-api")
    assert pair["expires_in"] == 300
    assert status_with(pair["access"]) == 200
    assert post("/v1/tokens", {"email": "org_admin@acme.example", "password": "wrong"})[0] == 401
    assert post("/v1/tokens", {"email": "org_admin@acme.example"})[0] == 422
    assert post("/v1/tokens", {"email": "a@b.example", "password": "x", "role": "super_admin"})[0] == 422


def test_token_contents_are_those_of_tokens_in_use() -> None:
    """Clients read the claims, and tokens outlive a deployment: names, values and header stay."""
    tenant = make_tenant()
    pair = tokens_of(tenant)
    access, refresh = claims_of(pair["access"]), claims_of(pair["refresh"])
    usual = {"user_id": str(tenant.user(Role.ORG_ADMIN).pk), "tenant": str(tenant.tenant_id)}
    usual |= {"aud": "refinery-api", "iss": "refinery"}
    timed = {"exp", "iat", "jti"}
    assert {k: v for k, v in access.items() if k not in timed} == {"token_type": "access", **usual}
    family = refresh.pop("family")
    assert str(UUID(family)) == family
    assert {k: v for k, v in refresh.items() if k not in timed} == {"token_type": "refresh", **usual}
    assert (access["exp"] - access["iat"], refresh["exp"] - refresh["iat"]) == (300, 7 * 86400)
    assert re.fullmatch("[0-9a-f]{32}", access["jti"])
    assert re.fullmatch("[0-9a-f]{32}", refresh["jti"])
    assert access["jti"] != refresh["jti"]
    assert jwt.get_unverified_header(pair["access"]) == {"alg": "HS256", "typ": "JWT"}


def test_token_for_named_tenant_requires_membership() -> None:
    """Another tenant's slug is refused exactly like an unknown one."""
    tenant, foreign = make_tenant("acme"), make_tenant("foreign")
    body = {"email": tenant.user(Role.VIEWER).email, "password": PASSWORD}
    answers = [post("/v1/tokens", {**body, "tenant": slug}) for slug in (foreign.slug, "nowhere")]
    assert [status for status, _ in answers] == [401, 401]
    assert answers[0][1]["detail"] == answers[1][1]["detail"]
    assert post("/v1/tokens", {**body, "tenant": "acme"})[0] == 200


def test_token_and_sign_in_attempts_share_one_limit() -> None:
    """429 with Retry-After."""
    email = make_tenant().user(Role.VIEWER).email
    for number in range(SIGN_IN_LIMITS.account_from_address):
        if number % 2:
            Client().post("/sign-in/", {"username": email, "password": "wrong"})
        else:
            assert post("/v1/tokens", {"email": email, "password": "wrong"})[0] == 401
    response = Client().post("/v1/tokens", {"email": email, "password": PASSWORD}, content_type="application/json")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
def test_token_without_signature_is_refused(algorithm: str) -> None:
    """`alg: none` in any spelling is refused (B06)."""
    access = tokens_of(make_tenant())["access"]
    head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=").decode()
    body, signature = access.split(".")[1:]
    assert status_with(f"{head}.{body}.") == 401
    assert status_with(f"{head}.{body}.{signature}") == 401


def test_token_of_other_type_key_audience_or_time_is_refused() -> None:
    """Each claim is checked separately; the unchanged claims are accepted."""
    pair = tokens_of(make_tenant())
    claims, key = claims_of(pair["access"]), settings.SECRET_KEY
    assert status_with(forged_token(claims, key, "HS256")) == 200
    assert status_with(forged_token(claims, "another-key" * 5, "HS256")) == 401
    assert status_with(forged_token(claims, key, "HS512")) == 401
    assert status_with(forged_token({**claims, "aud": "elsewhere"}, key, "HS256")) == 401
    assert status_with(forged_token({**claims, "iss": "elsewhere"}, key, "HS256")) == 401
    assert status_with(forged_token({k: v for k, v in claims.items() if k != "aud"}, key, "HS256")) == 401
    assert status_with(forged_token({**claims, "exp": claims["iat"] - 1}, key, "HS256")) == 401
    assert status_with(forged_token({k: v for k, v in claims.items() if k != "exp"}, key, "HS256")) == 401
    assert status_with(forged_token({k: v for k, v in claims.items() if k != "jti"}, key, "HS256")) == 401
    assert status_with(forged_token({k: v for k, v in claims.items() if k != "token_type"}, key, "HS256")) == 401
    assert status_with(forged_token({k: v for k, v in claims.items() if k != "tenant"}, key, "HS256")) == 401
    assert status_with(forged_token({**claims, "exp": "soon"}, key, "HS256")) == 401
    assert status_with(forged_token({**claims, "user_id": "no-id"}, key, "HS256")) == 401
    assert status_with(pair["refresh"]) == 401


def test_token_for_other_tenant_is_refused() -> None:
    """Even with a valid signature: the membership is looked up each time."""
    tenant, foreign = make_tenant("acme"), make_tenant("foreign")
    claims = {"user_id": str(tenant.user(Role.ORG_ADMIN).pk), "tenant": str(tenant.tenant_id)}
    assert status_with(signed_token(ACCESS, claims)) == 200
    assert status_with(signed_token(ACCESS, {**claims, "tenant": str(foreign.tenant_id)})) == 401


def test_token_ends_with_membership_or_suspension() -> None:
    """At the next request, not at the end of its five minutes."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    access, of_other = tokens_of(tenant)["access"], tokens_of(other)["access"]
    with tenant_scope(tenant.tenant_id):
        Membership.objects.filter(user=tenant.user(Role.ORG_ADMIN)).update(is_active=False)
    other.suspend()
    assert (status_with(access), status_with(of_other)) == (401, 401)


def test_token_refresh_rotates_and_reuse_revokes_family() -> None:
    """Thief and owner both lose access, and the audit log records it (B06)."""
    tenant = make_tenant()
    first = tokens_of(tenant)
    status, second = post("/v1/tokens/refresh", {"refresh": first["refresh"]})
    assert status == 200
    assert status_with(second["access"]) == 200
    assert post("/v1/tokens/refresh", {"refresh": first["refresh"]})[0] == 401
    assert post("/v1/tokens/refresh", {"refresh": second["refresh"]})[0] == 401
    with tenant_scope(tenant.tenant_id):
        assert AuditEvent.objects.filter(action="tokens.reused").count() == 1
    assert post("/v1/tokens/refresh", {"refresh": tokens_of(tenant)["refresh"]})[0] == 200


@pytest.mark.parametrize("password", ["another long passphrase", PASSWORD])
def test_token_refresh_ends_with_password(password: str) -> None:
    """Whichever way it is changed, also to the same one; tokens for the new password work."""
    tenant = make_tenant()
    pair, user = tokens_of(tenant), tenant.user(Role.ORG_ADMIN)
    user.set_password(password)
    user.save(update_fields=["password"])
    assert post("/v1/tokens/refresh", {"refresh": pair["refresh"]})[0] == 401
    with tenant_scope(tenant.tenant_id):
        assert AuditEvent.objects.filter(action="tokens.ended").count() == 1
    status, fresh = post("/v1/tokens", {"email": user.email, "password": password})
    assert status == 200
    assert post("/v1/tokens/refresh", {"refresh": fresh["refresh"]})[0] == 200


def test_token_refresh_ignores_stale_authorization_header() -> None:
    """Clients may still send their expired access token."""
    pair = tokens_of(make_tenant())
    assert post("/v1/tokens/refresh", {"refresh": pair["refresh"]}, Authorization="Bearer stale")[0] == 200


@pytest.mark.parametrize("refresh", ["", "x", "a.b.c", 7, None])
def test_token_refresh_invalid_token_is_problem(refresh: object) -> None:
    """401 or 422, never 500; an access token is not accepted either."""
    assert post("/v1/tokens/refresh", {"refresh": refresh})[0] in {401, 422}
    assert post("/v1/tokens/refresh", {"refresh": tokens_of(make_tenant())["access"]})[0] == 401


def ticket_of(client: Client) -> str:
    """Return a new ticket."""
    response = client.post("/v1/tickets", content_type="application/json")
    assert response.status_code == 200
    return str(response.json()["token"])


def test_ticket_allows_viewing_only() -> None:
    """Permissions other than viewing are removed, and no writing method accepts a ticket."""
    tenant = make_tenant()
    ticket = ticket_of(tenant.api(Role.ORG_ADMIN))
    assert Client().get(PROTECTED_PATH, {"token": ticket}).status_code == 403
    assert Client().post(f"/v1/tickets?token={ticket}", content_type="application/json").status_code == 401
    assert Client().get(PROTECTED_PATH, {"token": ticket + "x"}).status_code == 401


def test_ticket_ends_with_its_key() -> None:
    """A key without the view permission gets no ticket."""
    tenant = make_tenant()
    client = tenant.api(Role.ORG_ADMIN)
    ticket = ticket_of(client)
    with tenant_scope(tenant.tenant_id):
        ApiKey.objects.update(revoked_at=timezone.now())
    assert Client().get(PROTECTED_PATH, {"token": ticket}).status_code == 401
    narrow = tenant.api(Role.ORG_ADMIN, scopes=[Permission.KEY_EDIT])
    assert narrow.post("/v1/tickets", content_type="application/json").status_code == 403


def test_ticket_older_than_five_minutes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket expires after five minutes."""
    ticket = ticket_of(make_tenant().api(Role.ORG_ADMIN))
    monkeypatch.setattr("django.core.signing.time.time", (timezone.now() + timedelta(minutes=6)).timestamp)
    assert Client().get(PROTECTED_PATH, {"token": ticket}).status_code == 401
