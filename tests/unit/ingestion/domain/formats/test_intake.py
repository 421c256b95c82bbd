"""Intake: content decides over the name; refusals are typed; names are data."""

import pytest

from ingestion.domain.errors import CorruptFile, EmptyFile, ReadingError, TooLarge, UnsupportedFile
from ingestion.domain.formats.intake import AdmittedFile, IntakeLimits, admit_file, safe_filename

PDF_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def admit_upload(
    head: bytes, filename: str = "a.pdf", declared: str = "application/pdf", size: int = -1
) -> AdmittedFile:
    limits = IntakeLimits(max_bytes=1000)
    return admit_file(
        head=head,
        filename=filename,
        declared_type=declared,
        size=len(head) if size < 0 else size,
        sha256="ab" * 32,
        limits=limits,
    )


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (PDF_HEAD, "application/pdf"),
        (b"junk before\n" + PDF_HEAD, "application/pdf"),
        (b"x" * 1024 + PDF_HEAD, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe1....", "image/jpeg"),
        (b"II*\x00....", "image/tiff"),
        (b"MM\x00*....", "image/tiff"),
        (b"GIF89a" + PDF_HEAD, "image/gif"),
    ],
)
def test_admit_media_type_comes_from_content(head: bytes, media_type: str) -> None:
    limits = IntakeLimits()
    admitted = admit_file(
        head=head, filename="x.exe", declared_type="text/html", size=5000, sha256="cd" * 32, limits=limits
    )
    assert (admitted.media_type, admitted.size, admitted.sha256) == (media_type, 5000, "cd" * 32)


@pytest.mark.parametrize(
    ("head", "filename", "size", "kind", "code"),
    [
        (b"", "a.pdf", 0, EmptyFile, "empty"),
        (PDF_HEAD, "a.pdf", 1001, TooLarge, "too_large"),
        (b"just a letter", "a.pdf", -1, CorruptFile, "corrupt"),
        (b"\x00" * 64, "scan.JPG", -1, CorruptFile, "corrupt"),
        (b"just a letter", "a.dwg", -1, UnsupportedFile, "unsupported"),
        (b"PK\x03\x04 a sheet", "a.pdf", -1, UnsupportedFile, "unsupported"),
        (b"PK\x03\x04 " + PDF_HEAD, "polyglot.pdf", -1, UnsupportedFile, "unsupported"),
        (b"x" * 1030 + PDF_HEAD, "late.pdf", -1, CorruptFile, "corrupt"),
    ],
)
def test_admit_refusals_are_typed(head: bytes, filename: str, size: int, kind: type[ReadingError], code: str) -> None:
    declared = "image/vnd.dwg" if filename.endswith(".dwg") else "application/pdf"
    limit = 10_000 if size < 0 else 1000
    with pytest.raises(kind) as refused:
        admit_file(
            head=head,
            filename=filename,
            declared_type=declared,
            size=len(head) if size < 0 else size,
            sha256="",
            limits=IntakeLimits(max_bytes=limit),
        )
    assert refused.value.code == code
    assert str(refused.value)


@pytest.mark.parametrize(
    ("filename", "declared", "said"),
    [
        ("a.pdf", "application/pdf", "The file's name ends in .pdf, but its content is something else."),
        ("a", "application/pdf", "The file's sender calls it application/pdf, but its content is something else."),
    ],
)
def test_admit_mismatch_message_names_extension_or_media_type(filename: str, declared: str, said: str) -> None:
    """People know file extensions; media types are declared by API clients."""
    with pytest.raises(CorruptFile) as refused:
        admit_upload(b"just a letter", filename, declared)
    assert str(refused.value) == said


def test_admit_declared_type_counts_when_name_has_no_extension() -> None:
    with pytest.raises(CorruptFile):
        admit_upload(b"no pdf at all", filename="upload", declared="application/pdf; charset=binary")


def test_admit_tenant_limits_media_types() -> None:
    limits = IntakeLimits(media_types=frozenset({"application/pdf"}))
    with pytest.raises(UnsupportedFile):
        admit_file(
            head=b"\xff\xd8\xff\xe0", filename="a.jpg", declared_type="image/jpeg", size=4, sha256="", limits=limits
        )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\scan.png", "scan.png"),
        ("a\x00b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("in\u202evoice\u2066fdp.exe", "invoicefdp.exe"),
        ("Rechnung  für\u00a0Müller.pdf", "Rechnung für Müller.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("", "document"),
        ("///", "document"),
        (" .. ", "document"),
        ("<script>alert(1)</script>.pdf", "script>.pdf"),
        ("請求書.pdf", "請求書.pdf"),
    ],
)
def test_safe_filename_gives_displayable_name(name: str, shown: str) -> None:
    assert safe_filename(name) == shown


def test_safe_filename_truncates_and_keeps_extension() -> None:
    shown = safe_filename("x" * 300 + ".pdf")
    assert len(shown) == 200
    assert shown.endswith("….pdf")


def test_admit_mail_containing_pdf_is_mail() -> None:
    head = b"From: a@example.org\nSubject: bill\nMIME-Version: 1.0\nContent-Type: application/pdf\n\n" + PDF_HEAD
    assert admit_upload(head, "bill.eml", "").media_type == "message/rfc822"
    assert admit_upload(b"HTTP/1.1 200 OK\nDate: today\n\n" + PDF_HEAD, "bill.pdf").media_type == "application/pdf"
