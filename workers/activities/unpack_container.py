"""Activities that unpack a container: its files become documents, each with a separate run."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity

from ingestion.blobs import download_blob
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.ports import ContainerContents, UnpackedFile, Unpacker, UnpackOptions
from ingestion.services import unpacking
from workers.activities.heartbeat import Heartbeat, heartbeats, stop_if_shutting_down
from workers.activities.outcome_events import emit_run_completed
from workers.activities.run_scope import ref_of, run_scope
from workers.activities.sealed_password import unsealed_password
from workers.messages import DocumentFailure, DocumentInput, OriginalInput


class ContainerActivities:
    """Unpacking activities on the cpu queue."""

    def __init__(self, unpacker: Unpacker, folder: Path | None = None) -> None:
        """Store the unpacker; `folder` holds unpacked files temporarily, in the system's default location if None."""
        self._unpacker = unpacker
        self._folder = folder

    @activity.defn
    def unpack(self, original_input: OriginalInput) -> str:
        """Unpack all files, admit each, and return the container's status; a retry adds nothing."""
        ref = ref_of(original_input.document_input)
        container = unpacking.begin_unpacking(ref)
        with (
            heartbeats() as heartbeat,
            TemporaryDirectory(prefix="unpack-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            heartbeat.start(0)
            contents = self._unpack(original_input, container, Path(name), heartbeat) if container else None
        with run_scope(original_input.document_input):
            done = (
                unpacking.finish_unpacking(ref, container, contents)
                if container and contents
                else DocumentStatus.UNPACKED
            )
            status = done.value
            if status == "UNPACKED":
                emit_run_completed(ref)
        return status

    @activity.defn
    def skip_attachments(self, failure: DocumentFailure) -> None:
        """Continue without a document's attachments, so that its pages are assessed anyway."""
        unpacking.skip_attachments(ref_of(failure.document_input), failure.detail)

    def _unpack(
        self, original_input: OriginalInput, container: unpacking.ContainerSource, folder: Path, heartbeat: Heartbeat
    ) -> ContainerContents:
        source = download_blob(container.blob_key, folder / "original")
        files = folder / "files"
        files.mkdir()
        options = UnpackOptions(
            container.media_type, depth=container.depth + 1, password=unsealed_password(original_input.sealed)
        )
        found = self._unpacker.unpack(source, files, options)
        wanted = [file for file in found.files if file.part not in container.erased]
        unpacking.check_container_limits(ref_of(original_input.document_input), container, wanted)
        self._admit(original_input.document_input, container, wanted, heartbeat)
        return replace(found, files=tuple(wanted))

    def _admit(
        self,
        document_input: DocumentInput,
        container: unpacking.ContainerSource,
        found: Sequence[UnpackedFile],
        heartbeat: Heartbeat,
    ) -> None:
        for count, file in enumerate(found, 1):
            unpacking.create_contained_document(ref_of(document_input), container, file)
            file.path.unlink(missing_ok=True)
            heartbeat.advance(count)
            stop_if_shutting_down()
