"""Folder of stored files: a file is written beside its place, flushed to the disk, then renamed to it.

So a file under its name is complete, whenever the process or the machine stops. An object store promises the same.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

PART_SUFFIX: Final = ".part"
"""Suffix of a file that is being written; an interrupted write leaves one behind."""
STORE_CLIENT_PACKAGES: Final = ("botocore", "boto3", "s3transfer", "urllib3")
"""Libraries whose every exception means that the object store did not answer; matched by name, not imported."""


class StoreUnavailable(OSError):
    """The file store did not answer or did not take a file: the same request may succeed later."""


@contextmanager
def store_errors() -> Iterator[None]:
    """Convert failures of the file store to StoreUnavailable; a missing file stays FileNotFoundError."""
    try:
        yield
    except (FileNotFoundError, StoreUnavailable):
        raise
    except OSError as reason:
        raise StoreUnavailable(type(reason).__name__) from reason
    except Exception as reason:
        if type(reason).__module__.partition(".")[0] in STORE_CLIENT_PACKAGES:
            raise StoreUnavailable(type(reason).__name__) from reason
        raise


class DurableFileStorage(FileSystemStorage):
    """File storage in a folder whose writes are atomic and survive a power failure."""

    def _save(self, name: str, content: "File[Any]") -> str:
        """Write beside the place, flush, rename; a failed write leaves the earlier file as it was."""
        place = Path(self.path(name))
        _make_folder(place.parent)
        part = place.with_name(f".{place.name}.{token_hex(8)}{PART_SUFFIX}")
        try:
            with part.open("xb") as target:
                for chunk in content.chunks():
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            if self.file_permissions_mode is not None:
                part.chmod(self.file_permissions_mode)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        _flush_folder(place.parent)
        return name

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return folders and files, without files that are being written."""
        folders, files = super().listdir(path)
        return folders, [name for name in files if not name.endswith(PART_SUFFIX)]

    def interrupted_writes(self) -> list[Path]:
        """Return the files that are being written or that an interrupted write has left behind."""
        return sorted(Path(self.location).rglob(f".*{PART_SUFFIX}"))


def _make_folder(folder: Path) -> None:
    """Create a folder and those above it, each flushed into the folder that holds it."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
        _flush_folder(place.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
