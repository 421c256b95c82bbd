"""Anchors: the newest seal of each tenant, recorded outside of the database, so that a truncated log is detected.

The setting AUDIT_ANCHORS chooses the places: `store` writes one file per tenant and day to the file store, `log` writes
a log line. A bucket with object lock, or a log that another system collects, is beyond the reach of whoever controls
the database.
"""

import json
from datetime import UTC
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from refinery.core.audit.models import AuditSeal

log = structlog.get_logger(__name__)
FOLDER: Final = "audit-anchors"
STORE, LOG = "store", "log"


def anchor_seal(seal: AuditSeal) -> None:
    """Record the seal in every configured place; raises the storage's errors."""
    digest = seal.digest()
    if LOG in settings.AUDIT_ANCHORS:
        log.info("audit_anchor", tenant=str(seal.tenant_id), seal=seal.number, digest=digest)
    if STORE in settings.AUDIT_ANCHORS and _store_is_in_use():
        body = {"tenant": str(seal.tenant_id), "seal": seal.number, "digest": digest, "at": seal.sealed_at.isoformat()}
        default_storage.save(_file_name(seal), ContentFile(json.dumps(body).encode()))


def is_anchored(seal: AuditSeal) -> bool:
    """Return whether the seal's anchor is in the file store; always, if anchors are not stored there."""
    if STORE not in settings.AUDIT_ANCHORS or not _store_is_in_use():
        return True
    name = _file_name(seal)
    return default_storage.exists(name) and _read_digest(name) == seal.digest()


def stored_anchors(tenant_id: UUID) -> list[str]:
    """Return the digests in the file store, one for each day, oldest first."""
    folder = f"{FOLDER}/{tenant_id}"
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [_read_digest(f"{folder}/{name}") for name in sorted(names)]


def _store_is_in_use() -> bool:
    """Return whether the store contains anything: an empty one may be a folder that is not mounted."""
    try:
        return any(default_storage.listdir(""))
    except FileNotFoundError:
        return False


def _file_name(seal: AuditSeal) -> str:
    return f"{FOLDER}/{seal.tenant_id}/{seal.sealed_at.astimezone(UTC):%Y-%m-%d}.json"


def _read_digest(name: str) -> str:
    with default_storage.open(name) as file:
        return str(json.load(file)["digest"])
