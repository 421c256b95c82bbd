"""Where files lie: by tenant and content hash: the same bytes are kept once, and a retry writes nothing new."""

import hashlib
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from ingestion.domain.errors import MissingFile
from refinery.core.types import TenantId

CHUNK_BYTES = 2**20
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def file_hash(path: Path) -> str:
    """Give the SHA-256 of a file, read in chunks."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def page_key(tenant_id: UUID, sha256: str, media_type: str = "image/jpeg") -> str:
    """The place of a page's image."""
    return f"tenants/{tenant_id}/pages/{sha256}.{SUFFIXES.get(media_type, 'bin')}"


def xml_key(tenant_id: UUID, sha256: str) -> str:
    """The place of an e-invoice's XML."""
    return f"tenants/{tenant_id}/xml/{sha256}.xml"


def model_key(tenant_id: UUID, sha256: str) -> str:
    """The place of a model's weights."""
    return f"tenants/{tenant_id}/models/{sha256}"


def paper_folder(original: str) -> str:
    """The place of what is made of an original so that it has pages, by the original's own place."""
    return original.replace("/originals/", "/papers/", 1)


def original_of(folder: str) -> str:
    """The place of the original that `paper_folder` gives this folder for."""
    return folder.replace("/papers/", "/originals/", 1)


def tenant_of(key: str) -> TenantId:
    """The tenant whose file lies here; raises ValueError for a place that is no tenant's."""
    return TenantId(UUID(key.removeprefix("tenants/").partition("/")[0]))


def export_folder(tenant_id: UUID, document_id: UUID) -> str:
    """The place of all exports of a document."""
    return f"tenants/{tenant_id}/exports/{document_id}"


def is_stored(key: str) -> bool:
    """Say whether a file is there."""
    return default_storage.exists(key)


def forget_papers(original: str) -> None:
    """Remove what was made of an original."""
    folder = paper_folder(original)
    if folder != original:
        forget_folder(folder)


def forget_folder(folder: str) -> None:
    """Remove the files that lie in a folder."""
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")


def store_page_image(tenant_id: UUID, path: Path, media_type: str) -> str:
    """Store a page's image unless the same one is there, and give its key."""
    return store_file(page_key(tenant_id, file_hash(path), media_type), path)


def store_file(key: str, path: Path) -> str:
    """Store a file under `key` unless one is there, and give the key."""
    if not default_storage.exists(key):
        with path.open("rb") as source:
            default_storage.save(key, File(source))
    return key


def fetch(key: str, path: Path) -> Path:
    """Copy a stored file to `path`, in chunks; raises as open_stored."""
    with open_stored(key) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, CHUNK_BYTES)
    return path


def open_stored(key: str) -> "File[Any]":
    """Open a stored file; raises MissingFile for one that is gone, the store's own errors while it cannot be told.

    A store that is not there looks alike (a folder that is not mounted is empty), so only one that still holds
    something is believed.
    """
    try:
        return default_storage.open(key, "rb")
    except FileNotFoundError as reason:
        if not any(default_storage.listdir("")):
            raise
        message = "The file is not in the store any more."
        raise MissingFile(message) from reason
