"""ZIP archives: the directory is judged first, then each entry is inflated by hand and counted.

zipfile reads the directory alone. It would believe the sizes that are written there; here what comes out decides.
"""

import struct
import zipfile
import zlib
from bz2 import BZ2Decompressor
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ingestion.adapters.formats.containers.contained_file import CHUNK, Found, Held
from ingestion.adapters.formats.containers.zip_ciphers import lock_of
from ingestion.domain.errors import (
    CorruptFile,
    EmptyFile,
    NeedsPassword,
    PolicyViolation,
    ReadingError,
    TooLarge,
    UnsupportedFile,
    WrongPassword,
)
from ingestion.domain.formats.containers import (
    ContainerLimits,
    Entry,
    LeftOut,
    Why,
    check_amount,
    check_count,
    check_depth,
    check_directory,
    check_length,
)

_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MAGIC, _END_MAGIC, _FAR_MAGIC, _FAR_PLACE_MAGIC = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_FAR = 0xFFFFFFFF
_TRAILED, _UTF8 = 0x8, 0x800
_LINE_TO = 1024  # bytes of the directory for one entry: names are shorter, and so are the extras of honest tools
_TAIL = 65_557 + 20
_LOOK_INTO_TO = 64 * 2**20
_STORED, _DEFLATED, _BZIPPED = 0, 8, 12
_TRIED = 20  # files on which a password is tried before it counts as wrong


@dataclass(slots=True)
class Archive:
    """An open archive whose directory has been judged; raises ReadingError subclasses at once."""

    file: BinaryIO
    limits: ContainerLimits
    password: str | None = field(default=None, repr=False)
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
        """Give place, line and entry of each file."""
        for place, (info, entry) in enumerate(self.lines, 1):
            if not entry.is_folder:
                yield place, info, entry

    def unlock(self) -> None:
        """Try the password where one is needed; raises NeedsPassword or WrongPassword."""
        keyed = [(info, entry) for _, info, entry in self.files() if entry.is_keyed]
        if keyed and self.password is None:
            raise NeedsPassword("This archive is encrypted: its password is needed.")
        if keyed and not any(self.opens(info, entry) for info, entry in keyed[:_TRIED]):
            raise WrongPassword("The password does not open this archive.")

    def opens(self, info: zipfile.ZipInfo, entry: Entry) -> bool:
        """Say whether the password opens an encrypted file; what is damaged or unknown is found out later."""
        try:
            return lock_of(info).opens(self._packed(info, entry), self.password or "")
        except (UnsupportedFile, CorruptFile):
            return True

    def chunks(self, info: zipfile.ZipInfo, entry: Entry) -> Iterator[bytes]:
        """Unpack one entry; raises PolicyViolation, CorruptFile, UnsupportedFile, or NeedsPassword."""
        packed = self._packed(info, entry)
        if not entry.is_keyed:
            yield from _checked(_unpacked(packed, info.compress_type), entry, info.CRC)
            return
        if self.password is None:
            raise NeedsPassword("This archive is encrypted: its password is needed.")
        lock = lock_of(info)
        clear = lock.opened(packed, self.password)
        try:
            yield from _checked(_unpacked(clear, lock.method), entry, info.CRC if lock.has_checksum else None)
            deque(clear, maxlen=0)  # to its end, where the code is
        except (CorruptFile, PolicyViolation) as wrong:
            if lock.is_weak:
                raise WrongPassword("The password does not open this archive.") from wrong
            raise

    def why_left_out(self, info: zipfile.ZipInfo, entry: Entry) -> Why | None:
        """Say why a file is no document, before a byte of it is unpacked; None when it is one."""
        if entry.is_litter:
            return Why.LITTER
        return Why.LOCKED if entry.is_keyed and not self.opens(info, entry) else None

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


def open_zip(path: Path, depth: int, limits: ContainerLimits, password: str | None = None) -> Iterator[Found]:
    """Give an archive's files; raises ReadingError before the first for what its directory, or one in it, says.

    `depth` counts the containers around it, itself included.
    """
    with path.open("rb") as file:
        archive = Archive(file, limits, password)
        check_directory([entry for _, entry in archive.lines], archive.size, limits)
        check_depth(depth, limits)
        archive.unlock()
        _Survey(archive.size, limits).look(archive, depth)
        files = list(archive.files())
        if all(entry.is_litter for _, _, entry in files):
            raise EmptyFile("This archive holds no file.")
        for place, info, entry in files:
            why = archive.why_left_out(info, entry)
            yield (
                LeftOut(place, entry.name, why)
                if why
                else Held(place, entry.name, "", archive.chunks(info, entry))
            )


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
            if entry.is_litter:
                continue
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


def _checked(chunks: Iterator[bytes], entry: Entry, checksum: int | None) -> Iterator[bytes]:
    """Hand on what is unpacked, counted and summed up; raises PolicyViolation or CorruptFile."""
    count, found = 0, 0
    for chunk in chunks:
        count += len(chunk)
        check_length(count, entry, ended=False)
        found = zlib.crc32(chunk, found)
        yield chunk
    check_length(count, entry, ended=True)
    if checksum not in (None, found):
        raise CorruptFile("A file in this archive is damaged.")


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
