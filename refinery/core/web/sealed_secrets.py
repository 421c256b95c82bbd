"""Seal short secrets that must pass through a queue (Fernet; the key is derived from SECRET_KEY by HKDF)."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32


class BrokenSeal(ValueError):
    """The sealed text was changed, is too old, or was sealed under another key."""


def _fernet(purpose: bytes) -> Fernet:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(secret: str, purpose: str = "password") -> str:
    """Encrypt; another `purpose` uses another key."""
    return _fernet(purpose.encode()).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str = "password", max_age_seconds: int | None = None) -> str:
    """Decrypt; raises BrokenSeal."""
    try:
        return _fernet(purpose.encode()).decrypt(sealed.encode(), ttl=max_age_seconds).decode()
    except InvalidToken as reason:
        message = "the seal is broken"
        raise BrokenSeal(message) from reason
