"""Intake rules: a file's type by its bytes, its size, and a name that is safe to show."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingestion.domain.errors import CorruptFile, EmptyFile, TooLarge, UnsupportedFile
from ingestion.domain.formats.entries.texts import is_svg
from ingestion.domain.formats.file_format import FileSample
from ingestion.domain.formats.registry import BY_MEDIA_TYPE, BY_PRECEDENCE, BY_SUFFIX, list_formats, promised_type
from ingestion.domain.formats.signatures import ZIP_ENTRY, unread_type_name
from ingestion.domain.formats.zip_directory import zip_names

UNKNOWN_MEDIA_TYPE = "application/octet-stream"
"""Type of a file from a container whose bytes match no known type: it is stored, and ends as unreadable."""

MAX_FILENAME_LENGTH = 200
FALLBACK_NAME = "document"


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """Maximum size of a file, in bytes, and the accepted types."""

    max_bytes: int = 100 * 2**20
    media_types: frozenset[str] = frozenset(BY_MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class AdmittedFile:
    """File that may be read: its type by content, and its name as data to show, never a path."""

    filename: str
    media_type: str
    size: int
    sha256: str


def admit_file(
    *, head: bytes, filename: str, declared_type: str, size: int, sha256: str, limits: IntakeLimits, tail: bytes = b""
) -> AdmittedFile:
    """Check an upload by its first bytes (at least 1,024 of them, or all), its last bytes, its size and hash.

    Content takes precedence over the name and the client's type. Raises EmptyFile, TooLarge, UnsupportedFile (another
    type), or CorruptFile (a readable type, by name or declaration, with unrecognisable bytes).
    """
    if size == 0 or not head:
        message = "The file is empty."
        raise EmptyFile(message)
    if size > limits.max_bytes:
        message = f"The file is larger than {limits.max_bytes // 2**20} MB."
        raise TooLarge(message)
    media_type = detect_media_type(head, tail, filename, declared_type)
    if media_type in limits.media_types:
        return AdmittedFile(safe_filename(filename), media_type, size, sha256)
    raise _refusal(head, filename, declared_type, media_type, limits)


def admit_contained_file(
    *, head: bytes, filename: str, declared_type: str, size: int, sha256: str, tail: bytes = b""
) -> AdmittedFile:
    """Return a file from a container as admitted. None is refused here: problems are recorded on its document."""
    media_type = detect_media_type(head, tail, filename, declared_type) or UNKNOWN_MEDIA_TYPE
    return AdmittedFile(safe_filename(filename), media_type, size, sha256)


def sniff_media_type(head: bytes) -> str | None:
    """Return the media type that the first bytes prove, None if they prove no readable type."""
    return next((one.media_type for one in BY_PRECEDENCE if one.proves and one.proves(head)), None)


def detect_media_type(head: bytes, tail: bytes, filename: str, declared_type: str) -> str | None:
    """Return a file's media type: by its bytes if they prove one, else by its name if the bytes are consistent."""
    proved = sniff_media_type(head)
    if proved is not None:
        return proved
    name, declared = filename.lower(), _without_parameters(declared_type)
    names = zip_names(tail) if head.startswith(ZIP_ENTRY) else frozenset()
    sample = FileSample(head, tail, name, declared, promised_type(name, declared), names)
    return next((one.media_type for one in BY_PRECEDENCE if one.detects and one.detects(sample)), None)


def _without_parameters(declared_type: str) -> str:
    return declared_type.partition(";")[0].strip().lower()


def _refusal(
    head: bytes, filename: str, declared_type: str, media_type: str | None, limits: IntakeLimits
) -> CorruptFile | UnsupportedFile:
    other = unread_type_name(head) or media_type
    if other and other.endswith("archive"):
        return UnsupportedFile(f"This is {other}, which is not supported: send its files, or a ZIP or TAR archive.")
    if other:
        return UnsupportedFile(f"This is {other}, which is not supported.")
    if is_svg(head):
        return UnsupportedFile("This is a drawing in XML (SVG), which is not supported: send it as PDF or PNG.")
    suffix = PurePosixPath(filename.lower()).suffix
    promised = BY_SUFFIX.get(suffix) or _without_parameters(declared_type)
    if promised in limits.media_types:
        called = f"name ends in {suffix}" if suffix in BY_SUFFIX else f"sender calls it {promised}"
        return CorruptFile(f"The file's {called}, but its content is something else.")
    return UnsupportedFile(f"Supported formats: {list_formats()}.")


def safe_filename(name: str) -> str:
    """Return a name to show: the last part of a path, no control or bidirectional characters, at most 200 long.

    The extension survives the cut; an empty rest becomes "document". The result is data, never a path.
    """
    shown = printable(re.split(r"[/\\]", name)[-1]).strip(". ")
    if len(shown) > MAX_FILENAME_LENGTH:
        suffix = PurePosixPath(shown).suffix[:16]
        shown = shown[: MAX_FILENAME_LENGTH - len(suffix) - 1] + "…" + suffix
    return shown or FALLBACK_NAME


def printable(name: str) -> str:
    """Return a name in one line without control or bidirectional characters."""
    composed = unicodedata.normalize("NFC", name)
    return " ".join("".join(" " if c.isspace() else c for c in composed if c.isspace() or _printable(c)).split())


def _printable(character: str) -> bool:
    """Refuse controls, formats (bidirectional overrides among them), surrogates, private and unassigned."""
    return not unicodedata.category(character).startswith("C")
