"""JSON Web Tokens under the secret keys: signed with the current one, accepted under a previous one."""

from typing import Any, ClassVar

from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken

from refinery.core.keys import secret_keys


class RotatingTokenBackend(TokenBackend):
    """Backend that reads the keys at each use, so that a rotation needs nothing but the settings."""

    def __init__(self) -> None:
        """Take algorithm, audience and issuer from the settings."""
        super().__init__(api_settings.ALGORITHM, audience=api_settings.AUDIENCE, issuer=api_settings.ISSUER)

    def encode(self, payload: dict[str, Any]) -> str:
        """Sign a token with the current key."""
        return self._under(secret_keys()[0]).encode(payload)

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:  # noqa: ANN401 - simplejwt annotates its Token
        """Return the claims of a token that any key signed. Raises TokenBackendError."""
        error = TokenBackendError("no key")
        for secret in secret_keys():
            try:
                return self._under(secret).decode(token, verify)
            except TokenBackendExpiredToken:
                raise
            except TokenBackendError as reason:
                error = reason
        raise error

    def _under(self, secret: str) -> TokenBackend:
        return TokenBackend(self.algorithm, secret, audience=self.audience, issuer=self.issuer)


ROTATING_BACKEND = RotatingTokenBackend()


class SignedAccessToken(AccessToken):
    """Access token of a user within a tenant."""

    _token_backend: ClassVar[TokenBackend] = ROTATING_BACKEND  # type: ignore[misc]  # simplejwt leaves it to the instance
