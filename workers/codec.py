"""Encryption of workflow payloads, so that Temporal's database and web UI show no content.

The keys are derived from the secret keys. Failure messages and stack traces are encrypted with the payloads.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cryptography.fernet import MultiFernet
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec, default

from refinery.core.keys import derived_fernet

ENCODING: Final = b"binary/encrypted"


class EncryptionCodec(PayloadCodec):
    """Payload codec that encrypts each payload with Fernet, including its metadata."""

    def __init__(self, fernet: MultiFernet) -> None:
        """Store the cipher."""
        self._fernet = fernet

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


def data_converter() -> DataConverter:
    """Return the converter that every client and worker uses; it also reads what a previous key encrypted."""
    return replace(
        default(),
        payload_codec=EncryptionCodec(derived_fernet(b"workflow payloads")),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
