"""Check of the file store against the rows that refer to it, and its repair.

A damaged file is deleted, so that the same bytes are stored again when they are uploaded again. A file that no row
refers to is left by an interrupted upload, reading or erasure. Only old ones are deleted: a file is stored before
its row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage, storages

from ingestion import blobs
from ingestion.models import Artefact, Document, Page, XmlInvoice
from ingestion.services.blob_locks import lock_blobs
from quality.models import ModelVersion
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId
from refinery.core.web.file_store import DurableFileStorage

MIN_AGE: Final = timedelta(days=1)
"""Age from which an unreferenced file or an unfinished write is no longer in progress."""


class FaultKind(StrEnum):
    """What is wrong with a file."""

    MISSING = "missing"
    DAMAGED = "damaged"
    UNREFERENCED = "unreferenced"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class StoreFault:
    """Fault of one file, by its key."""

    kind: FaultKind
    key: str


def find_faults(tenant_id: TenantId, before: datetime) -> Iterator[StoreFault]:
    """Yield the faults of a tenant's files; unreferenced ones only if they were stored before this time."""
    with tenant_scope(tenant_id):
        referenced = frozenset(_referenced_keys(tenant_id))
    stored = frozenset(_files_below(f"tenants/{tenant_id}"))
    for key in sorted(referenced - stored):
        yield StoreFault(FaultKind.MISSING, key)
    for key in sorted(stored):
        if not blobs.is_intact(key):
            yield StoreFault(FaultKind.DAMAGED, key)
        elif not _is_referenced(key, referenced) and default_storage.get_modified_time(key) < before:
            yield StoreFault(FaultKind.UNREFERENCED, key)


def repair_fault(tenant_id: TenantId, fault: StoreFault) -> None:
    """Delete a damaged or unreferenced file, under the lock that uploads take, unless it is in order by now."""
    if fault.kind is FaultKind.MISSING:
        return
    with tenant_scope(tenant_id):
        lock_blobs([fault.key])
        if fault.kind is FaultKind.DAMAGED:
            unneeded = not blobs.is_intact(fault.key)
        else:
            unneeded = not _is_referenced(fault.key, frozenset(_referenced_keys(tenant_id)))
        if unneeded:
            blobs.delete_stored_file(fault.key)


def interrupted_writes(before: datetime) -> list[Path]:
    """Return the files of writes that were interrupted before this time; an object store keeps none."""
    store = storages["default"]
    parts = store.interrupted_writes() if isinstance(store, DurableFileStorage) else []
    return [part for part in parts if part.stat().st_mtime < before.timestamp()]


def _referenced_keys(tenant_id: TenantId) -> Iterator[str]:
    """Yield the keys in all rows of a tenant."""
    columns = (
        (Document, "blob_key"),
        (Page, "image_key"),
        (Page, "thumbnail_key"),
        (XmlInvoice, "blob_key"),
        (Artefact, "blob_key"),
        (ModelVersion, "blob_key"),
    )
    for model, column in columns:
        rows = model._default_manager.filter(tenant_id=tenant_id).exclude(**{column: ""})  # noqa: SLF001 - documented
        yield from rows.values_list(column, flat=True).iterator()


def _is_referenced(key: str, referenced: frozenset[str]) -> bool:
    """Return whether a row refers to the file, or to the original that a rendition was made from."""
    return key in referenced or blobs.original_of_renditions(key.rpartition("/")[0]) in referenced


def _files_below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files_below(f"{folder}/{name}")
