"""The unpacker: a container goes into a child process, its files come out onto this machine's disk, counted."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingestion.adapters.child.frames import Frame
from ingestion.adapters.child.wire import clean
from ingestion.adapters.nursery import Child, ChildDied, Nursery
from ingestion.adapters.reader import checked, opened, verdict
from ingestion.domain.containers import check_amount, check_count
from ingestion.domain.ports import Unpacked, UnpackOptions

_TRIES = 2
_HEAD_BYTES = 4096
_NAME_TO = 4096


@dataclass(slots=True)
class SandboxedUnpacker:
    """Implements ports.Unpacker. A container that kills two children is given up."""

    nursery: Nursery = field(default_factory=Nursery)

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> tuple[Unpacked, ...]:
        """Write the container's files below `folder`; all of them, or a ReadingError."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return tuple(self._files(source, folder, options))
            except ChildDied as death:
                if not tries_left:
                    raise verdict(death) from death
        raise AssertionError

    def _files(self, source: Path, folder: Path, options: UnpackOptions) -> Iterator[Unpacked]:
        child = self.nursery.take()
        try:
            with opened(source) as descriptor:
                child.ask(_request(options), descriptor)
                yield from _received(child, folder, source.stat().st_size, options)
        finally:
            self.nursery.retire(child)


def _request(options: UnpackOptions) -> Frame:
    return Frame({
        "kind": "unpack", "media_type": options.media_type, "depth": options.depth, "password": options.password,
        "limits": asdict(options.limits),
    })  # fmt: skip


def _received(child: Child, folder: Path, packed: int, options: UnpackOptions) -> Iterator[Unpacked]:
    """Take files in until the child says that these were all; it is believed in nothing."""
    frame, total, before = checked(child.answer()), 0, 0
    for count in range(1, options.limits.entries + 2):
        if frame.kind == "done":
            return
        check_count(count, options.limits)
        part, name, declared = _announced(frame, before)
        digest, head, size, place = hashlib.sha256(), b"", 0, folder / f"part-{part:06d}"
        with place.open("wb") as file:
            while (frame := checked(child.answer())).kind == "bytes":
                chunk = _chunk(frame)
                size, total = size + len(chunk), total + len(chunk)
                check_amount(total, packed, options.limits)
                head += chunk[: _HEAD_BYTES - len(head)]
                file.write(chunk)
                digest.update(chunk)
        before = part
        yield Unpacked(part, name, declared, place, size, digest.hexdigest(), head)


def _announced(frame: Frame, before: int) -> tuple[int, str, str]:
    try:
        part, name, declared = int(frame.head["part"]), str(frame.head["name"]), str(frame.head["type"])
    except (KeyError, TypeError, ValueError) as nonsense:
        raise ChildDied(exhausted=False) from nonsense
    if frame.kind != "file" or not before < part < 2**31:
        raise ChildDied(exhausted=False)
    return part, clean(name)[:_NAME_TO], clean(declared)[:200]


def _chunk(frame: Frame) -> bytes:
    if len(frame.parts) != 1:
        raise ChildDied(exhausted=False)
    return frame.parts[0]
