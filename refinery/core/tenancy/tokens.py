"""Access and refresh tokens (JWT): a refresh token is used once, a second use revokes its whole family (RFC 9700).

A family ends with the password that it was issued for, whichever way the password is changed.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import jwt
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import TENANT_CLAIM, InvalidCredentials, actor_of_user
from refinery.core.tenancy.models import TokenFamily, User
from refinery.core.tenancy.signed_tokens import ACCESS, REFRESH, signed_token, verified_claims
from refinery.core.types import TenantId, UserId

FAMILY_CLAIM = "family"
FAMILY_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Token pair of a client; `expires_in` is the access token's lifetime in seconds."""

    access: str
    refresh: str
    expires_in: int


def issue_tokens(actor: Actor) -> TokenPair:
    """Start a token family for a user within one tenant."""
    family, jti = uuid4(), uuid4().hex
    with tenant_scope(actor.tenant_id):
        TokenFamily.objects.create(
            id=family,
            tenant_id=actor.tenant_id,
            user_id=actor.user_id,
            current=jti,
            credential=User.objects.get(pk=actor.user_id).get_session_auth_hash(),
            expires_at=timezone.now() + FAMILY_LIFETIME,
        )
        record_event(actor.audit, "tokens.issued", "token_family", family)
    return _token_pair(actor, family, jti)


def refresh_tokens(refresh: str, request_id: str = "") -> TokenPair:
    """Exchange a refresh token for a new pair.

    Raises InvalidCredentials, and revokes the family, if the token was used before or the password has changed.
    """
    user_id, tenant_id, family, used = _claims(refresh)
    actor = actor_of_user(user_id, str(tenant_id), request_id=request_id)
    if actor is None:
        message = "the token's user is not a member of its tenant"
        raise InvalidCredentials(message)
    if _end_if_password_changed(actor, family):
        message = "the password has changed: sign in again"
        raise InvalidCredentials(message)
    fresh = uuid4().hex
    if not _rotate(actor, family, used, fresh):
        message = "the refresh token was used before or has expired: sign in again"
        raise InvalidCredentials(message)
    return _token_pair(actor, family, fresh)


def _end_if_password_changed(actor: Actor, family: UUID) -> bool:
    """Revoke the family if it was issued for another password; return whether it was."""
    user = User.objects.get(pk=actor.user_id)
    valid = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    with tenant_scope(actor.tenant_id):
        row = TokenFamily.objects.visible_to(actor).filter(pk=family, user=user).first()
        if row is None or any(constant_time_compare(row.credential, each) for each in valid):
            return False
        alive = TokenFamily.objects.visible_to(actor).filter(pk=family, revoked_at=None)
        if alive.update(revoked_at=timezone.now()):
            record_event(actor.audit, "tokens.ended", "token_family", family)
    return True


def _rotate(actor: Actor, family: UUID, used: str, new_jti: str) -> bool:
    """Make `new_jti` the current token in one conditional statement: of two concurrent uses, one succeeds."""
    now = timezone.now()
    with tenant_scope(actor.tenant_id):
        rows = TokenFamily.objects.visible_to(actor).filter(pk=family, user_id=actor.user_id)
        alive = rows.filter(revoked_at=None, expires_at__gt=now)
        if alive.filter(current=used).update(current=new_jti, used_at=now):
            return True
        if alive.update(revoked_at=now):
            record_event(actor.audit, "tokens.reused", "token_family", family)
    return False


def _claims(refresh: str) -> tuple[UserId, TenantId, UUID, str]:
    try:
        claims = verified_claims(REFRESH, refresh)
        return (
            UserId(UUID(str(claims["user_id"]))),
            TenantId(UUID(str(claims[TENANT_CLAIM]))),
            UUID(str(claims[FAMILY_CLAIM])),
            claims["jti"],
        )
    except (jwt.InvalidTokenError, KeyError, ValueError) as reason:
        message = "the refresh token is not valid"
        raise InvalidCredentials(message) from reason


def _token_pair(actor: Actor, family: UUID, jti: str) -> TokenPair:
    claims = {"user_id": str(actor.user_id), TENANT_CLAIM: str(actor.tenant_id)}
    access = signed_token(ACCESS, claims)
    refresh = signed_token(REFRESH, {**claims, FAMILY_CLAIM: str(family), "jti": jti})
    return TokenPair(access, refresh, int(ACCESS.lifetime.total_seconds()))
