"""JWT: signed by us, for us, and a refresh token works once."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey, Membership
from refinery.core.tenancy.roles import Role, Verb
from refinery.core.tenancy.sign_in_attempts import LIMITS
from tests.factories.people import PASSWORD, House, make_house

pytestmark = pytest.mark.django_db
PROBE = "/v1/api-keys"


def post(path: str, body: object, client: Client | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
    """Send JSON; give status and answer."""
    response = (client or Client()).post(path, body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def tokens_of(house: House, role: Role = Role.ORG_ADMIN) -> dict[str, Any]:
    """Sign in by credentials."""
    status, pair = post("/v1/tokens", {"email": house.user(role).email, "password": PASSWORD})
    assert status == 200
    return pair


def status_with(token: str, path: str = PROBE) -> int:
    """Ask with a bearer token."""
    return Client().get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def forged(claims: dict[str, Any], key: str, algorithm: str) -> str:
    """Sign claims in another way."""
    return jwt.encode(claims, key, algorithm=algorithm)


def claims_of(token: str) -> dict[str, Any]:
    """Read a token's claims."""
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False, "verify_aud": False})
    return found


def test_credentials_give_tokens_that_open_the_api() -> None:
    """They carry the tenant and the audience; a wrong password is 401, a missing member 422."""
    house = make_house()
    pair = tokens_of(house)
    claims = claims_of(pair["access"])
    assert (claims["tenant"], claims["aud"]) == (str(house.tenant_id), "refinery-api")
    assert pair["expires_in"] == 300
    assert status_with(pair["access"]) == 200
    assert post("/v1/tokens", {"email": "org_admin@acme.example", "password": "wrong"})[0] == 401
    assert post("/v1/tokens", {"email": "org_admin@acme.example"})[0] == 422
    assert post("/v1/tokens", {"email": "a@b.example", "password": "x", "role": "super_admin"})[0] == 422


def test_a_named_tenant_must_be_ones_own() -> None:
    """The refusal of a foreign slug is that of an unknown one."""
    house, foreign = make_house("acme"), make_house("foreign")
    body = {"email": house.user(Role.VIEWER).email, "password": PASSWORD}
    answers = [post("/v1/tokens", {**body, "tenant": slug}) for slug in (foreign.slug, "nowhere")]
    assert [status for status, _ in answers] == [401, 401]
    assert answers[0][1]["detail"] == answers[1][1]["detail"]
    assert post("/v1/tokens", {**body, "tenant": "acme"})[0] == 200


def test_guessing_by_the_api_and_by_the_page_is_one_count() -> None:
    """429 with Retry-After."""
    email = make_house().user(Role.VIEWER).email
    for number in range(LIMITS.account_from_address):
        if number % 2:
            Client().post("/sign-in/", {"username": email, "password": "wrong"})
        else:
            assert post("/v1/tokens", {"email": email, "password": "wrong"})[0] == 401
    response = Client().post("/v1/tokens", {"email": email, "password": PASSWORD}, content_type="application/json")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
def test_a_token_without_a_signature_is_refused(algorithm: str) -> None:
    """`alg: none` in any spelling (B06)."""
    access = tokens_of(make_house())["access"]
    head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=").decode()
    body, signature = access.split(".")[1:]
    assert status_with(f"{head}.{body}.") == 401
    assert status_with(f"{head}.{body}.{signature}") == 401


def test_a_token_of_another_kind_key_audience_or_time_is_refused() -> None:
    """Each claim is checked by itself: the same claims unchanged are taken."""
    pair = tokens_of(make_house())
    claims, key = claims_of(pair["access"]), settings.SECRET_KEY
    assert status_with(forged(claims, key, "HS256")) == 200
    assert status_with(forged(claims, "another-key" * 5, "HS256")) == 401
    assert status_with(forged(claims, key, "HS512")) == 401
    assert status_with(forged({**claims, "aud": "elsewhere"}, key, "HS256")) == 401
    assert status_with(forged({**claims, "iss": "elsewhere"}, key, "HS256")) == 401
    assert status_with(forged({k: v for k, v in claims.items() if k != "aud"}, key, "HS256")) == 401
    assert status_with(forged({**claims, "exp": claims["iat"] - 1}, key, "HS256")) == 401
    assert status_with(forged({k: v for k, v in claims.items() if k != "exp"}, key, "HS256")) == 401
    assert status_with(forged({**claims, "user_id": "no-id"}, key, "HS256")) == 401
    assert status_with(pair["refresh"]) == 401


def test_a_token_for_another_tenant_than_ones_own_is_refused() -> None:
    """Even signed by us: membership is looked up each time."""
    house, foreign = make_house("acme"), make_house("foreign")
    token = AccessToken()
    token["user_id"], token["tenant"] = str(house.user(Role.ORG_ADMIN).pk), str(foreign.tenant_id)
    assert status_with(str(token)) == 401


def test_a_token_ends_with_the_membership_and_with_the_tenant() -> None:
    """At the next request, not at the end of its five minutes."""
    house, other = make_house("acme"), make_house("other")
    access, of_other = tokens_of(house)["access"], tokens_of(other)["access"]
    with tenant_scope(house.tenant_id):
        Membership.objects.filter(user=house.user(Role.ORG_ADMIN)).update(is_active=False)
    other.suspend()
    assert (status_with(access), status_with(of_other)) == (401, 401)


def test_a_refresh_rotates_and_its_reuse_ends_the_family() -> None:
    """The thief and the owner both lose it, and the log tells (B06)."""
    house = make_house()
    first = tokens_of(house)
    status, second = post("/v1/tokens/refresh", {"refresh": first["refresh"]})
    assert status == 200
    assert status_with(second["access"]) == 200
    assert post("/v1/tokens/refresh", {"refresh": first["refresh"]})[0] == 401
    assert post("/v1/tokens/refresh", {"refresh": second["refresh"]})[0] == 401
    with tenant_scope(house.tenant_id):
        assert AuditEvent.objects.filter(action="tokens.reused").count() == 1
    assert post("/v1/tokens/refresh", {"refresh": tokens_of(house)["refresh"]})[0] == 200


def test_a_stale_header_does_not_stand_in_the_way_of_a_refresh() -> None:
    """Clients send their old access token along."""
    pair = tokens_of(make_house())
    assert post("/v1/tokens/refresh", {"refresh": pair["refresh"]}, Authorization="Bearer stale")[0] == 200


@pytest.mark.parametrize("refresh", ["", "x", "a.b.c", 7, None])
def test_what_is_no_refresh_token_is_refused_as_a_problem(refresh: object) -> None:
    """401 or 422, never 500; an access token is none either."""
    assert post("/v1/tokens/refresh", {"refresh": refresh})[0] in {401, 422}
    assert post("/v1/tokens/refresh", {"refresh": tokens_of(make_house())["access"]})[0] == 401


def ticket_of(client: Client) -> str:
    """Take a ticket."""
    response = client.post("/v1/tickets", content_type="application/json")
    assert response.status_code == 200
    return str(response.json()["token"])


def test_a_ticket_looks_and_does_nothing_else() -> None:
    """Rights beyond looking are taken off, and no method that writes takes one."""
    house = make_house()
    ticket = ticket_of(house.api(Role.ORG_ADMIN))
    assert Client().get(PROBE, {"token": ticket}).status_code == 403
    assert Client().post(f"/v1/tickets?token={ticket}", content_type="application/json").status_code == 401
    assert Client().get(PROBE, {"token": ticket + "x"}).status_code == 401


def test_a_ticket_dies_with_its_key() -> None:
    """And one of a key without the right to look cannot be had."""
    house = make_house()
    client = house.api(Role.ORG_ADMIN)
    ticket = ticket_of(client)
    with tenant_scope(house.tenant_id):
        ApiKey.objects.update(revoked_at=timezone.now())
    assert Client().get(PROBE, {"token": ticket}).status_code == 401
    narrow = house.api(Role.ORG_ADMIN, scopes=[Verb.KEY_EDIT])
    assert narrow.post("/v1/tickets", content_type="application/json").status_code == 403


def test_an_old_ticket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five minutes and no more."""
    ticket = ticket_of(make_house().api(Role.ORG_ADMIN))
    monkeypatch.setattr("django.core.signing.time.time", (timezone.now() + timedelta(minutes=6)).timestamp)
    assert Client().get(PROBE, {"token": ticket}).status_code == 401
