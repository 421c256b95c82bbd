"""Encryption of short secrets that pass through a queue (Fernet; key derived from SECRET_KEY by HKDF)."""

from cryptography.fernet import InvalidToken

from refinery.core.keys import derived_fernet


class InvalidSecret(ValueError):
    """The encrypted text was changed, is too old, or was encrypted under an unknown key."""


def encrypt_secret(secret: str, purpose: str = "password") -> str:
    """Encrypt a secret; each `purpose` has a different key."""
    return derived_fernet(purpose.encode()).encrypt(secret.encode()).decode()


def decrypt_secret(encrypted: str, purpose: str = "password", max_age_seconds: int | None = None) -> str:
    """Decrypt a secret. Raises InvalidSecret."""
    try:
        return derived_fernet(purpose.encode()).decrypt(encrypted.encode(), ttl=max_age_seconds).decode()
    except InvalidToken as reason:
        message = "the encrypted value is not valid or too old"
        raise InvalidSecret(message) from reason
