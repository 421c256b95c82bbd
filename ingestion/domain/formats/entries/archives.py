"""Archives: ZIP, and TAR, plain or packed by gzip."""

import gzip
import tarfile
import zlib
from collections.abc import Callable

from ingestion.domain.formats.file_format import FileFormat, FileSample, FormatKind, Precedence
from ingestion.domain.formats.signatures import ZIP_ENTRY

ZIP = "application/zip"
TAR = "application/x-tar"
TGZ = "application/gzip"

_EMPTY_ZIP = b"PK\x05\x06"
_VERSION_TO, _METHOD_TO = 100, 99
_PACKAGE_MARKS = (b"[Content_Types].xml", b"_rels/", b"mimetypeapplication/", b"word/", b"xl/", b"ppt/")
_PACKAGE_NAMES = frozenset({b"[Content_Types].xml", b"META-INF/container.xml", b"mimetype"})
_BLOCK = 512
_CHECKSUM, _CHECKSUM_END = 148, 156
_GZIP = b"\x1f\x8b\x08"
_WITH_HEADER = 16 + zlib.MAX_WBITS
_TAR_EXAMPLE = tarfile.TarInfo("letter.txt").tobuf()


def tar_type(head: bytes) -> str | None:
    """Return the type of a TAR archive by its first bytes, None for other files."""
    if head.startswith(_GZIP):
        return TGZ if _is_tar(_first_unpacked(head)) else None
    return TAR if _is_tar(head) else None


def _first_unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(_WITH_HEADER).decompress(head, _BLOCK)
    except zlib.error:
        return b""


def _is_tar(head: bytes) -> bool:
    """Return whether the first block is a header with a correct checksum; old archives have no magic number."""
    block = head[:_BLOCK]
    if len(block) < _BLOCK or not block[0]:
        return False
    checksum = block[_CHECKSUM:_CHECKSUM_END].strip(b"\0 ")
    if not checksum.isdigit() or checksum.strip(b"01234567"):
        return False
    return sum(block[:_CHECKSUM]) + sum(block[_CHECKSUM_END:]) + 8 * ord(" ") == int(checksum, 8)


def _is_zip(sample: FileSample) -> bool:
    """Return whether the first entry is sound and no part of a package, or the directory shows plain files."""
    if _has_zip_start(sample.head) and not any(mark in sample.head for mark in _PACKAGE_MARKS):
        return True
    return bool(sample.zip_names) and not sample.zip_names & _PACKAGE_NAMES


def _has_zip_start(head: bytes) -> bool:
    """Check the header of the first entry: the signature is not enough."""
    if head.startswith(ZIP_ENTRY) and len(head) > 30:
        version, method = int.from_bytes(head[4:6], "little"), int.from_bytes(head[8:10], "little")
        return version & 0xFF <= _VERSION_TO and version >> 8 <= _VERSION_TO and method <= _METHOD_TO
    return head.startswith(_EMPTY_ZIP) and len(head) >= 22


def _archive(
    media_type: str, name: str, suffixes: tuple[str, ...], detects: Callable[[FileSample], bool], example: bytes
) -> FileFormat:
    return FileFormat(
        media_type=media_type,
        name=name,
        kind=FormatKind.ARCHIVE,
        suffixes=suffixes,
        precedence=Precedence.PLAIN_ZIP if media_type == ZIP else Precedence.CHECKSUM,
        detects=detects,
        example=example,
        note="each file in it becomes a document",
    )


FORMATS = (
    _archive(ZIP, "ZIP", (".zip",), _is_zip, _EMPTY_ZIP + bytes(18)),
    _archive(TAR, "TAR", (".tar",), lambda sample: tar_type(sample.head) == TAR, _TAR_EXAMPLE),
    _archive(
        TGZ,
        "gzipped TAR",
        (".tgz", ".gz"),
        lambda sample: tar_type(sample.head) == TGZ,
        gzip.compress(_TAR_EXAMPLE, mtime=0),
    ),
)
