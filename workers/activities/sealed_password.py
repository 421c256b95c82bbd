"""Passwords in transit through Temporal, encrypted with our own key."""

from ingestion.domain.errors import WrongPassword
from refinery.core.web.sealed_secrets import InvalidSecret, decrypt_secret


def unsealed_password(sealed: str) -> str | None:
    """Decrypt a password, None for none; broken data counts as a wrong password, so that people are asked again."""
    if not sealed:
        return None
    try:
        return decrypt_secret(sealed)
    except InvalidSecret as reason:
        raise WrongPassword from reason
