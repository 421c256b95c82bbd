"""JSON Web Tokens under the secret keys: signed with the current one, accepted under a previous one.

The keys are read at each use, so that a rotation needs nothing but the settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import jwt
from django.utils import timezone

from refinery.core.keys import secret_keys

ALGORITHM: Final = "HS256"
AUDIENCE: Final = "refinery-api"
ISSUER: Final = "refinery"
REQUIRED_CLAIMS: Final = ["exp", "jti"]


@dataclass(frozen=True, slots=True)
class TokenKind:
    """Kind of token: the value of its claim `token_type`, and how long a token is valid."""

    name: str
    lifetime: timedelta


ACCESS: Final = TokenKind("access", timedelta(minutes=5))
REFRESH: Final = TokenKind("refresh", timedelta(days=7))


def signed_token(kind: TokenKind, claims: Mapping[str, str]) -> str:
    """Return a token that contains these claims besides the usual ones."""
    now = timezone.now()
    usual = {"token_type": kind.name, "exp": now + kind.lifetime, "iat": now, "jti": uuid4().hex}
    return jwt.encode({**usual, **claims, "aud": AUDIENCE, "iss": ISSUER}, secret_keys()[0], ALGORITHM)


def verified_claims(kind: TokenKind, token: str) -> dict[str, Any]:
    """Return the claims of a token of this kind that any of the keys signed. Raises jwt.InvalidTokenError."""
    claims = _signed_claims(token)
    if claims.get("token_type") != kind.name:
        message = "the token is of another type"
        raise jwt.InvalidTokenError(message)
    return claims


def _signed_claims(token: str) -> dict[str, Any]:
    *previous, oldest = secret_keys()
    for secret in previous:
        try:
            return _claims_under(secret, token)
        except jwt.InvalidSignatureError:
            continue
    return _claims_under(oldest, token)


def _claims_under(secret: str, token: str) -> dict[str, Any]:
    return jwt.decode(
        token, secret, [ALGORITHM], options={"require": REQUIRED_CLAIMS}, audience=AUDIENCE, issuer=ISSUER
    )
