"""Containers are checked by their directory before unpacking, and by their actual size during it."""

import pytest

from ingestion.domain.errors import PolicyViolation, ReadingError, TooLarge
from ingestion.domain.formats.attachments import INLINE_BYTES_FROM, Attachment, attachment_skip_reason, is_e_invoice
from ingestion.domain.formats.containers import (
    ArchiveEntry,
    ContainerLimits,
    SkipReason,
    check_archive_directory,
    check_entry_count,
    check_entry_size,
    check_nesting_depth,
    check_unpacked_size,
)

LIMITS = ContainerLimits()
MB = 2**20


def entry(name: str = "a.pdf", size: int = 10, start: int = 0, **changes: int) -> ArchiveEntry:
    """Return a valid entry whose compressed and uncompressed sizes are equal."""
    packed = changes.pop("packed", size)
    return ArchiveEntry(name, size, packed, start, changes.pop("end", start + 30 + packed), **changes)


def entries_in_row(count: int) -> list[ArchiveEntry]:
    """Return consecutive entries."""
    return [entry(f"{n}.pdf", 10, n * 40) for n in range(count)]


def test_check_directory_accepts_normal_archive() -> None:
    check_archive_directory(entries_in_row(3), 1000, LIMITS)
    check_archive_directory([entry("folder/", 0), entry("folder/a.pdf", 10, 60)], 1000, LIMITS)


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        (entries_in_row(10_001), TooLarge),
        ([entry(size=2**30 + 1, packed=2**29)], TooLarge),
        ([entry(size=600 * MB, packed=60 * MB), entry("b", 600 * MB, 100 * MB, packed=60 * MB)], TooLarge),
        ([entry(size=101 * MB, packed=MB)], PolicyViolation),
        ([entry(mode=0o120777)], PolicyViolation),
        ([entry("../../etc/passwd")], PolicyViolation),
        ([entry("a/../../b.pdf")], PolicyViolation),
        ([entry("..\\b.pdf")], PolicyViolation),
        ([entry("a", 100, 0), entry("b", 100, 50)], PolicyViolation),
        ([entry("a", 100, 0), entry("b", 100, 0)], PolicyViolation),
        ([entry(start=2**32)], PolicyViolation),
    ],
    ids=[
        "entries",
        "one-large",
        "all-large",
        "ratio",
        "link",
        "up",
        "up-within",
        "up-by-backslash",
        "overlap",
        "twice-the-same-place",
        "outside",
    ],
)
def test_check_directory_hostile_entries_raise(entries: list[ArchiveEntry], kind: type[ReadingError]) -> None:
    with pytest.raises(kind):
        check_archive_directory(entries, 2**31, LIMITS)


@pytest.mark.parametrize("name", ["..pdf", "a..b.pdf", "a/...", "C:\\papers\\a.pdf", "/a.pdf"])
def test_check_directory_dots_in_names_are_allowed(name: str) -> None:
    check_archive_directory([entry(name)], 1000, LIMITS)


def test_check_limits_exact_values_pass() -> None:
    check_entry_count(10_000, LIMITS)
    check_nesting_depth(5, LIMITS)
    check_unpacked_size(2**30, 2**30, LIMITS)
    check_unpacked_size(100 * MB, MB, LIMITS)
    check_unpacked_size(MB, 1, LIMITS)


def test_check_limits_exceeded_values_raise() -> None:
    with pytest.raises(TooLarge):
        check_entry_count(10_001, LIMITS)
    with pytest.raises(PolicyViolation):
        check_nesting_depth(6, LIMITS)
    with pytest.raises(TooLarge):
        check_unpacked_size(2**30 + 1, 2**30, LIMITS)
    with pytest.raises(PolicyViolation):
        check_unpacked_size(100 * MB + 1, MB, LIMITS)


def test_check_length_false_size_raises() -> None:
    check_entry_size(10, entry(size=10), ended=True)
    check_entry_size(9, entry(size=10), ended=False)
    for count, ended in ((11, False), (9, True)):
        with pytest.raises(PolicyViolation):
            check_entry_size(count, entry(size=10), ended=ended)


def test_check_directory_encrypted_entry_is_allowed() -> None:
    """The password is requested from people."""
    assert entry(flags=0x801).is_encrypted
    assert not entry(flags=0x800).is_encrypted
    check_archive_directory([entry(flags=0x1)], 1000, LIMITS)


@pytest.mark.parametrize(
    ("name", "litter"),
    [("__MACOSX/._a.pdf", True), ("a/.DS_Store", True), ("Thumbs.db", True), ("thumbs.db.pdf", False)],
)
def test_entry_system_files_are_recognised(name: str, litter: bool) -> None:
    assert entry(name).is_system_file is litter


@pytest.mark.parametrize(
    ("attachment", "why"),
    [
        (Attachment("invoice.pdf", "application/pdf", 10), None),
        (Attachment("scan.jpg", "image/jpeg", INLINE_BYTES_FROM, inline=True), None),
        (Attachment("logo.png", "image/png", INLINE_BYTES_FROM - 1, inline=True), SkipReason.LOGO),
        (Attachment("small.png", "image/png", 100), None),
        (Attachment("inline.pdf", "application/pdf", 100, inline=True), None),
        (Attachment("smime.p7s", "application/octet-stream", 4000), SkipReason.SIDE),
        (Attachment("x", "application/pkcs7-signature", 4000), SkipReason.SIDE),
        (Attachment("meeting.ics", "text/calendar", 4000), SkipReason.SIDE),
        (Attachment("program.exe", "application/octet-stream", 4000), None),
    ],
)
def test_skip_reason_of_attachment_is_given(attachment: Attachment, why: SkipReason | None) -> None:
    assert attachment_skip_reason(attachment) is why


def test_einvoice_attachment_names_are_recognised() -> None:
    assert is_e_invoice("factur-x.xml")
    assert is_e_invoice("ZUGFeRD-invoice.xml")
    assert is_e_invoice("xrechnung.xml")
    assert not is_e_invoice("timesheet.xml")
