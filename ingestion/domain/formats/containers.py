"""Files that hold files: what is taken out of them, what is refused, and by which bounds.

An archive's own directory is only a claim: it is judged before a byte is unpacked, and what comes out is counted.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingestion.domain.errors import PolicyViolation, TooLarge
from ingestion.domain.formats.tar import TAR, TGZ, tar_type

ZIP = "application/zip"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"
ARCHIVES = frozenset({ZIP, TAR, TGZ})
MAILS = frozenset({EML, MSG})
CONTAINERS = ARCHIVES | MAILS
"""Types that are unpacked before anything is read; a PDF's attachments are found while its pages are."""

NAME_LENGTH = 300
_FORK = "._"  # what a Mac cannot say of a file elsewhere, beside it
_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_KEYED = 0x1
_UNIX_LINK = 0o120000
_LOCAL, _EMPTY = b"PK\x03\x04", b"PK\x05\x06"
_VERSION_TO, _METHOD_TO = 100, 99
_OFFICE = (b"[Content_Types].xml", b"_rels/", b"mimetypeapplication/", b"word/", b"xl/", b"ppt/")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OUTLOOK = "__properties_version1.0".encode("utf-16-le")
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t\r\n]")
_MAILED = frozenset({b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to", b"from"})
_WRITTEN = frozenset({b"to", b"cc", b"subject", b"date", b"sender", b"reply-to", b"content-type"})


class Why(StrEnum):
    """Why a file in a container is no document of its own: told on the container's record, for none may vanish."""

    LITTER = "litter"  # an operating system left it there, unasked
    LOGO = "logo"  # a small picture in a mail's own text
    SIDE = "side"  # a signature, an invitation, a receipt of delivery
    DATA = "data"  # the XML of an e-invoice: its fields are those of the document
    DAMAGED = "damaged"
    METHOD = "method"  # packed in a way that is not read
    LOCKED = "locked"  # the password that opened the others does not open it
    ERASED = "erased"  # somebody had it erased: it does not come back


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that stays in its container: its place there and its name, as `Unpacked` has them."""

    part: int
    name: str
    why: Why


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
        last = name.rpartition("/")[2]
        return name.startswith(_LITTER[0]) or last in _LITTER[1:] or last.startswith(_FORK)

    @property
    def is_keyed(self) -> bool:
        """Say whether it is encrypted."""
        return bool(self.flags & _KEYED)

    @property
    def is_link(self) -> bool:
        """Say whether it points elsewhere."""
        return self.mode & 0o170000 == _UNIX_LINK


def container_type(head: bytes, filename: str, declared_type: str) -> str | None:
    """Give the type of a container by its first bytes, None for other files.

    Two need a hint: an Outlook message may begin like any old office file, a mail with a short head like a note.
    """
    declared = declared_type.partition(";")[0].strip().lower()
    tar = tar_type(head)
    if tar:
        return tar
    if _is_zip(head):
        return None if any(mark in head for mark in _OFFICE) else ZIP
    if head.startswith(_OLE):
        return MSG if _OUTLOOK in head or filename.lower().endswith(".msg") or declared == MSG else None
    named = filename.lower().endswith(".eml") or declared == EML
    return EML if is_mail(head, named=named) else None


def _is_zip(head: bytes) -> bool:
    """Look at the first file's own head, so that four letters alone make no archive."""
    if head.startswith(_LOCAL) and len(head) > 30:
        version, method = int.from_bytes(head[4:6], "little"), int.from_bytes(head[8:10], "little")
        return version & 0xFF <= _VERSION_TO and version >> 8 <= _VERSION_TO and method <= _METHOD_TO
    return head.startswith(_EMPTY) and len(head) >= 22


def is_mail(head: bytes, *, named: bool) -> bool:
    """Say whether a file begins as a mail does: lines of its head, at least one of which only mail has."""
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").split(b"\n")
    first = 1 if lines[0].startswith(b"From ") else 0  # as mailboxes part their mails
    names = set()
    for line in lines[first:]:
        if not line.strip():
            break
        found = _HEADER.match(line + b"\n")
        if found:
            names.add(found[1].lower())
        elif line[:1] not in (b" ", b"\t"):
            break
    known = len(names & (_MAILED | _WRITTEN))
    return known > 0 if named else known > 1 and bool(names & _MAILED)


def check_directory(entries: Sequence[Entry], archive_bytes: int, limits: ContainerLimits) -> None:
    """Refuse an archive by what it says of itself; raises TooLarge or PolicyViolation."""
    check_count(len(entries), limits)
    for entry in entries:
        check_entry(entry, limits)
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


def check_entry(entry: Entry, limits: ContainerLimits) -> None:
    """Refuse a file by what its line says; raises TooLarge or PolicyViolation."""
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
