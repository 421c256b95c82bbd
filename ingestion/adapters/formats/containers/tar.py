"""TAR archives, read in one pass: only requested files are written, and all bytes are counted.

A TAR has no directory: its contents are known only after it has been read. So each header is checked as it comes,
and the result is valid only after the end.
"""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from ingestion.adapters.formats.containers.contained_file import CONTAINER_CHUNK_BYTES, ContainerFile, ContainerItem
from ingestion.domain.errors import CorruptFile, EmptyFile, PolicyViolation
from ingestion.domain.formats import containers
from ingestion.domain.formats.entries.archives import TGZ

_BROKEN = (tarfile.TarError, EOFError, OSError, ValueError, OverflowError, zlib.error)
_NOTHING = bytes(tarfile.BLOCKSIZE)


class _StrictTarInfo(tarfile.TarInfo):
    """Header that is accepted or refused: tarfile would treat a broken one as the archive's end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read the header; raises CorruptFile."""
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as broken:
            if buf and bytes(buf) != _NOTHING:
                raise CorruptFile("This archive is damaged.") from broken
            raise


@dataclass(slots=True)
class _CountedTarStream:
    """Unpacked bytes of the archive, counted against its size in the file."""

    file: IO[bytes]
    packed: int
    limits: containers.ContainerLimits
    count: int = 0
    broken: bool = False  # nothing after it can be found

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes; raises TooLarge or PolicyViolation."""
        found = self.file.read(size)
        self.count += len(found)
        containers.check_unpacked_size(self.count, self.packed, self.limits)
        return found


def open_tar(path: Path, media_type: str, depth: int, limits: containers.ContainerLimits) -> Iterator[ContainerItem]:
    """Yield an archive's files; raises ReadingError subclasses, also between files, for a suspect archive.

    `depth` counts the containers around it, itself included.
    """
    containers.check_nesting_depth(depth, limits)
    packed = path.stat().st_size
    with path.open("rb") as raw:
        file: IO[bytes] = gzip.GzipFile(fileobj=raw) if media_type == TGZ else raw  # type: ignore[assignment]  # reads
        found = False
        for item in _members(_CountedTarStream(file, packed, limits), limits):
            found = found or isinstance(item, ContainerFile) or item.reason is not containers.SkipReason.LITTER
            yield item
    if not found:
        raise EmptyFile("This archive holds no file.")


def _members(
    file: _CountedTarStream, limits: containers.ContainerLimits
) -> Iterator[ContainerFile | containers.SkippedFile]:
    try:
        with tarfile.open(fileobj=file, mode="r|", tarinfo=_StrictTarInfo) as archive:  # type: ignore[call-overload]  # reads
            for place, info in enumerate(archive, 1):
                containers.check_entry_count(place, limits)
                item = _member_item(archive, info, place, file)
                if item:
                    yield item
                if file.broken:
                    raise CorruptFile("This archive is damaged.")
    except _BROKEN as broken:
        raise CorruptFile("This archive is damaged.") from broken


def _member_item(
    archive: tarfile.TarFile, info: tarfile.TarInfo, place: int, file: _CountedTarStream
) -> ContainerFile | containers.SkippedFile | None:
    """Return a member as an item, None for a folder; raises TooLarge or PolicyViolation."""
    name = _decoded_name(info.name)
    entry = containers.ArchiveEntry(name, info.size, info.size, 0, 0)
    containers.check_entry(entry, file.limits)
    if info.issym() or info.islnk():
        raise PolicyViolation("It contains links to other places.")
    if info.isdir():
        return None
    if info.isdev():
        raise PolicyViolation("It contains a device or a pipe instead of a file.")
    if info.issparse() or not info.isreg():
        return containers.SkippedFile(place, name, containers.SkipReason.METHOD)
    if entry.is_system_file:
        return containers.SkippedFile(place, name, containers.SkipReason.LITTER)
    return ContainerFile(place, name, "", _chunks(archive, info, file))


def _decoded_name(name: str) -> str:
    """Decode a name that is not UTF-8 as Latin letters: old archives use their machine's encoding."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return name


def _chunks(archive: tarfile.TarFile, info: tarfile.TarInfo, file: _CountedTarStream) -> Iterator[bytes]:
    """Yield a member's bytes; raises ReadingError subclasses."""
    member = archive.extractfile(info)
    try:
        while member and (chunk := member.read(CONTAINER_CHUNK_BYTES)):
            yield chunk
    except _BROKEN as broken:
        file.broken = True
        raise CorruptFile("This archive is damaged.") from broken
