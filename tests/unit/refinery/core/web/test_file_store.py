"""Writes to the folder of stored files: complete or not at all, also when the process is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File

from refinery.core.web.file_store import DurableFileStorage, StoreUnavailable, store_errors
from refinery.stack.program import ROOT

KEY = "tenants/a/originals/00/file"

KILLED = """
import os, signal, sys
from django.conf import settings
settings.configure()
from django.core.files.base import ContentFile
from refinery.core.web.file_store import DurableFileStorage

class Torn(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"the first half of the file"
        os.kill(os.getpid(), signal.SIGKILL)

DurableFileStorage(location=sys.argv[1], allow_overwrite=True).save(sys.argv[2], Torn(b""))
"""


@pytest.fixture
def store(tmp_path: Path) -> DurableFileStorage:
    """Return a storage in a folder that does not exist yet."""
    return DurableFileStorage(location=str(tmp_path / "files"), allow_overwrite=True)


def test_killed_write_is_not_stored_and_can_be_repeated(store: DurableFileStorage) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(store.location), KEY], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not store.exists(KEY)
    assert store.listdir("tenants/a/originals/00") == ([], [])
    (left,) = store.interrupted_writes()
    assert left.read_bytes() == b""  # nothing was flushed, but the write had begun
    assert store.save(KEY, ContentFile(b"whole")) == KEY
    assert store.open(KEY).read() == b"whole"


class BrokenSource(ContentFile[bytes]):
    """File that cannot be read to its end."""

    def chunks(self, chunk_size: int | None = None) -> "list[bytes]":  # type: ignore[override]  # any iterable will do
        """Fail after the first piece."""
        raise TimeoutError


def test_failed_write_keeps_earlier_file_and_leaves_nothing(store: DurableFileStorage) -> None:
    store.save(KEY, ContentFile(b"earlier"))
    with pytest.raises(TimeoutError):
        store.save(KEY, BrokenSource(b""))
    assert store.open(KEY).read() == b"earlier"
    assert store.interrupted_writes() == []


def test_write_is_flushed_before_it_is_renamed(store: DurableFileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    """File, then name, then every new folder: otherwise a power failure could leave an empty file under the name."""
    steps: list[str] = []
    flush, rename = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        steps.append("folder" if Path(f"/dev/fd/{descriptor}").is_dir() else "file")
        flush(descriptor)

    def replace(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    store.save("a/b", ContentFile(b"x"))
    assert steps == ["folder", "folder", "file", "rename", "folder"]


def test_uploaded_temporary_file_is_copied_not_moved(store: DurableFileStorage, tmp_path: Path) -> None:
    """A move between file systems is not atomic."""
    source = tmp_path / "upload"
    source.write_bytes(b"sent")
    with source.open("rb") as file:
        given = File(file)
        given.temporary_file_path = lambda: str(source)  # type: ignore[attr-defined]  # as Django's large uploads
        store.save(KEY, given)
    assert (source.read_bytes(), store.open(KEY).read()) == (b"sent", b"sent")


@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device"), type("Timeout", (Exception,), {"__module__": "botocore.x"})()]
)
def test_store_failure_becomes_store_unavailable(failure: Exception) -> None:
    with pytest.raises(StoreUnavailable), store_errors():
        raise failure


def test_missing_file_and_program_errors_are_not_store_failures() -> None:
    for failure in (FileNotFoundError, KeyError):
        with pytest.raises(failure), store_errors():
            raise failure
