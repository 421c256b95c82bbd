"""Container files: extracted files, refused files, and limits.

An archive's directory is only a claim: it is checked before a byte is unpacked, and the unpacked bytes are counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingestion.domain.errors import PolicyViolation, TooLarge

MAX_CONTAINED_NAME_LENGTH = 300
_RESOURCE_FORK_PREFIX = "._"  # files with a Mac's metadata, stored beside each file on other systems
_SYSTEM_FILE_NAMES = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_ENCRYPTED_FLAG = 0x1
_UNIX_LINK = 0o120000


class SkipReason(StrEnum):
    """Reason why a file in a container is not a document, recorded with the container so that no file is lost."""

    LITTER = "litter"  # left by an operating system
    LOGO = "logo"  # a small picture in a mail's text
    SIDE = "side"  # a signature, an invitation, a receipt of delivery
    DATA = "data"  # the XML of an e-invoice: its fields are those of the document
    DAMAGED = "damaged"
    METHOD = "method"  # packed with an unsupported method
    LOCKED = "locked"  # the password that opened the others does not open it
    ERASED = "erased"  # erased by a person: it is not restored


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """File that stays in its container: its position there and its name, as in UnpackedFile."""

    part: int
    name: str
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """Limits of one container and everything nested in it; sizes in bytes.

    `depth` counts containers from the outermost one (1). Ratios are checked from `ratio_from` unpacked bytes on:
    a blank form has a ratio of a thousand, and is harmless while it is small.
    """

    ratio: int = 100
    ratio_from: int = 2**20
    total_bytes: int = 2**30
    entries: int = 10_000
    depth: int = 5


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """Entry of an archive's directory: sizes in bytes, `start` and `end` are its position in the archive."""

    name: str
    size: int
    compressed_size: int
    start: int
    end: int
    flags: int = 0
    mode: int = 0

    @property
    def is_folder(self) -> bool:
        """Return whether it is a folder, which contains no bytes."""
        return self.name.endswith("/")

    @property
    def is_system_file(self) -> bool:
        """Return whether an operating system left it there."""
        name = self.name.lower()
        last = name.rpartition("/")[2]
        return (
            name.startswith(_SYSTEM_FILE_NAMES[0])
            or last in _SYSTEM_FILE_NAMES[1:]
            or last.startswith(_RESOURCE_FORK_PREFIX)
        )

    @property
    def is_encrypted(self) -> bool:
        """Return whether it is encrypted."""
        return bool(self.flags & _ENCRYPTED_FLAG)

    @property
    def is_link(self) -> bool:
        """Return whether it is a link."""
        return self.mode & 0o170000 == _UNIX_LINK


def check_archive_directory(entries: Sequence[ArchiveEntry], archive_bytes: int, limits: ContainerLimits) -> None:
    """Refuse an archive by its directory; raises TooLarge or PolicyViolation."""
    check_entry_count(len(entries), limits)
    for entry in entries:
        check_entry(entry, limits)
    _check_overlaps(entries, archive_bytes)
    check_unpacked_size(sum(entry.size for entry in entries), archive_bytes, limits)


def check_entry_count(count: int, limits: ContainerLimits) -> None:
    """Refuse too many files; raises TooLarge."""
    if count > limits.entries:
        raise TooLarge(f"It holds more than {limits.entries:,} files.")


def check_unpacked_size(unpacked: int, compressed: int, limits: ContainerLimits) -> None:
    """Refuse too many bytes, or too many for their packed size; raises TooLarge or PolicyViolation."""
    if unpacked > limits.total_bytes:
        raise TooLarge(f"It holds more than {limits.total_bytes // 2**20:,} MB once it is unpacked.")
    if unpacked > limits.ratio_from and unpacked > limits.ratio * max(compressed, 1):
        raise PolicyViolation(f"It unpacks to more than {limits.ratio} times its size.")


def check_nesting_depth(depth: int, limits: ContainerLimits) -> None:
    """Refuse the `depth`-th nested container if that is too deep; raises PolicyViolation."""
    if depth > limits.depth:
        raise PolicyViolation(f"Its files are nested more than {limits.depth} deep.")


def check_entry_size(unpacked: int, entry: ArchiveEntry, *, ended: bool) -> None:
    """Refuse an entry that unpacks to another length than stated; raises PolicyViolation."""
    if unpacked > entry.size or (ended and unpacked != entry.size):
        raise PolicyViolation("A file in it does not have the size that its directory says.")


def check_entry(entry: ArchiveEntry, limits: ContainerLimits) -> None:
    """Refuse a file by its directory entry; raises TooLarge or PolicyViolation."""
    if entry.is_link:
        raise PolicyViolation("It contains links to other places.")
    if ".." in entry.name.replace("\\", "/").split("/"):
        raise PolicyViolation("A file name in it leads out of the archive.")
    check_unpacked_size(entry.size, entry.compressed_size, limits)


def _check_overlaps(entries: Iterable[ArchiveEntry], archive_bytes: int) -> None:
    """Refuse overlapping entries, with which few bytes unpack to very many: each byte belongs to one entry."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.start):
        if entry.start < end:
            raise PolicyViolation("Files in it overlap.")
        end = entry.end
    if end > archive_bytes:
        raise PolicyViolation("Its directory points outside of it.")
