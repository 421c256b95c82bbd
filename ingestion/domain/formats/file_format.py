"""Values of the format registry: a file format, and the sample of a file by which formats are detected."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class FormatKind(StrEnum):
    """Treatment of files: read as they are, rendered by an office program, typeset, or unpacked."""

    PDF = "PDF"
    PICTURE = "pictures"
    OFFICE = "office files"
    BOOK = "books"
    TEXT = "texts"
    MAIL = "mail"
    ARCHIVE = "archives"


class Precedence(IntEnum):
    """Formats are tried in this order, those of equal precedence in the order of the registry."""

    MAGIC_NUMBER = 1
    CHECKSUM = 2  # of a TAR header, whose first member may be named like a mail header
    HEADERS = 3  # of a mail
    MAGIC_NUMBER_WITHIN = 4  # after other bytes, which may belong to a file around it
    PACKAGE = 5  # members of a ZIP or OLE file
    PLAIN_ZIP = 6
    MARKUP = 7
    NAME = 8  # a text whose name or declared type determines its kind


@dataclass(frozen=True, slots=True)
class FileSample:
    """First and last bytes of a file, its name and declared type in lower case, the type that these indicate.

    `zip_names` are the names at the end of a ZIP directory; the names of other files are an empty set.
    """

    head: bytes
    tail: bytes = b""
    name: str = ""
    declared_type: str = ""
    promised: str | None = None
    zip_names: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """File format: how it is detected, named and read.

    `proves` detects it by the first bytes only, `detects` by the whole sample; one of them is enough. `name` is for
    lists, `label` for pages; `aliases` are other media types that senders declare. `example` is a file, or as much of
    one as its detection needs. `note` describes in the documentation how it becomes pages. A `zip_package` is checked
    for bombs before an office program or MuPDF opens it.
    """

    media_type: str
    name: str
    kind: FormatKind
    suffixes: tuple[str, ...]
    precedence: Precedence
    example: bytes
    note: str
    label: str = ""
    aliases: tuple[str, ...] = ()
    zip_package: bool = False
    proves: Callable[[bytes], bool] | None = None
    detects: Callable[[FileSample], bool] | None = None


def gettext_noop(message: str) -> str:
    """Mark a label for translation, which happens where it is shown."""
    return message
