"""Containers are judged by their directory before they are unpacked, and by what comes out while they are."""

import pytest

from ingestion.domain.errors import PolicyViolation, ReadingError, TooLarge
from ingestion.domain.formats.attachments import INLINE_BYTES_FROM, Attachment, is_e_invoice, why_left_out
from ingestion.domain.formats.containers import (
    ContainerLimits,
    Entry,
    Why,
    check_amount,
    check_count,
    check_depth,
    check_directory,
    check_length,
)

LIMITS = ContainerLimits()
MB = 2**20


def entry(name: str = "a.pdf", size: int = 10, start: int = 0, **changes: int) -> Entry:
    """An honest entry, as long packed as unpacked."""
    packed = changes.pop("packed", size)
    return Entry(name, size, packed, start, changes.pop("end", start + 30 + packed), **changes)


def row(count: int) -> list[Entry]:
    """Entries one after the other."""
    return [entry(f"{n}.pdf", 10, n * 40) for n in range(count)]


def test_an_honest_archive_passes() -> None:
    check_directory(row(3), 1000, LIMITS)
    check_directory([entry("folder/", 0), entry("folder/a.pdf", 10, 60)], 1000, LIMITS)


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        (row(10_001), TooLarge),
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
    ids=["entries", "one-large", "all-large", "ratio", "link", "up", "up-within", "up-by-backslash",
         "overlap", "twice-the-same-place", "outside"],
)  # fmt: skip
def test_a_hostile_directory_is_refused(entries: list[Entry], kind: type[ReadingError]) -> None:
    with pytest.raises(kind):
        check_directory(entries, 2**31, LIMITS)


@pytest.mark.parametrize("name", ["..pdf", "a..b.pdf", "a/...", "C:\\papers\\a.pdf", "/a.pdf"])
def test_dots_alone_are_no_way_out(name: str) -> None:
    check_directory([entry(name)], 1000, LIMITS)


def test_the_limits_themselves_pass() -> None:
    check_count(10_000, LIMITS)
    check_depth(5, LIMITS)
    check_amount(2**30, 2**30, LIMITS)
    check_amount(100 * MB, MB, LIMITS)
    check_amount(MB, 1, LIMITS)


def test_one_more_does_not() -> None:
    with pytest.raises(TooLarge):
        check_count(10_001, LIMITS)
    with pytest.raises(PolicyViolation):
        check_depth(6, LIMITS)
    with pytest.raises(TooLarge):
        check_amount(2**30 + 1, 2**30, LIMITS)
    with pytest.raises(PolicyViolation):
        check_amount(100 * MB + 1, MB, LIMITS)


def test_sizes_that_lie_are_refused() -> None:
    check_length(10, entry(size=10), ended=True)
    check_length(9, entry(size=10), ended=False)
    for count, ended in ((11, False), (9, True)):
        with pytest.raises(PolicyViolation):
            check_length(count, entry(size=10), ended=ended)


def test_what_is_encrypted_is_not_refused_by_the_directory() -> None:
    """People are asked for the password."""
    assert entry(flags=0x801).is_keyed
    assert not entry(flags=0x800).is_keyed
    check_directory([entry(flags=0x1)], 1000, LIMITS)


@pytest.mark.parametrize(
    ("name", "litter"),
    [("__MACOSX/._a.pdf", True), ("a/.DS_Store", True), ("Thumbs.db", True), ("thumbs.db.pdf", False)],
)
def test_litter_is_told_from_files(name: str, litter: bool) -> None:
    assert entry(name).is_litter is litter


@pytest.mark.parametrize(
    ("attachment", "why"),
    [
        (Attachment("invoice.pdf", "application/pdf", 10), None),
        (Attachment("scan.jpg", "image/jpeg", INLINE_BYTES_FROM, inline=True), None),
        (Attachment("logo.png", "image/png", INLINE_BYTES_FROM - 1, inline=True), Why.LOGO),
        (Attachment("small.png", "image/png", 100), None),
        (Attachment("inline.pdf", "application/pdf", 100, inline=True), None),
        (Attachment("smime.p7s", "application/octet-stream", 4000), Why.SIDE),
        (Attachment("x", "application/pkcs7-signature", 4000), Why.SIDE),
        (Attachment("meeting.ics", "text/calendar", 4000), Why.SIDE),
        (Attachment("program.exe", "application/octet-stream", 4000), None),
    ],
)
def test_what_is_no_document_of_its_own_and_why(attachment: Attachment, why: Why | None) -> None:
    assert why_left_out(attachment) is why


def test_the_data_of_an_e_invoice_is_no_document_of_its_own() -> None:
    assert is_e_invoice("factur-x.xml")
    assert is_e_invoice("ZUGFeRD-invoice.xml")
    assert is_e_invoice("xrechnung.xml")
    assert not is_e_invoice("timesheet.xml")
