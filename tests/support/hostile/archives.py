"""A04 and A12: small archives and mails that unpack to too much, too deep or outside their folder."""

import os
import struct

from tests.support import container_files
from tests.support.hostile.specimen import FILES, Specimen, allowed_ends

MEGABYTE = 2**20
POLICY_REFUSAL = allowed_ends("policy")
TOO_LARGE = allowed_ends("too_large")
CORRUPT_OR_UNSUPPORTED = allowed_ends("corrupt", "unsupported")
_MARK, _SIZE_AT = b"PK\x01\x02", 24  # central directory entries: offset of the uncompressed size


def zip_of_zeros() -> bytes:
    """Build an archive that expands a thousandfold."""
    return container_files.zipped({"zeros.pdf": bytes(100 * MEGABYTE)})


def zip_with_false_size(size: int = 2**31) -> bytes:
    """Build an archive whose directory declares a file of two gigabytes."""
    content = container_files.zipped({"a.pdf": container_files.PDF})
    at = content.index(_MARK) + _SIZE_AT
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


def zip_of_many_files(count: int = 10_001) -> bytes:
    """Build an archive of very many files."""
    return container_files.zipped({f"{number}.pdf": b"" for number in range(count)})


def zip_with_parent_path() -> bytes:
    """Build an archive with a file name that leads out of it."""
    return container_files.zipped({"../../etc/cron.d/owned.pdf": container_files.PDF})


def truncated_zip() -> bytes:
    """Build the first half of an archive."""
    content = container_files.zipped({"a.pdf": os.urandom(50_000)})
    return content[: len(content) // 2]


def mail_with_long_headers(lines: int = 200_000) -> bytes:
    """Build a mail with very many header lines."""
    return b"From: a@example.org\nMessage-ID: <1@example.org>\n" + b"X-More: and more\n" * lines + b"\nthe end\n"


SPECIMENS = (
    Specimen("A04", "ratio", "zeros.zip", zip_of_zeros, POLICY_REFUSAL, first=True),
    Specimen("A04", "two-gigabytes-claimed", "claim.zip", zip_with_false_size, TOO_LARGE | POLICY_REFUSAL),
    Specimen("A04", "ten-thousand-files", "many.zip", zip_of_many_files, TOO_LARGE, first=True),
    Specimen("A04", "forty-two", "lib.zip", container_files.zip_bomb, POLICY_REFUSAL | allowed_ends(FILES)),
    Specimen(
        "A04", "six-deep", "deep.zip", lambda: container_files.nested_zip(6), POLICY_REFUSAL | allowed_ends(FILES)
    ),
    Specimen(
        "A04", "holds-itself", "quine.zip", container_files.deeply_nested_zip, POLICY_REFUSAL | allowed_ends(FILES)
    ),
    Specimen("A04", "overlapping", "overlap.zip", container_files.zip_with_shared_entry, POLICY_REFUSAL, first=True),
    Specimen(
        "A04",
        "lying-sizes",
        "lying.zip",
        lambda: container_files.zip_with_false_sizes(1000, 5 * MEGABYTE),
        POLICY_REFUSAL,
        first=True,
    ),
    Specimen("A04", "two-sizes", "two.zip", container_files.zip_with_two_sizes, POLICY_REFUSAL),
    Specimen("A04", "link", "link.zip", container_files.zip_with_symlink, POLICY_REFUSAL),
    Specimen("A04", "name-leads-out", "up.zip", zip_with_parent_path, POLICY_REFUSAL, first=True),
    Specimen(
        "A04",
        "directory-claim",
        "claim.zip",
        container_files.zip_with_huge_directory,
        CORRUPT_OR_UNSUPPORTED | TOO_LARGE,
    ),
    Specimen("A04", "half", "half.zip", truncated_zip, allowed_ends("corrupt")),
    Specimen(
        "A12", "three-hundred-deep", "deep.eml", lambda: container_files.nested_mail(300), POLICY_REFUSAL, first=True
    ),
    Specimen(
        "A12",
        "ten-thousand-attachments",
        "many.eml",
        lambda: container_files.mail_with_many_files(10_001),
        TOO_LARGE,
        first=True,
    ),
    Specimen("A12", "parts-in-parts", "parts.eml", lambda: container_files.nested_parts(3000), POLICY_REFUSAL),
    Specimen("A12", "endless-head", "head.eml", mail_with_long_headers, allowed_ends(FILES, "corrupt", "too_large")),
)
