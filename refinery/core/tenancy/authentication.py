"""From a session, a key or a token to an Actor."""

import hmac
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.platform import KeyFact, MembershipFact, key_by_prefix, memberships_of
from refinery.core.tenancy.roles import Verb
from refinery.core.tenancy.services import KEY_MARK, PREFIX_LENGTH, digest_of
from refinery.core.types import UserId

TENANT_CLAIM = "tenant"


class InvalidCredentials(Exception):
    """The key or token is unknown, expired, revoked or not for this."""


def membership_in(user_id: UserId, tenant_id: str | None) -> MembershipFact | None:
    """Give the user's place in the tenant, the first of their places when none is named."""
    places = memberships_of(user_id)
    if tenant_id is None:
        return places[0] if places else None
    return next((place for place in places if str(place.tenant_id) == tenant_id), None)


def actor_of_user(user_id: UserId, tenant_id: str | None, name: str = "", request_id: str = "") -> Actor | None:
    """Make the actor for a user within one tenant, None when they have no place in it."""
    place = membership_in(user_id, tenant_id)
    if place is None:
        return None
    return Actor(user_id, place.tenant_id, place.role, name, "user", place.team_ids, request_id=request_id)


def actor_of_key(key: str, now: datetime, request_id: str = "") -> Actor:
    """Make the actor for an API key; raises InvalidCredentials."""
    fact = key_by_prefix(key[:PREFIX_LENGTH])
    if fact is None or not hmac.compare_digest(fact.digest, digest_of(key)):
        message = "the API key is not known"
        raise InvalidCredentials(message)
    return actor_of_fact(fact, now, request_id)


def actor_of_fact(fact: KeyFact, now: datetime, request_id: str = "") -> Actor:
    """Make the actor for a key whose secret was proven; raises InvalidCredentials when it has expired."""
    if fact.expires_at is not None and fact.expires_at <= now:
        message = "the API key has expired"
        raise InvalidCredentials(message)
    scopes = None if fact.scopes is None else frozenset(Verb(scope) for scope in fact.scopes)
    return Actor(fact.user_id, fact.tenant_id, fact.role, fact.name, "service", (), scopes, fact.id, request_id)


def actor_of_token(token: str, request_id: str = "") -> Actor:
    """Make the actor for an access token (JWT); raises InvalidCredentials."""
    try:
        claims = AccessToken(token)  # type: ignore[arg-type]  # simplejwt annotates its own Token here
        user_id, tenant_id = UserId(UUID(str(claims["user_id"]))), str(claims[TENANT_CLAIM])
    except (TokenError, KeyError, ValueError, ValidationError) as reason:
        message = "the token is not valid"
        raise InvalidCredentials(message) from reason
    actor = actor_of_user(user_id, tenant_id, request_id=request_id)
    if actor is None:
        message = "the token's user has no place in its tenant"
        raise InvalidCredentials(message)
    return actor


def actor_of_bearer(credential: str, now: datetime, request_id: str = "") -> Actor:
    """Make the actor for what stands behind `Authorization: Bearer`; raises InvalidCredentials."""
    if credential.startswith(KEY_MARK):
        return actor_of_key(credential, now, request_id)
    return actor_of_token(credential, request_id)
