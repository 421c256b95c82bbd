"""Secret keys of this installation: the current one, then those it replaced (SECRET_KEY_FALLBACKS).

Everything new is made with the current key; what was made with a previous one is still accepted.
"""

import base64
import hmac
from typing import Final

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

KEY_BYTES: Final = 32


def secret_keys() -> tuple[str, ...]:
    """Return the keys, the current one first."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def derived_fernet(purpose: bytes) -> MultiFernet:
    """Return the cipher for a purpose: it encrypts with the current key and decrypts with any."""
    return MultiFernet([_fernet(secret, purpose) for secret in secret_keys()])


def keyed_digest(salt: str, value: bytes | str) -> str:
    """Return the digest of a value in hexadecimal, under the current key."""
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()


def digest_matches(salt: str, value: bytes | str, digest: str) -> bool:
    """Return whether `keyed_digest` gave this digest, under any key; in constant time."""
    expected = [salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest() for secret in secret_keys()]
    return any([hmac.compare_digest(digest, each) for each in expected])  # noqa: C419 - all are compared


def _fernet(secret: str, purpose: bytes) -> Fernet:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
