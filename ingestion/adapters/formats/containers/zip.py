"""ZIP archives: the directory is checked first, then each entry is inflated here and counted.

zipfile only reads the directory. It would trust the sizes in it; here the unpacked bytes decide.
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

from ingestion.adapters.formats.containers.contained_file import CONTAINER_CHUNK_BYTES, ContainerFile, ContainerItem
from ingestion.adapters.formats.containers.zip_ciphers import encryption_of
from ingestion.domain import errors
from ingestion.domain.formats import containers
from ingestion.domain.formats.signatures import ZIP_ENTRY

_LOCAL = struct.Struct("<4s5H3I2H")
_END_MAGIC, _ZIP64_END_MAGIC, _ZIP64_LOCATOR_MAGIC = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ZIP64_MARK = 0xFFFFFFFF
_TRAILED, _UTF8 = 0x8, 0x800
_MAX_ENTRY_BYTES = (
    1024  # bytes of the directory for one entry: names are shorter, and so are the extra fields of regular tools
)
_TAIL = 65_557 + 20
_MAX_INSPECTED_BYTES = 64 * 2**20
_STORED, _DEFLATED, _BZIPPED = 0, 8, 12
_PASSWORD_SAMPLES = 20  # files on which a password is tried before it counts as wrong


@dataclass(slots=True)
class ZipArchive:
    """Open archive with a checked directory; raises ReadingError subclasses on creation."""

    file: BinaryIO
    limits: containers.ContainerLimits
    password: str | None = field(default=None, repr=False)
    size: int = 0
    entries: list[tuple[zipfile.ZipInfo, containers.ArchiveEntry]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the directory."""
        self.size = self.file.seek(0, 2)
        _check_directory_size(self.file, self.size, self.limits)
        try:
            with zipfile.ZipFile(self.file) as known:
                self.entries = [(info, _entry(info)) for info in known.infolist()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError) as broken:
            raise errors.CorruptFile("This archive is damaged.") from broken

    def files(self) -> Iterator[tuple[int, zipfile.ZipInfo, containers.ArchiveEntry]]:
        """Yield position, directory record and entry of each file."""
        for place, (info, entry) in enumerate(self.entries, 1):
            if not entry.is_folder:
                yield place, info, entry

    def unlock(self) -> None:
        """Check the password if one is needed; raises NeedsPassword or WrongPassword."""
        encrypted = [(info, entry) for _, info, entry in self.files() if entry.is_encrypted]
        if encrypted and self.password is None:
            raise errors.NeedsPassword("This archive is encrypted: its password is needed.")
        if encrypted and not any(self.password_opens(info, entry) for info, entry in encrypted[:_PASSWORD_SAMPLES]):
            raise errors.WrongPassword("The password does not open this archive.")

    def password_opens(self, info: zipfile.ZipInfo, entry: containers.ArchiveEntry) -> bool:
        """Return whether the password opens an encrypted file; damaged or unknown files are detected later."""
        try:
            return encryption_of(info).accepts(self._packed(info, entry), self.password or "")
        except (errors.UnsupportedFile, errors.CorruptFile):
            return True

    def chunks(self, info: zipfile.ZipInfo, entry: containers.ArchiveEntry) -> Iterator[bytes]:
        """Unpack one entry; raises PolicyViolation, CorruptFile, UnsupportedFile, or NeedsPassword."""
        packed = self._packed(info, entry)
        if not entry.is_encrypted:
            yield from _checked(_unpacked(packed, info.compress_type), entry, info.CRC)
            return
        if self.password is None:
            raise errors.NeedsPassword("This archive is encrypted: its password is needed.")
        encryption = encryption_of(info)
        clear = encryption.decrypted(packed, self.password)
        try:
            yield from _checked(
                _unpacked(clear, encryption.method), entry, info.CRC if encryption.has_checksum else None
            )
            deque(clear, maxlen=0)  # to its end, where the authentication code is
        except (errors.CorruptFile, errors.PolicyViolation) as wrong:
            if encryption.is_weak:
                raise errors.WrongPassword("The password does not open this archive.") from wrong
            raise

    def skip_reason(self, info: zipfile.ZipInfo, entry: containers.ArchiveEntry) -> containers.SkipReason | None:
        """Return why a file is not a document, before a byte of it is unpacked; None if it is one."""
        if entry.is_system_file:
            return containers.SkipReason.LITTER
        return containers.SkipReason.LOCKED if entry.is_encrypted and not self.password_opens(info, entry) else None

    def _packed(self, info: zipfile.ZipInfo, entry: containers.ArchiveEntry) -> Iterator[bytes]:
        self.file.seek(info.header_offset)
        head = self.file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(ZIP_ENTRY):
            raise errors.CorruptFile("This archive is damaged.")
        _, _, flags, _, _, _, _, packed, size, name, extra = _LOCAL.unpack(head)
        if (
            not flags & _TRAILED
            and _ZIP64_MARK not in (packed, size)
            and (packed, size) != (entry.compressed_size, entry.size)
        ):
            raise errors.PolicyViolation("A file in it does not have the size that its directory says.")
        at, left = info.header_offset + _LOCAL.size + name + extra, entry.compressed_size
        while left:
            self.file.seek(at)
            chunk = self.file.read(min(left, CONTAINER_CHUNK_BYTES))
            if not chunk:
                raise errors.CorruptFile("This archive ends early.")
            at, left = at + len(chunk), left - len(chunk)
            yield chunk


def open_zip(
    path: Path, depth: int, limits: containers.ContainerLimits, password: str | None = None
) -> Iterator[ContainerItem]:
    """Yield an archive's files; raises ReadingError before the first for faults in its or a nested directory.

    `depth` counts the containers around it, itself included.
    """
    with path.open("rb") as file:
        archive = ZipArchive(file, limits, password)
        containers.check_archive_directory([entry for _, entry in archive.entries], archive.size, limits)
        containers.check_nesting_depth(depth, limits)
        archive.unlock()
        _NestingCheck(archive.size, limits).inspect(archive, depth)
        files = list(archive.files())
        if all(entry.is_system_file for _, _, entry in files):
            raise errors.EmptyFile("This archive holds no file.")
        for place, info, entry in files:
            why = archive.skip_reason(info, entry)
            yield (
                containers.SkippedFile(place, entry.name, why)
                if why
                else ContainerFile(place, entry.name, "", archive.chunks(info, entry))
            )


@dataclass(slots=True)
class _NestingCheck:
    """Checks archives within the archive in advance, so that a nested bomb is refused before its first layer."""

    packed: int
    limits: containers.ContainerLimits
    entries: int = 0
    bytes: int = 0

    def inspect(self, archive: ZipArchive, depth: int) -> None:
        self.entries += len(archive.entries)
        self.bytes += sum(entry.size for _, entry in archive.entries)
        containers.check_entry_count(self.entries, self.limits)
        containers.check_unpacked_size(self.bytes, self.packed, self.limits)
        for _, info, entry in archive.files():
            if entry.is_system_file:
                continue
            inner = _nested_archive(archive, info, entry, self.limits) if entry.size <= _MAX_INSPECTED_BYTES else None
            if inner is not None:
                containers.check_nesting_depth(depth + 1, self.limits)
                self.inspect(inner, depth + 1)


def _nested_archive(
    archive: ZipArchive, info: zipfile.ZipInfo, entry: containers.ArchiveEntry, limits: containers.ContainerLimits
) -> ZipArchive | None:
    """Open an entry that is an archive; its faults are reported when it is processed as a document."""
    try:
        chunks = archive.chunks(info, entry)
        first = next(chunks, b"")
        if not first.startswith(ZIP_ENTRY) or _is_office(first):
            return None
        return ZipArchive(BytesIO(first + b"".join(chunks)), limits)
    except errors.TooLarge:
        raise
    except errors.ReadingError:
        return None


def _is_office(head: bytes) -> bool:
    return any(mark in head[:4096] for mark in (b"[Content_Types].xml", b"_rels/", b"mimetypeapplication/"))


def _entry(info: zipfile.ZipInfo) -> containers.ArchiveEntry:
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")  # many tools write UTF-8 without the flag for it
        except UnicodeError:
            name = info.filename
    end = info.header_offset + _LOCAL.size + len(info.orig_filename) + info.compress_size
    mode = info.external_attr >> 16
    return containers.ArchiveEntry(
        name, info.file_size, info.compress_size, info.header_offset, end, info.flag_bits, mode
    )


def _check_directory_size(file: BinaryIO, size: int, limits: containers.ContainerLimits) -> None:
    """Refuse a directory that is too long before it is read; raises TooLarge or CorruptFile."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) < at + 22:
        raise errors.CorruptFile("This archive has no directory.")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length == _ZIP64_MARK and tail[at - 20 : at - 16] == _ZIP64_LOCATOR_MAGIC:
        file.seek(int.from_bytes(tail[at - 12 : at - 4], "little") if at >= 20 else 0)
        far = file.read(56)
        length = int.from_bytes(far[40:48], "little") if far.startswith(_ZIP64_END_MAGIC) else length
    if length > limits.entries * _MAX_ENTRY_BYTES:
        raise errors.TooLarge(f"It holds more than {limits.entries:,} files.")


def _checked(chunks: Iterator[bytes], entry: containers.ArchiveEntry, checksum: int | None) -> Iterator[bytes]:
    """Yield unpacked chunks, counted and with checksum; raises PolicyViolation or CorruptFile."""
    count, found = 0, 0
    for chunk in chunks:
        count += len(chunk)
        containers.check_entry_size(count, entry, ended=False)
        found = zlib.crc32(chunk, found)
        yield chunk
    containers.check_entry_size(count, entry, ended=True)
    if checksum not in (None, found):
        raise errors.CorruptFile("A file in this archive is damaged.")


def _unpacked(packed: Iterator[bytes], method: int) -> Iterator[bytes]:
    if method == _STORED:
        yield from packed
    elif method == _DEFLATED:
        yield from _inflated(packed)
    elif method == _BZIPPED:
        yield from _bunzipped(packed)
    else:
        raise errors.UnsupportedFile(
            f"A file in this archive is compressed with an unsupported method (method {method})."
        )


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in packed:
            while (out := engine.decompress(chunk, CONTAINER_CHUNK_BYTES)) or engine.unconsumed_tail:
                yield out
                chunk = engine.unconsumed_tail  # noqa: PLW2901 - what the engine has not eaten is fed again
            if engine.eof:
                return
    except zlib.error as broken:
        raise errors.CorruptFile("A file in this archive is damaged.") from broken


def _bunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = BZ2Decompressor()
    try:
        for chunk in packed:
            if engine.eof:
                return
            yield engine.decompress(chunk, CONTAINER_CHUNK_BYTES)
            while not engine.needs_input and not engine.eof:
                yield engine.decompress(b"", CONTAINER_CHUNK_BYTES)
    except OSError as broken:
        raise errors.CorruptFile("A file in this archive is damaged.") from broken
