"""Stored files, by tenant and content hash: equal bytes are stored once, and a retry writes nothing new.

A key that ends in a content hash promises this content: a file that differs counts as not stored when it is written
again, and is never handed out.
"""

import hashlib
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from ingestion.domain.errors import DamagedFile, MissingFile
from refinery.core.types import TenantId
from refinery.core.web.file_store import StoreUnavailable, store_errors

CHUNK_BYTES = 2**20
CONTENT_HASH = re.compile(r"[0-9a-f]{64}")
IMAGE_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, read in chunks."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def page_key(tenant_id: UUID, sha256: str, media_type: str = "image/jpeg") -> str:
    """Return the key of a page image."""
    return f"tenants/{tenant_id}/pages/{sha256}.{IMAGE_SUFFIXES.get(media_type, 'bin')}"


def xml_key(tenant_id: UUID, sha256: str) -> str:
    """Return the key of an e-invoice's XML."""
    return f"tenants/{tenant_id}/xml/{sha256}.xml"


def model_key(tenant_id: UUID, sha256: str) -> str:
    """Return the key of a model's weights."""
    return f"tenants/{tenant_id}/models/{sha256}"


def rendition_folder(original: str) -> str:
    """Return the folder of an original's renditions (its conversion into pages), derived from the original's key."""
    return original.replace("/originals/", "/renditions/", 1)


def original_of_renditions(folder: str) -> str:
    """Return the original's key for a folder of `rendition_folder`."""
    return folder.replace("/renditions/", "/originals/", 1)


def tenant_of_key(key: str) -> TenantId:
    """Return the tenant of a key; raises ValueError for a key without a tenant."""
    return TenantId(UUID(key.removeprefix("tenants/").partition("/")[0]))


def export_folder(tenant_id: UUID, document_id: UUID) -> str:
    """Return the folder of all exports of a document."""
    return f"tenants/{tenant_id}/exports/{document_id}"


def hash_in_key(key: str) -> str:
    """Return the content hash that a key promises, "" for a key without one (exports, renditions)."""
    name = key.rpartition("/")[2].partition(".")[0]
    return name if CONTENT_HASH.fullmatch(name) else ""


def is_stored(key: str) -> bool:
    """Return whether a file is stored under the key, whatever its content; raises StoreUnavailable."""
    with store_errors():
        return default_storage.exists(key)


def is_intact(key: str, size: int | None = None) -> bool:
    """Return whether a file is stored under the key, with this size and the key's hash; raises StoreUnavailable."""
    with suppress(FileNotFoundError), store_errors():  # it may be deleted meanwhile
        if not default_storage.exists(key) or (size is not None and default_storage.size(key) != size):
            return False
        with default_storage.open(key, "rb") as stored:
            return _has_hash(stored, hash_in_key(key))
    return False


def _has_hash(file: "File[Any]", expected: str) -> bool:
    """Return whether the content has the hash, "" for any; the file is rewound."""
    if not expected:
        return True
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest() == expected


def delete_stored_file(key: str) -> None:
    """Delete a file; one that is gone already is no error. Raises StoreUnavailable."""
    with store_errors():
        default_storage.delete(key)


def delete_renditions(original: str) -> None:
    """Delete the renditions of an original."""
    folder = rendition_folder(original)
    if folder != original:
        delete_stored_folder(folder)


def delete_stored_folder(folder: str) -> None:
    """Delete the files in a folder; raises StoreUnavailable."""
    with store_errors():
        try:
            _, names = default_storage.listdir(folder)
        except FileNotFoundError:
            return
        for name in names:
            default_storage.delete(f"{folder}/{name}")


def store_page_image(tenant_id: UUID, path: Path, media_type: str) -> str:
    """Store a page image unless the same one exists, and return its key."""
    return store_file(page_key(tenant_id, file_hash(path), media_type), path)


def store_file(key: str, path: Path) -> str:
    """Store a file under `key` unless it is there, and return the key; raises StoreUnavailable."""
    with path.open("rb") as source:
        return store_content(key, File(source))


def store_content(key: str, content: "File[Any]") -> str:
    """Store an open file under `key` unless it is there, and return the key; raises StoreUnavailable.

    A file of another size or content than the key promises is replaced.
    """
    if not is_intact(key, content.size if hash_in_key(key) else None):
        try:
            with store_errors():
                default_storage.save(key, content)
        except FileNotFoundError as reason:  # the folder of the store is gone
            raise StoreUnavailable(type(reason).__name__) from reason
    return key


def download_blob(key: str, path: Path) -> Path:
    """Copy a stored file to `path`, in chunks; raises as open_blob."""
    with open_blob(key) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, CHUNK_BYTES)
    return path


def open_blob(key: str) -> "File[Any]":
    """Open a stored file after checking it against the key's hash.

    Raises MissingFile if it is gone, DamagedFile if its content differs, StoreUnavailable or FileNotFoundError while
    that cannot be determined: an unavailable storage looks the same as a missing file (an unmounted folder is empty),
    so a file counts as missing only if the storage still contains something.
    """
    with store_errors():
        file = _open_existing(key)
        if _has_hash(file, hash_in_key(key)):
            return file
    file.close()
    message = "The stored file is damaged: its content is not what was stored."
    raise DamagedFile(message)


def _open_existing(key: str) -> "File[Any]":
    try:
        return default_storage.open(key, "rb")
    except FileNotFoundError as reason:
        if not any(default_storage.listdir("")):
            raise
        message = "The file is not in the store any more."
        raise MissingFile(message) from reason
