"""Unpacker: a container goes into a child process, its files are written to local disk, within limits."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ingestion.adapters.reader.page_reader import error_for_death, open_descriptor, raise_if_failed
from ingestion.adapters.reader.wire import checked_int, clean_text
from ingestion.adapters.sandbox.frames import Frame
from ingestion.adapters.sandbox.limits import BACKGROUND_NICENESS
from ingestion.adapters.sandbox.pool import SandboxDied, SandboxPool, SandboxProcess
from ingestion.domain.errors import CorruptFile, UnsupportedFile
from ingestion.domain.formats.attachments import MailHeaders
from ingestion.domain.formats.containers import SkippedFile, SkipReason, check_entry_count, check_unpacked_size
from ingestion.domain.ports import ContainerContents, UnpackedFile, UnpackOptions

_TRIES = 2
_HEAD_BYTES = 4096
_NAME_TO = 4096
_INVALID_ERRORS = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(slots=True)
class SandboxedUnpacker:
    """Implementation of ports.Unpacker. A container that kills two children is refused."""

    pool: SandboxPool = field(default_factory=SandboxPool)

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> ContainerContents:
        """Write the container's files below `folder`; returns all that can be extracted, or raises a ReadingError."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._contents(source, folder, options)
            except SandboxDied as death:
                if not tries_left or death.cpu_exhausted:
                    raise error_for_death(death) from death
        raise AssertionError

    def _contents(self, source: Path, folder: Path, options: UnpackOptions) -> ContainerContents:
        child = self.pool.acquire()
        try:
            with open_descriptor(source) as descriptor:
                child.send_request(_request(options), descriptor)
                return _UnpackingSession(child, folder, source.stat().st_size, options).contents()
        finally:
            self.pool.release(child)


def _request(options: UnpackOptions) -> Frame:
    return Frame(
        {
            "kind": "unpack",
            "niceness": BACKGROUND_NICENESS,
            "media_type": options.media_type,
            "depth": options.depth,
            "password": options.password,
            "limits": asdict(options.limits),
        }
    )


@dataclass(slots=True)
class _UnpackingSession:
    """Receives files until the child reports the end; nothing that the child sends is trusted."""

    child: SandboxProcess
    folder: Path
    packed: int
    options: UnpackOptions
    files: list[UnpackedFile] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    mail_headers: MailHeaders | None = None
    last: int = 0
    total: int = 0

    def contents(self) -> ContainerContents:
        """Return all files; raises SandboxDied, and ReadingError if no file of the container can be extracted."""
        while (frame := raise_if_failed(self.child.receive_frame())).kind != "done":
            if frame.kind == "mail_headers":
                self.mail_headers = _mail_headers(frame.head)
                continue
            check_entry_count(len(self.files) + len(self.skipped) + 1, self.options.limits)
            part, name = self._next_part(frame.head)
            if frame.kind == "skipped":
                self.skipped.append(_skipped_file(part, name, frame.head))
            elif frame.kind == "file":
                self._write_file(part, name, clean_text(frame.head.get("type", ""))[:200])
            else:
                raise SandboxDied(exhausted=False)
        self._check_result()
        return ContainerContents(tuple(self.files), tuple(self.skipped), self.mail_headers)

    def _check_result(self) -> None:
        reasons = {one.reason for one in self.skipped}
        if not self.files and SkipReason.DAMAGED in reasons:
            raise CorruptFile("None of its files can be extracted: they are damaged.")
        if not self.files and SkipReason.METHOD in reasons:
            raise UnsupportedFile("Its files are compressed with an unsupported method.")

    def _next_part(self, head: Mapping[str, Any]) -> tuple[int, str]:
        try:
            part, name = checked_int(head["part"]), clean_text(head["name"])[:_NAME_TO]
        except _INVALID_ERRORS as nonsense:
            raise SandboxDied(exhausted=False) from nonsense
        if not self.last < part < 2**31:
            raise SandboxDied(exhausted=False)
        self.last = part
        return part, name

    def _write_file(self, part: int, name: str, declared: str) -> None:
        """Write one file; one that turns out to be damaged is skipped."""
        digest, first, size, place = hashlib.sha256(), b"", 0, self.folder / f"part-{part:06d}"
        with place.open("wb") as file:
            while (frame := raise_if_failed(self.child.receive_frame())).kind == "bytes":
                chunk = _chunk(frame)
                size, self.total = size + len(chunk), self.total + len(chunk)
                check_unpacked_size(self.total, self.packed, self.options.limits)
                first += chunk[: _HEAD_BYTES - len(first)]
                file.write(chunk)
                digest.update(chunk)
        if frame.kind == "skipped":
            place.unlink()
            self.skipped.append(_skipped_file(part, name, frame.head))
        elif frame.kind == "end":
            self.files.append(UnpackedFile(part, name, declared, place, size, digest.hexdigest(), first))
        else:
            raise SandboxDied(exhausted=False)


def _skipped_file(part: int, name: str, head: Mapping[str, Any]) -> SkippedFile:
    try:
        return SkippedFile(part, name, SkipReason(str(head["why"])))
    except _INVALID_ERRORS as nonsense:
        raise SandboxDied(exhausted=False) from nonsense


def _mail_headers(head: Mapping[str, Any]) -> MailHeaders:
    try:
        headers = head["headers"]
        return MailHeaders(**{one.name: clean_text(headers[one.name])[:_NAME_TO] for one in fields(MailHeaders)})
    except _INVALID_ERRORS as nonsense:
        raise SandboxDied(exhausted=False) from nonsense


def _chunk(frame: Frame) -> bytes:
    if len(frame.parts) != 1:
        raise SandboxDied(exhausted=False)
    return frame.parts[0]
