"""Unpack a container: its files become documents, each with a run of its own."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity

from ingestion.blobs import fetch
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.ports import Contents, Unpacked, Unpacker, UnpackOptions
from ingestion.services.unpacking import (
    Container,
    admit_child,
    begin_unpacking,
    check_room,
    finish_unpacking,
    leave_attachments,
)
from workers.activities.heartbeat import Pulse, beating, leave_if_asked
from workers.activities.outcome_events import tell_of_end
from workers.activities.run_scope import ref_of, run_scope
from workers.activities.sealed_password import password_in
from workers.messages import DocumentOrder, Ending, ReadOrder


class ContainerActivities:
    """Unpacking, on the cpu queue."""

    def __init__(self, unpacker: Unpacker, folder: Path | None = None) -> None:
        """Take the unpacker; `folder` holds what comes out meanwhile, the system's own place by default."""
        self._unpacker = unpacker
        self._folder = folder

    @activity.defn
    def unpack(self, read: ReadOrder) -> str:
        """Take everything out, then admit each file; gives the container's status. A repetition adds nothing."""
        ref = ref_of(read.order)
        container = begin_unpacking(ref)
        with (
            beating() as pulse,
            TemporaryDirectory(prefix="unpack-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            pulse.starts_at(0)
            contents = self._unpack(read, container, Path(name), pulse) if container else None
        with run_scope(read.order):
            done = (
                finish_unpacking(ref, container, contents) if container and contents else DocumentStatus.UNPACKED
            )
            status = done.value
            if status == "UNPACKED":
                tell_of_end(ref)
        return status

    @activity.defn
    def leave_attachments(self, ending: Ending) -> None:
        """Go on without a document's attachments: its pages are worth judging whatever hangs on to them."""
        leave_attachments(ref_of(ending.order), ending.detail)

    def _unpack(self, read: ReadOrder, container: Container, folder: Path, pulse: Pulse) -> Contents:
        source = fetch(container.blob_key, folder / "original")
        files = folder / "files"
        files.mkdir()
        options = UnpackOptions(container.media_type, depth=container.depth + 1, password=password_in(read.sealed))
        found = self._unpacker.unpack(source, files, options)
        wanted = [file for file in found.files if file.part not in container.erased]
        check_room(ref_of(read.order), container, wanted)
        self._admit(read.order, container, wanted, pulse)
        return replace(found, files=tuple(wanted))

    def _admit(self, order: DocumentOrder, container: Container, found: Sequence[Unpacked], pulse: Pulse) -> None:
        for count, file in enumerate(found, 1):
            admit_child(ref_of(order), container, file)
            file.path.unlink(missing_ok=True)
            pulse.reached(count)
            leave_if_asked()
