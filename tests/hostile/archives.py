"""A04 and A12: archives and mails that are small and would be much, deep, or elsewhere once they are unpacked."""

import os
import struct

from tests.hostile.specimen import FILES, Specimen, one_of
from tests.reading import boxes

MEGABYTE = 2**20
REFUSED = one_of("policy")
LARGE = one_of("too_large")
DOOR = one_of("corrupt", "unsupported")
_MARK, _SIZE_AT = b"PK\x01\x02", 24  # of the directory's lines: where they say how long a file is


def zeros() -> bytes:
    """Give an archive that unpacks a thousandfold."""
    return boxes.zipped({"zeros.pdf": bytes(100 * MEGABYTE)})


def claimed(size: int = 2**31) -> bytes:
    """Give an archive whose directory claims a file of two gigabytes."""
    content = boxes.zipped({"a.pdf": boxes.PDF})
    at = content.index(_MARK) + _SIZE_AT
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


def many(count: int = 10_001) -> bytes:
    """Give an archive of very many files."""
    return boxes.zipped({f"{number}.pdf": b"" for number in range(count)})


def climbing() -> bytes:
    """Give an archive whose file's name leads out of it."""
    return boxes.zipped({"../../etc/cron.d/owned.pdf": boxes.PDF})


def cut() -> bytes:
    """Give the first half of an archive."""
    content = boxes.zipped({"a.pdf": os.urandom(50_000)})
    return content[: len(content) // 2]


def wordy(lines: int = 200_000) -> bytes:
    """Give a mail with a head of very many lines."""
    return b"From: a@example.org\nMessage-ID: <1@example.org>\n" + b"X-More: and more\n" * lines + b"\nthe end\n"


SPECIMENS = (
    Specimen("A04", "ratio", "zeros.zip", zeros, REFUSED, first=True),
    Specimen("A04", "two-gigabytes-claimed", "claim.zip", claimed, LARGE | REFUSED),
    Specimen("A04", "ten-thousand-files", "many.zip", many, LARGE, first=True),
    Specimen("A04", "forty-two", "lib.zip", boxes.forty_two, REFUSED | one_of(FILES)),
    Specimen("A04", "six-deep", "deep.zip", lambda: boxes.nested_zip(6), REFUSED | one_of(FILES)),
    Specimen("A04", "holds-itself", "quine.zip", boxes.quine, REFUSED | one_of(FILES)),
    Specimen("A04", "overlapping", "overlap.zip", boxes.overlapping, REFUSED, first=True),
    Specimen("A04", "lying-sizes", "lying.zip", lambda: boxes.shrunk(1000, 5 * MEGABYTE), REFUSED, first=True),
    Specimen("A04", "two-sizes", "two.zip", boxes.two_minds, REFUSED),
    Specimen("A04", "link", "link.zip", boxes.with_link, REFUSED),
    Specimen("A04", "name-leads-out", "up.zip", climbing, REFUSED, first=True),
    Specimen("A04", "directory-claim", "claim.zip", boxes.long_directory, DOOR | LARGE),
    Specimen("A04", "half", "half.zip", cut, one_of("corrupt")),
    Specimen("A12", "three-hundred-deep", "deep.eml", lambda: boxes.nested_mail(300), REFUSED, first=True),
    Specimen("A12", "ten-thousand-attachments", "many.eml", lambda: boxes.crowded_mail(10_001), LARGE, first=True),
    Specimen("A12", "parts-in-parts", "parts.eml", lambda: boxes.nested_parts(3000), REFUSED),
    Specimen("A12", "endless-head", "head.eml", wordy, one_of(FILES, "corrupt", "too_large")),
)
