"""What may come in: a file's type by its own bytes, its size, and a name that is safe to show."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingestion.domain.einvoice.detection import looks_like_einvoice
from ingestion.domain.errors import CorruptFile, EmptyFile, TooLarge, UnsupportedFile
from ingestion.domain.formats.containers import CONTAINERS, EML, MSG, ZIP, container_type, is_mail
from ingestion.domain.formats.images import BMP, GIF, HEIC, JPEG, PICTURES, PNG, TIFF, WEBP, picture_type
from ingestion.domain.formats.office import BY_SUFFIX as OFFICE_SUFFIXES
from ingestion.domain.formats.office import EPUB, OFFICE, holds_files, office_type
from ingestion.domain.formats.tar import TAR, TGZ, tar_type
from ingestion.domain.formats.text import BY_SUFFIX as TEXT_SUFFIXES
from ingestion.domain.formats.text import TEXTS, XML, is_drawing, text_type

PDF = "application/pdf"

_PDF_HEADER_WITHIN = 1024  # readers accept a header after junk: ISO 32000-1, implementation note 13
_OTHER: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip or office file that is damaged or of an unknown kind"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office file that is damaged or of an unknown kind"),
    (b"RIFF", "a RIFF file"),
    (b"\x1f\x8b", "a gzip file that holds no TAR archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"BZh", "a bzip2 archive"),
    (b"{\\rtf", "an RTF file"),
    (b"%!PS", "a PostScript file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_BY_EXTENSION = {
    ".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".jpe": JPEG, ".tif": TIFF, ".tiff": TIFF,
    ".webp": WEBP, ".bmp": BMP, ".dib": BMP, ".gif": GIF, ".heic": HEIC, ".heif": HEIC, ".hif": HEIC,
    ".zip": ZIP, ".tar": TAR, ".tgz": TGZ, ".gz": TGZ, ".eml": EML, ".msg": MSG,
    **TEXT_SUFFIXES, **OFFICE_SUFFIXES,
}  # fmt: skip

SUFFIXES = tuple(_BY_EXTENSION)
"""How the names of files that are read end, for the list of a browser: the bytes decide."""

UNKNOWN = "application/octet-stream"
"""The type of a file from a container whose bytes prove none: it is kept, and ends as not read."""

READ = (
    "Read are PDF, pictures (PNG, JPEG, TIFF, WebP, HEIC, BMP, GIF), office files (DOCX, XLSX, PPTX, ODT, ODS, "
    "ODP, RTF, DOC, XLS, PPT), books (EPUB), texts (TXT, Markdown, RST, HTML, CSV, XML, JSON), mail "
    "(EML, MSG), and ZIP and TAR archives (TAR also packed by gzip)."
)

NAME_LENGTH = 200
FALLBACK_NAME = "document"


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """How large a file may be, in bytes, and which types are taken."""

    max_bytes: int = 100 * 2**20
    media_types: frozenset[str] = frozenset({PDF, EPUB}) | PICTURES | TEXTS | OFFICE | CONTAINERS


@dataclass(frozen=True, slots=True)
class AdmittedFile:
    """A file that may be read: its type by content, and its name as data to show, never a path."""

    filename: str
    media_type: str
    size: int
    sha256: str


def admit(
    *,
    head: bytes,
    filename: str,
    declared_type: str,
    size: int,
    sha256: str,
    limits: IntakeLimits,
    tail: bytes = b"",
) -> AdmittedFile:
    """Judge an upload by its first bytes (at least 1,024 of them, or all) and its last, its size and hash.

    Content beats what name and client say. Raises EmptyFile, TooLarge, UnsupportedFile (another type), or
    CorruptFile (a type that is read, by name or declaration, with bytes that are nothing at all).
    """
    if size == 0 or not head:
        message = "The file is empty."
        raise EmptyFile(message)
    if size > limits.max_bytes:
        message = f"The file is larger than {limits.max_bytes // 2**20} MB."
        raise TooLarge(message)
    media_type = type_of(head, tail, filename, declared_type)
    if media_type in limits.media_types:
        return AdmittedFile(safe_filename(filename), media_type, size, sha256)
    raise _refusal(head, filename, declared_type, media_type, limits)


def admit_part(
    *, head: bytes, filename: str, declared_type: str, size: int, sha256: str, tail: bytes = b""
) -> AdmittedFile:
    """Name a file that came out of a container. None is refused here: what it is for is said on its own record."""
    media_type = type_of(head, tail, filename, declared_type) or UNKNOWN
    return AdmittedFile(safe_filename(filename), media_type, size, sha256)


def sniff(head: bytes) -> str | None:
    """Give the media type that a file's first bytes prove, None for any that Refinery does not read."""
    picture = picture_type(head)
    if picture is not None:
        return picture
    other = named(head) or tar_type(head) or is_mail(head, named=False)  # which may begin with a PDF in it
    if not other and b"%PDF-" in head[: _PDF_HEADER_WITHIN + 5]:
        return PDF
    return XML if looks_like_einvoice(head) else None


def type_of(head: bytes, tail: bytes, filename: str, declared_type: str) -> str | None:
    """Give a file's media type: by its bytes where they prove one, else by a name that they bear out."""
    proved = sniff(head)
    if proved is not None:
        return proved
    container = container_type(head, filename, declared_type)
    if container is not None and container != ZIP:
        return container
    text = text_type(head, filename, declared_type) if named(head) is None else None
    archive = ZIP if holds_files(head, tail) else None
    return office_type(head, tail, filename, declared_type) or container or archive or text


def named(head: bytes) -> str | None:
    """Name a known type that is not read, in words for people; None when the bytes say nothing."""
    return next((words for signature, words in _OTHER if head.startswith(signature)), None)


def _refusal(
    head: bytes, filename: str, declared_type: str, media_type: str | None, limits: IntakeLimits
) -> CorruptFile | UnsupportedFile:
    other = named(head) or media_type
    if other and other.endswith("archive"):
        return UnsupportedFile(
            f"This is {other}, which is not read here: send its files, or a ZIP or TAR archive."
        )
    if other:
        return UnsupportedFile(f"This is {other}, which is not read here.")
    if is_drawing(head):
        return UnsupportedFile("This is a drawing in XML (SVG), which is not read here: send it as PDF or PNG.")
    suffix = PurePosixPath(filename.lower()).suffix
    promised = _BY_EXTENSION.get(suffix) or declared_type.partition(";")[0].strip().lower()
    if promised in limits.media_types:
        called = f"name ends in {suffix}" if suffix in _BY_EXTENSION else f"sender calls it {promised}"
        return CorruptFile(f"The file's {called}, but its content is something else.")
    return UnsupportedFile(READ)


def safe_filename(name: str) -> str:
    """Give a name to show: the last part of a path, no control or bidirectional characters, at most 200 long.

    The extension survives the cut; an empty rest becomes "document". The result is data, never a path.
    """
    shown = printable(re.split(r"[/\\]", name)[-1]).strip(". ")
    if len(shown) > NAME_LENGTH:
        suffix = PurePosixPath(shown).suffix[:16]
        shown = shown[: NAME_LENGTH - len(suffix) - 1] + "…" + suffix
    return shown or FALLBACK_NAME


def printable(name: str) -> str:
    """Give a name in one line without control or bidirectional characters."""
    composed = unicodedata.normalize("NFC", name)
    return " ".join("".join(" " if c.isspace() else c for c in composed if c.isspace() or _printable(c)).split())


def _printable(character: str) -> bool:
    """Refuse controls, formats (bidirectional overrides among them), surrogates, private and unassigned."""
    return not unicodedata.category(character).startswith("C")
