"""Files that hold files: what is taken out of them, what is refused, and by which bounds.

An archive's own directory is only a claim: it is judged before a byte is unpacked, and what comes out is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingestion.domain.errors import PolicyViolation, TooLarge

ZIP = "application/zip"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"
ARCHIVES = frozenset({ZIP})
MAILS = frozenset({EML, MSG})
CONTAINERS = ARCHIVES | MAILS
"""Types that are unpacked before anything is read; a PDF's attachments are found while its pages are."""

NAME_LENGTH = 300
_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_KEYED = 0x1
_UNIX_LINK = 0o120000


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """Bounds of one container and of all that is nested in it; sizes in bytes.

    `depth` counts containers from the outermost one (1). Ratios are judged from `ratio_from` unpacked bytes on:
    a blank form packs a thousandfold, and harms nobody while it is small.
    """

    ratio: int = 100
    ratio_from: int = 2**20
    total_bytes: int = 2**30
    entries: int = 10_000
    depth: int = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an archive's directory: sizes in bytes, `start` and `end` its place in the archive."""

    name: str
    size: int
    packed: int
    start: int
    end: int
    flags: int = 0
    mode: int = 0

    @property
    def is_folder(self) -> bool:
        """Say whether it is a folder, which holds no bytes."""
        return self.name.endswith("/")

    @property
    def is_litter(self) -> bool:
        """Say whether an operating system left it there, unasked."""
        name = self.name.lower()
        return name.startswith(_LITTER[0]) or name.rpartition("/")[2] in _LITTER[1:]

    @property
    def is_link(self) -> bool:
        """Say whether it points elsewhere."""
        return self.mode & 0o170000 == _UNIX_LINK


def check_directory(entries: Sequence[Entry], archive_bytes: int, limits: ContainerLimits) -> None:
    """Refuse an archive by what it says of itself; raises TooLarge or PolicyViolation."""
    check_count(len(entries), limits)
    for entry in entries:
        _check_entry(entry, limits)
    _check_places(entries, archive_bytes)
    check_amount(sum(entry.size for entry in entries), archive_bytes, limits)


def check_count(count: int, limits: ContainerLimits) -> None:
    """Refuse too many files; raises TooLarge."""
    if count > limits.entries:
        raise TooLarge(f"It holds more than {limits.entries:,} files.")


def check_amount(unpacked: int, packed: int, limits: ContainerLimits) -> None:
    """Refuse too many bytes, or too many for their packed size; raises TooLarge or PolicyViolation."""
    if unpacked > limits.total_bytes:
        raise TooLarge(f"It holds more than {limits.total_bytes // 2**20:,} MB once it is unpacked.")
    if unpacked > limits.ratio_from and unpacked > limits.ratio * max(packed, 1):
        raise PolicyViolation(f"It unpacks to more than {limits.ratio} times its size.")


def check_depth(depth: int, limits: ContainerLimits) -> None:
    """Refuse the container that is the `depth`-th around one another; raises PolicyViolation."""
    if depth > limits.depth:
        raise PolicyViolation(f"Its files are nested more than {limits.depth} deep.")


def check_length(unpacked: int, entry: Entry, *, ended: bool) -> None:
    """Refuse an entry that unpacks to another length than it says; raises PolicyViolation."""
    if unpacked > entry.size or (ended and unpacked != entry.size):
        raise PolicyViolation("A file in it is of another size than its directory says.")


def _check_entry(entry: Entry, limits: ContainerLimits) -> None:
    if entry.flags & _KEYED:
        raise PolicyViolation("Its files are encrypted: send it without a password.")
    if entry.is_link:
        raise PolicyViolation("It holds links to other places.")
    if ".." in entry.name.replace("\\", "/").split("/"):
        raise PolicyViolation("A name in it leads out of it.")
    check_amount(entry.size, entry.packed, limits)


def _check_places(entries: Iterable[Entry], archive_bytes: int) -> None:
    """Each byte belongs to one entry: where they overlap, little unpacks to very much."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.start):
        if entry.start < end:
            raise PolicyViolation("Files in it overlap.")
        end = entry.end
    if end > archive_bytes:
        raise PolicyViolation("Its directory points outside of it.")
