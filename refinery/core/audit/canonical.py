"""One byte string for one row, the same before writing and after reading; and the keys that vouch for it."""

import hmac
import json
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

EVENT_SALT, SEAL_SALT = "refinery.core.audit.event", "refinery.core.audit.seal"


class EventFields(Protocol):
    """What of an event is vouched for: everything."""

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


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Write numbers in one way: jsonb gives 1e20 back as an integer and keeps no minus before zero."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return f"text {value}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"number {Decimal(str(value or 0)).normalize():f}"


def event_bytes(event: EventFields) -> bytes:
    """Give an event as bytes."""
    parts = [
        event.id, event.tenant_id, event.at.timestamp(), event.at.microsecond, event.actor_id, event.actor_kind,
        event.action, event.object_type, event.object_id, event.request_id,
    ]  # fmt: skip
    return json.dumps([*map(str, parts), plain(event.detail)], sort_keys=True, separators=(",", ":")).encode()


def mac(entry: bytes, salt: str) -> str:
    """Vouch for bytes with a key that the database does not know."""
    return salted_hmac(salt, entry, algorithm="sha256").hexdigest()


def vouched(entry: bytes, given: str, salt: str) -> bool:
    """Tell whether this installation vouched for the bytes, under its secret or one that it had before."""
    return any(hmac.compare_digest(given, expected) for expected in _expected(entry, salt))


def _expected(entry: bytes, salt: str) -> Iterator[str]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac(salt, entry, secret=secret, algorithm="sha256").hexdigest()


def seal_bytes(*parts: object) -> bytes:
    """Give a seal's parts as bytes."""
    return json.dumps([str(part) for part in parts], separators=(",", ":")).encode()


def digest(entry: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return sha256(entry).hexdigest()
