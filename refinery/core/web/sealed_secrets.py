"""Encryption of short secrets that pass through a queue (Fernet; key derived from SECRET_KEY by HKDF)."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32


class InvalidSecret(ValueError):
    """The encrypted text was changed, is too old, or was encrypted under another key."""


def _fernet(purpose: bytes) -> Fernet:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def encrypt_secret(secret: str, purpose: str = "password") -> str:
    """Encrypt a secret; each `purpose` has a different key."""
    return _fernet(purpose.encode()).encrypt(secret.encode()).decode()


def decrypt_secret(encrypted: str, purpose: str = "password", max_age_seconds: int | None = None) -> str:
    """Decrypt a secret. Raises InvalidSecret."""
    try:
        return _fernet(purpose.encode()).decrypt(encrypted.encode(), ttl=max_age_seconds).decode()
    except InvalidToken as reason:
        message = "the encrypted value is not valid or too old"
        raise InvalidSecret(message) from reason
