"""Encryption of workflow payloads, so that Temporal's database and web UI show no content.

The key is derived from the secret key. Failure messages and stack traces are encrypted with the payloads.
"""

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec, default

ENCODING: Final = b"binary/encrypted"


class EncryptionCodec(PayloadCodec):
    """Payload codec that encrypts each payload with Fernet, including its metadata."""

    def __init__(self, secret: str) -> None:
        """Derive the key from the secret."""
        key = HKDF(SHA256(), 32, salt=None, info=b"workflow payloads").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt payloads."""
        return [
            Payload(metadata={"encoding": ENCODING}, data=self._fernet.encrypt(payload.SerializeToString()))
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt payloads; unencrypted payloads from elsewhere are returned unchanged."""
        return [self._decoded(payload) for payload in payloads]

    def _decoded(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        clear = Payload()
        clear.ParseFromString(self._fernet.decrypt(payload.data))
        return clear


def data_converter(secret: str) -> DataConverter:
    """Return the converter that every client and worker uses."""
    return replace(
        default(),
        payload_codec=EncryptionCodec(secret),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
