"""Canonical byte string of a row, identical before writing and after reading, and the keys that authenticate it."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from refinery.core.keys import digest_matches, keyed_digest

EVENT_SALT, SEAL_SALT = "refinery.core.audit.event", "refinery.core.audit.seal"


class EventFields(Protocol):
    """Authenticated attributes of an event: all of them."""

    id: UUID
    tenant_id: UUID
    at: Any
    actor_id: UUID | None
    actor_kind: str
    action: str
    object_type: str
    object_id: UUID | None
    request_id: str
    detail: Any


def canonical_value(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Normalise numbers: jsonb returns 1e20 as an integer and loses the sign of negative zero."""
    if isinstance(value, dict):
        return {str(key): canonical_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [canonical_value(inner) for inner in value]
    if isinstance(value, str):
        return f"text {value}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"number {Decimal(str(value or 0)).normalize():f}"


def event_bytes(event: EventFields) -> bytes:
    """Return the canonical bytes of an event."""
    parts = [
        event.id,
        event.tenant_id,
        event.at.timestamp(),
        event.at.microsecond,
        event.actor_id,
        event.actor_kind,
        event.action,
        event.object_type,
        event.object_id,
        event.request_id,
    ]
    return json.dumps([*map(str, parts), canonical_value(event.detail)], sort_keys=True, separators=(",", ":")).encode()


def compute_mac(entry: bytes, salt: str) -> str:
    """Return the MAC of the bytes, under a key that the database does not know."""
    return keyed_digest(salt, entry)


def mac_matches(entry: bytes, stored_mac: str, salt: str) -> bool:
    """Return whether this installation wrote the bytes, under its current secret or a previous one."""
    return digest_matches(salt, entry, stored_mac)


def seal_bytes(*parts: object) -> bytes:
    """Return the canonical bytes of a seal's attributes."""
    return json.dumps([str(part) for part in parts], separators=(",", ":")).encode()


def sha256_hex(entry: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return sha256(entry).hexdigest()
