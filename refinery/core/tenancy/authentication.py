"""Authentication of a session, a key or a token as an Actor."""

import hmac
from datetime import datetime
from uuid import UUID

import jwt

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.platform import ApiKeyRecord, MembershipRecord, key_by_prefix, memberships_of
from refinery.core.tenancy.roles import Permission
from refinery.core.tenancy.services import KEY_TOKEN_PREFIX, PREFIX_LENGTH, key_digest
from refinery.core.tenancy.signed_tokens import ACCESS, verified_claims
from refinery.core.types import UserId

TENANT_CLAIM = "tenant"


class InvalidCredentials(Exception):
    """The key or token is unknown, expired, revoked or not valid for this use."""


def membership_in(user_id: UserId, tenant_id: str | None) -> MembershipRecord | None:
    """Return the user's membership in the tenant, their first one if no tenant is named."""
    places = memberships_of(user_id)
    if tenant_id is None:
        return places[0] if places else None
    return next((place for place in places if str(place.tenant_id) == tenant_id), None)


def actor_of_user(user_id: UserId, tenant_id: str | None, name: str = "", request_id: str = "") -> Actor | None:
    """Return the actor for a user within one tenant, None if they are not a member."""
    place = membership_in(user_id, tenant_id)
    if place is None:
        return None
    return Actor(user_id, place.tenant_id, place.role, name, "user", place.team_ids, request_id=request_id)


def actor_of_key(key: str, now: datetime, request_id: str = "") -> Actor:
    """Return the actor for an API key. Raises InvalidCredentials."""
    fact = key_by_prefix(key[:PREFIX_LENGTH])
    if fact is None or not hmac.compare_digest(fact.digest, key_digest(key)):
        message = "the API key is not known"
        raise InvalidCredentials(message)
    return actor_of_key_record(fact, now, request_id)


def actor_of_key_record(key_record: ApiKeyRecord, now: datetime, request_id: str = "") -> Actor:
    """Return the actor for a key whose secret was verified. Raises InvalidCredentials if it has expired."""
    if key_record.expires_at is not None and key_record.expires_at <= now:
        message = "the API key has expired"
        raise InvalidCredentials(message)
    scopes = None if key_record.scopes is None else frozenset(Permission(scope) for scope in key_record.scopes)
    return Actor(
        key_record.user_id,
        key_record.tenant_id,
        key_record.role,
        key_record.name,
        "service",
        (),
        scopes,
        key_record.id,
        request_id,
    )


def actor_of_token(token: str, request_id: str = "") -> Actor:
    """Return the actor for an access token (JWT). Raises InvalidCredentials."""
    try:
        claims = verified_claims(ACCESS, token)
        user_id, tenant_id = UserId(UUID(str(claims["user_id"]))), str(claims[TENANT_CLAIM])
    except (jwt.InvalidTokenError, KeyError, ValueError) as reason:
        message = "the token is not valid"
        raise InvalidCredentials(message) from reason
    actor = actor_of_user(user_id, tenant_id, request_id=request_id)
    if actor is None:
        message = "the token's user is not a member of its tenant"
        raise InvalidCredentials(message)
    return actor


def actor_of_bearer(credential: str, now: datetime, request_id: str = "") -> Actor:
    """Return the actor for the credential in `Authorization: Bearer`. Raises InvalidCredentials."""
    if credential.startswith(KEY_TOKEN_PREFIX):
        return actor_of_key(credential, now, request_id)
    return actor_of_token(credential, request_id)
