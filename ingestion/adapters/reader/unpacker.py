"""The unpacker: a container goes into a child process, its files come out onto this machine's disk, counted."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ingestion.adapters.reader.page_reader import checked, opened, verdict
from ingestion.adapters.reader.wire import clean
from ingestion.adapters.sandbox.frames import Frame
from ingestion.adapters.sandbox.pool import Child, ChildDied, Nursery
from ingestion.domain.errors import CorruptFile, UnsupportedFile
from ingestion.domain.formats.attachments import Letterhead
from ingestion.domain.formats.containers import LeftOut, Why, check_amount, check_count
from ingestion.domain.ports import Contents, Unpacked, UnpackOptions

_TRIES = 2
_HEAD_BYTES = 4096
_NAME_TO = 4096
_NONSENSE = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(slots=True)
class SandboxedUnpacker:
    """Implements ports.Unpacker. A container that kills two children is given up."""

    nursery: Nursery = field(default_factory=Nursery)

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> Contents:
        """Write the container's files below `folder`; all that can be taken out, or a ReadingError."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._contents(source, folder, options)
            except ChildDied as death:
                if not tries_left or death.spent:
                    raise verdict(death) from death
        raise AssertionError

    def _contents(self, source: Path, folder: Path, options: UnpackOptions) -> Contents:
        child = self.nursery.take()
        try:
            with opened(source) as descriptor:
                child.ask(_request(options), descriptor)
                return _Unloading(child, folder, source.stat().st_size, options).contents()
        finally:
            self.nursery.retire(child)


def _request(options: UnpackOptions) -> Frame:
    return Frame({
        "kind": "unpack", "media_type": options.media_type, "depth": options.depth, "password": options.password,
        "limits": asdict(options.limits),
    })  # fmt: skip


@dataclass(slots=True)
class _Unloading:
    """Takes files in until the child says that these were all; it is believed in nothing."""

    child: Child
    folder: Path
    packed: int
    options: UnpackOptions
    files: list[Unpacked] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    letterhead: Letterhead | None = None
    last: int = 0
    total: int = 0

    def contents(self) -> Contents:
        """Give everything; raises ChildDied, and ReadingError when there are files and none can be taken out."""
        while (frame := checked(self.child.answer())).kind != "done":
            if frame.kind == "letterhead":
                self.letterhead = _letterhead(frame.head)
                continue
            check_count(len(self.files) + len(self.left_out) + 1, self.options.limits)
            part, name = self._announced(frame.head)
            if frame.kind == "left":
                self.left_out.append(_left_out(part, name, frame.head))
            elif frame.kind == "file":
                self._take(part, name, clean(frame.head.get("type", ""))[:200])
            else:
                raise ChildDied(exhausted=False)
        self._check_result()
        return Contents(tuple(self.files), tuple(self.left_out), self.letterhead)

    def _check_result(self) -> None:
        reasons = {one.why for one in self.left_out}
        if not self.files and Why.DAMAGED in reasons:
            raise CorruptFile("None of its files can be taken out: they are damaged.")
        if not self.files and Why.METHOD in reasons:
            raise UnsupportedFile("Its files are packed in a way that is not read.")

    def _announced(self, head: Mapping[str, Any]) -> tuple[int, str]:
        try:
            part, name = int(head["part"]), clean(head["name"])[:_NAME_TO]
        except _NONSENSE as nonsense:
            raise ChildDied(exhausted=False) from nonsense
        if not self.last < part < 2**31:
            raise ChildDied(exhausted=False)
        self.last = part
        return part, name

    def _take(self, part: int, name: str, declared: str) -> None:
        """Write one file; one that turns out to be damaged is left out."""
        digest, first, size, place = hashlib.sha256(), b"", 0, self.folder / f"part-{part:06d}"
        with place.open("wb") as file:
            while (frame := checked(self.child.answer())).kind == "bytes":
                chunk = _chunk(frame)
                size, self.total = size + len(chunk), self.total + len(chunk)
                check_amount(self.total, self.packed, self.options.limits)
                first += chunk[: _HEAD_BYTES - len(first)]
                file.write(chunk)
                digest.update(chunk)
        if frame.kind == "left":
            place.unlink()
            self.left_out.append(_left_out(part, name, frame.head))
        elif frame.kind == "end":
            self.files.append(Unpacked(part, name, declared, place, size, digest.hexdigest(), first))
        else:
            raise ChildDied(exhausted=False)


def _left_out(part: int, name: str, head: Mapping[str, Any]) -> LeftOut:
    try:
        return LeftOut(part, name, Why(str(head["why"])))
    except _NONSENSE as nonsense:
        raise ChildDied(exhausted=False) from nonsense


def _letterhead(head: Mapping[str, Any]) -> Letterhead:
    try:
        lines = head["lines"]
        return Letterhead(**{one.name: clean(lines[one.name])[:_NAME_TO] for one in fields(Letterhead)})
    except _NONSENSE as nonsense:
        raise ChildDied(exhausted=False) from nonsense


def _chunk(frame: Frame) -> bytes:
    if len(frame.parts) != 1:
        raise ChildDied(exhausted=False)
    return frame.parts[0]
