"""ZIP archives: the directory is judged first, then each entry is inflated by hand and counted.

zipfile reads the directory alone. It would believe the sizes that are written there; here what comes out decides.
"""

import struct
import zipfile
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ingestion.adapters.containers.held import CHUNK, Held
from ingestion.domain.containers import (
    ContainerLimits,
    Entry,
    check_amount,
    check_count,
    check_depth,
    check_directory,
    check_length,
)
from ingestion.domain.errors import (
    CorruptFile,
    EmptyFile,
    PolicyViolation,
    ReadingError,
    TooLarge,
    UnsupportedFile,
)

_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MAGIC, _END_MAGIC, _FAR_MAGIC, _FAR_PLACE_MAGIC = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_FAR = 0xFFFFFFFF
_TRAILED, _UTF8 = 0x8, 0x800
_LINE_TO = 1024  # bytes of the directory for one entry: names are shorter, and so are the extras of honest tools
_TAIL = 65_557 + 20
_LOOK_INTO_TO = 64 * 2**20
_STORED, _DEFLATED, _BZIPPED = 0, 8, 12


@dataclass(slots=True)
class Archive:
    """An open archive whose directory has been judged; raises ReadingError subclasses at once."""

    file: BinaryIO
    limits: ContainerLimits
    size: int = 0
    lines: list[tuple[zipfile.ZipInfo, Entry]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the directory."""
        self.size = self.file.seek(0, 2)
        _check_directory_size(self.file, self.size, self.limits)
        try:
            with zipfile.ZipFile(self.file) as known:
                self.lines = [(info, _entry(info)) for info in known.infolist()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError) as broken:
            raise CorruptFile("This archive is damaged.") from broken

    def files(self) -> Iterator[tuple[int, zipfile.ZipInfo, Entry]]:
        """Give place, line and entry of each file that is more than litter."""
        for place, (info, entry) in enumerate(self.lines, 1):
            if not entry.is_folder and not entry.is_litter:
                yield place, info, entry

    def chunks(self, info: zipfile.ZipInfo, entry: Entry) -> Iterator[bytes]:
        """Unpack one entry; raises PolicyViolation, CorruptFile or UnsupportedFile."""
        count, check = 0, 0
        for chunk in _unpacked(self._packed(info, entry), info.compress_type):
            count += len(chunk)
            check_length(count, entry, ended=False)
            check = zlib.crc32(chunk, check)
            yield chunk
        check_length(count, entry, ended=True)
        if check != info.CRC:
            raise CorruptFile("A file in this archive is damaged.")

    def _packed(self, info: zipfile.ZipInfo, entry: Entry) -> Iterator[bytes]:
        self.file.seek(info.header_offset)
        head = self.file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(_LOCAL_MAGIC):
            raise CorruptFile("This archive is damaged.")
        _, _, flags, _, _, _, _, packed, size, name, extra = _LOCAL.unpack(head)
        if not flags & _TRAILED and _FAR not in (packed, size) and (packed, size) != (entry.packed, entry.size):
            raise PolicyViolation("A file in it is of another size than its directory says.")
        at, left = info.header_offset + _LOCAL.size + name + extra, entry.packed
        while left:
            self.file.seek(at)
            chunk = self.file.read(min(left, CHUNK))
            if not chunk:
                raise CorruptFile("This archive ends early.")
            at, left = at + len(chunk), left - len(chunk)
            yield chunk


def open_zip(path: Path, depth: int, limits: ContainerLimits) -> Iterator[Held]:
    """Give an archive's files; raises ReadingError before the first for what its directory, or one in it, says.

    `depth` counts the containers around it, itself included.
    """
    with path.open("rb") as file:
        archive = Archive(file, limits)
        check_directory([entry for _, entry in archive.lines], archive.size, limits)
        check_depth(depth, limits)
        _Survey(archive.size, limits).look(archive, depth)
        files = list(archive.files())
        if not files:
            raise EmptyFile("This archive holds no file.")
        for place, info, entry in files:
            yield Held(place, entry.name, "", archive.chunks(info, entry))


@dataclass(slots=True)
class _Survey:
    """Looks ahead into archives within the archive, so that a nested bomb is refused before its first layer."""

    packed: int
    limits: ContainerLimits
    entries: int = 0
    bytes: int = 0

    def look(self, archive: Archive, depth: int) -> None:
        self.entries += len(archive.lines)
        self.bytes += sum(entry.size for _, entry in archive.lines)
        check_count(self.entries, self.limits)
        check_amount(self.bytes, self.packed, self.limits)
        for _, info, entry in archive.files():
            inner = _inner(archive, info, entry, self.limits) if entry.size <= _LOOK_INTO_TO else None
            if inner is not None:
                check_depth(depth + 1, self.limits)
                self.look(inner, depth + 1)


def _inner(archive: Archive, info: zipfile.ZipInfo, entry: Entry, limits: ContainerLimits) -> Archive | None:
    """Open an entry that is an archive itself; what is wrong with it is said when it is a document of its own."""
    try:
        chunks = archive.chunks(info, entry)
        first = next(chunks, b"")
        if not first.startswith(_LOCAL_MAGIC) or _is_office(first):
            return None
        return Archive(BytesIO(first + b"".join(chunks)), limits)
    except TooLarge:
        raise
    except ReadingError:
        return None


def _is_office(head: bytes) -> bool:
    return any(mark in head[:4096] for mark in (b"[Content_Types].xml", b"_rels/", b"mimetypeapplication/"))


def _entry(info: zipfile.ZipInfo) -> Entry:
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")  # many tools write UTF-8 and forget to say so
        except UnicodeError:
            name = info.filename
    end = info.header_offset + _LOCAL.size + len(info.orig_filename) + info.compress_size
    mode = info.external_attr >> 16
    return Entry(name, info.file_size, info.compress_size, info.header_offset, end, info.flag_bits, mode)


def _check_directory_size(file: BinaryIO, size: int, limits: ContainerLimits) -> None:
    """Refuse a directory that is too long before anything reads it; raises TooLarge or CorruptFile."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) < at + 22:
        raise CorruptFile("This archive has no directory.")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length == _FAR and tail[at - 20 : at - 16] == _FAR_PLACE_MAGIC:
        file.seek(int.from_bytes(tail[at - 12 : at - 4], "little") if at >= 20 else 0)
        far = file.read(56)
        length = int.from_bytes(far[40:48], "little") if far.startswith(_FAR_MAGIC) else length
    if length > limits.entries * _LINE_TO:
        raise TooLarge(f"It holds more than {limits.entries:,} files.")


def _unpacked(packed: Iterator[bytes], method: int) -> Iterator[bytes]:
    if method == _STORED:
        yield from packed
    elif method == _DEFLATED:
        yield from _inflated(packed)
    elif method == _BZIPPED:
        yield from _bunzipped(packed)
    else:
        raise UnsupportedFile(f"A file in this archive is packed in a way that is not read (method {method}).")


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in packed:
            while (out := engine.decompress(chunk, CHUNK)) or engine.unconsumed_tail:
                yield out
                chunk = engine.unconsumed_tail  # noqa: PLW2901 - what the engine has not eaten is fed again
            if engine.eof:
                return
    except zlib.error as broken:
        raise CorruptFile("A file in this archive is damaged.") from broken


def _bunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = BZ2Decompressor()
    try:
        for chunk in packed:
            if engine.eof:
                return
            yield engine.decompress(chunk, CHUNK)
            while not engine.needs_input and not engine.eof:
                yield engine.decompress(b"", CHUNK)
    except OSError as broken:
        raise CorruptFile("A file in this archive is damaged.") from broken
