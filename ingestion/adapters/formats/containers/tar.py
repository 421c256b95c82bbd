"""TAR archives, read from one end to the other: nothing is written but what is handed on, and all is counted.

A TAR has no directory: what it holds is known once it was walked. So each header is judged as it comes, and
whoever unpacks it believes nothing before the end.
"""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from ingestion.adapters.formats.containers.contained_file import CHUNK, Found, Held
from ingestion.domain.errors import CorruptFile, EmptyFile, PolicyViolation
from ingestion.domain.formats.containers import (
    ContainerLimits,
    Entry,
    LeftOut,
    Why,
    check_amount,
    check_count,
    check_depth,
    check_entry,
)
from ingestion.domain.formats.tar import TGZ

_BROKEN = (tarfile.TarError, EOFError, OSError, ValueError, OverflowError, zlib.error)
_NOTHING = bytes(tarfile.BLOCKSIZE)


class _Header(tarfile.TarInfo):
    """A header that is believed or refused: tarfile would take a broken one for the archive's end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read it; raises CorruptFile."""
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as broken:
            if buf and bytes(buf) != _NOTHING:
                raise CorruptFile("This archive is damaged.") from broken
            raise


@dataclass(slots=True)
class _Counted:
    """The archive's bytes as they are unpacked, counted against its size in the file."""

    file: IO[bytes]
    packed: int
    limits: ContainerLimits
    count: int = 0
    broken: bool = False  # behind that nothing else can be found

    def read(self, size: int) -> bytes:
        """Give at most so many bytes; raises TooLarge or PolicyViolation."""
        found = self.file.read(size)
        self.count += len(found)
        check_amount(self.count, self.packed, self.limits)
        return found


def open_tar(path: Path, media_type: str, depth: int, limits: ContainerLimits) -> Iterator[Found]:
    """Give an archive's files; raises ReadingError subclasses, also in between, for what makes all of it suspect.

    `depth` counts the containers around it, itself included.
    """
    check_depth(depth, limits)
    packed = path.stat().st_size
    with path.open("rb") as raw:
        file: IO[bytes] = gzip.GzipFile(fileobj=raw) if media_type == TGZ else raw  # type: ignore[assignment]  # reads
        found = False
        for told in _members(_Counted(file, packed, limits), limits):
            found = found or isinstance(told, Held) or told.why is not Why.LITTER
            yield told
    if not found:
        raise EmptyFile("This archive holds no file.")


def _members(file: _Counted, limits: ContainerLimits) -> Iterator[Held | LeftOut]:
    try:
        with tarfile.open(fileobj=file, mode="r|", tarinfo=_Header) as archive:  # type: ignore[call-overload]  # reads
            for place, info in enumerate(archive, 1):
                check_count(place, limits)
                told = _told(archive, info, place, file)
                if told:
                    yield told
                if file.broken:
                    raise CorruptFile("This archive is damaged.")
    except _BROKEN as broken:
        raise CorruptFile("This archive is damaged.") from broken


def _told(archive: tarfile.TarFile, info: tarfile.TarInfo, place: int, file: _Counted) -> Held | LeftOut | None:
    """Give a member as it is handed on, None for a folder; raises TooLarge or PolicyViolation."""
    name = _in_letters(info.name)
    entry = Entry(name, info.size, info.size, 0, 0)
    check_entry(entry, file.limits)
    if info.issym() or info.islnk():
        raise PolicyViolation("It holds links to other places.")
    if info.isdir():
        return None
    if info.isdev():
        raise PolicyViolation("It holds what is no file: a device or a pipe.")
    if info.issparse() or not info.isreg():
        return LeftOut(place, name, Why.METHOD)
    if entry.is_litter:
        return LeftOut(place, name, Why.LITTER)
    return Held(place, name, "", _chunks(archive, info, file))


def _in_letters(name: str) -> str:
    """Give a name that is no UTF-8 as one of Latin letters: old archives write what their machine did."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return name


def _chunks(archive: tarfile.TarFile, info: tarfile.TarInfo, file: _Counted) -> Iterator[bytes]:
    """Give a member's bytes; raises ReadingError subclasses."""
    member = archive.extractfile(info)
    try:
        while member and (chunk := member.read(CHUNK)):
            yield chunk
    except _BROKEN as broken:
        file.broken = True
        raise CorruptFile("This archive is damaged.") from broken
