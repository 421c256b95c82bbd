"""Containers are opened to their files, or refused with a typed error before any file counts."""

import os
import struct
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest

from ingestion.adapters.formats.containers.contained_file import ContainerFile
from ingestion.adapters.formats.containers.eml import read_eml
from ingestion.adapters.formats.containers.mail import MailAttachment, MailMessage, as_eml, mail_headers
from ingestion.adapters.formats.containers.outlook import read_msg
from ingestion.adapters.formats.open_file import open_container
from ingestion.adapters.formats.text.mail_page import mail_parts
from ingestion.domain.errors import (
    CorruptFile,
    EmptyFile,
    NeedsPassword,
    PolicyViolation,
    ReadingError,
    TooLarge,
    WrongPassword,
)
from ingestion.domain.formats.attachments import MailHeaders
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile, SkipReason
from ingestion.domain.formats.entries.archives import ZIP
from ingestion.domain.formats.entries.mails import EML, MSG
from ingestion.domain.formats.entries.pdf import PDF
from tests.support import container_files

LIMITS = ContainerLimits()
CORPUS = Path(os.environ.get("REFINERY_CORPUS", "/nonexistent")) / "formats"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="REFINERY_CORPUS names no folder")


def unpacked_files(path: Path, media_type: str, depth: int = 1, password: str | None = None) -> dict[str, bytes]:
    """Open a container and read all files."""
    found = open_container(path, media_type, depth, LIMITS, password)
    return {held.name: b"".join(held.chunks) for held in found if isinstance(held, ContainerFile)}


def skipped_files(path: Path, media_type: str, password: str | None = None) -> dict[str, SkipReason]:
    """Open a container and return the skipped files."""
    found = open_container(path, media_type, 1, LIMITS, password)
    return {one.name: one.reason for one in found if isinstance(one, SkippedFile)}


def write_file(folder: Path, content: bytes) -> Path:
    """Write bytes to a file."""
    path = folder / "box"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("method", [0, 8, 12], ids=["stored", "deflated", "bzipped"])
def test_zip_gives_its_files(tmp_path: Path, method: int) -> None:
    files = {"a.pdf": container_files.PDF, "folder/b.png": os.urandom(700_000), "empty.txt": b""}
    litter = {"__MACOSX/._a.pdf": b"x", "folder/.DS_Store": b"x", "folder/": b""}
    path = write_file(tmp_path, container_files.zipped({**files, **litter}, method))
    assert unpacked_files(path, ZIP) == files
    assert skipped_files(path, ZIP) == {"__MACOSX/._a.pdf": SkipReason.LITTER, "folder/.DS_Store": SkipReason.LITTER}


def test_zip_positions_are_stable_and_complete(tmp_path: Path) -> None:
    path = write_file(tmp_path, container_files.zipped({".DS_Store": b"x", "a.pdf": b"1", "b.pdf": b"2"}))
    found = open_container(path, ZIP, 1, LIMITS)
    assert [(one.part, one.name) for one in found if not isinstance(one, MailHeaders)] == [
        (1, ".DS_Store"),
        (2, "a.pdf"),
        (3, "b.pdf"),
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (container_files.zipped({"zeros": bytes(300 * 2**20)}), PolicyViolation),
        (container_files.zipped({f"{n}": b"" for n in range(10_001)}), TooLarge),
        (container_files.zipped({"../a.pdf": container_files.PDF}), PolicyViolation),
        (container_files.zip_with_symlink(), PolicyViolation),
        (container_files.zip_with_false_sizes(1000, 5_000_000), PolicyViolation),
        (container_files.zip_with_two_sizes(), PolicyViolation),
        (container_files.zip_with_shared_entry(), PolicyViolation),
        (container_files.zip_bomb(), PolicyViolation),
        (container_files.nested_zip(6), PolicyViolation),
        (container_files.deeply_nested_zip(), PolicyViolation),
        (container_files.zip_with_huge_directory(), TooLarge),
        (container_files.zipped({}), EmptyFile),
        (container_files.zipped({"a/": b""}), EmptyFile),
        (b"PK\x03\x04 and no more", CorruptFile),
        (container_files.zipped({"a.pdf": os.urandom(50_000)})[:30_000], CorruptFile),
    ],
    ids=[
        "ratio",
        "entries",
        "up",
        "link",
        "lying",
        "two-minds",
        "overlap",
        "forty-two",
        "nested",
        "quine",
        "directory",
        "empty",
        "folders",
        "nothing",
        "cut",
    ],
)
def test_zip_hostile_archive_raises_typed_error(tmp_path: Path, content: bytes, kind: type[ReadingError]) -> None:
    with pytest.raises(kind) as refused:
        unpacked_files(write_file(tmp_path, content), ZIP)
    assert type(refused.value) is kind


def test_zip_damaged_file_fails_checksum(tmp_path: Path) -> None:
    content = bytearray(container_files.zipped({"a.bin": os.urandom(1000)}, 0))
    content[200] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpacked_files(write_file(tmp_path, bytes(content)), ZIP)


@pytest.mark.parametrize("strength", [0, 1, 2, 3], ids=["old", "aes-128", "aes-192", "aes-256"])
def test_zip_encrypted_opens_with_password(tmp_path: Path, strength: int) -> None:
    files = {
        "a.pdf": container_files.PDF,
        "folder/b.bin": os.urandom(600_001),
        "empty.txt": b"",
        "open.txt": b"all may read",
    }
    content = container_files.encrypted_zip(files, "Größe", strength, open="")
    path = write_file(tmp_path, content)
    assert unpacked_files(path, ZIP, password="Größe") == files
    for given, kind in ((None, NeedsPassword), ("sesame", WrongPassword), ("", WrongPassword)):
        with pytest.raises(NeedsPassword) as asked:
            unpacked_files(path, ZIP, password=given)
        assert type(asked.value) is kind


def test_zip_legacy_cipher_matches_standard_library(tmp_path: Path) -> None:
    """Python's own zipfile module opens the specimen."""
    path = write_file(tmp_path, container_files.encrypted_zip({"a.pdf": container_files.PDF}, "sesame"))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("a.pdf", b"sesame") == container_files.PDF


def test_zip_legacy_cipher_of_streamed_file_opens(tmp_path: Path) -> None:
    """Its password is checked by the time, because the checksum was not known in advance."""
    content = container_files.encrypted_zip({"a.pdf": container_files.PDF}, "sesame", streamed=True)
    path = write_file(tmp_path, content)
    assert unpacked_files(path, ZIP, password="sesame") == {"a.pdf": container_files.PDF}
    with pytest.raises(WrongPassword):
        unpacked_files(path, ZIP, password="other")


@pytest.mark.parametrize("strength", [1, 2, 3])
def test_zip_aes_with_checksum_is_verified(tmp_path: Path, strength: int) -> None:
    """AE-1: a checksum that does not fit is damage, though the authentication code fits."""
    content = container_files.encrypted_zip({"a.pdf": container_files.PDF}, "sesame", strength, version=1)
    assert unpacked_files(write_file(tmp_path, content), ZIP, password="sesame") == {"a.pdf": container_files.PDF}
    checksum = zlib.crc32(container_files.PDF)
    other = content.replace(struct.pack("<I", checksum), struct.pack("<I", checksum ^ 1))
    with pytest.raises(CorruptFile):
        unpacked_files(write_file(tmp_path, other), ZIP, password="sesame")


@pytest.mark.parametrize("strength", [0, 3])
def test_zip_encrypted_file_without_body_is_refused(tmp_path: Path, strength: int) -> None:
    """Fewer bytes than the cipher's head."""
    content = bytearray(container_files.encrypted_zip({"a.pdf": container_files.PDF}, "sesame", strength))
    for at in (18, content.index(b"PK\x01\x02") + 20):
        content[at : at + 4] = struct.pack("<I", 5)
    with pytest.raises(WrongPassword):
        unpacked_files(write_file(tmp_path, bytes(content)), ZIP, password="sesame")


def test_zip_password_in_legacy_code_page_opens(tmp_path: Path) -> None:
    content = container_files.encrypted_zip({"a.pdf": container_files.PDF}, "Größe".encode("cp1252"))
    assert unpacked_files(write_file(tmp_path, content), ZIP, password="Größe") == {"a.pdf": container_files.PDF}


def test_zip_file_under_other_password_is_skipped(tmp_path: Path) -> None:
    """Files that the password opens are unpacked, the others are named."""
    path = write_file(
        tmp_path,
        container_files.encrypted_zip(
            {"a.pdf": container_files.PDF, "b.pdf": container_files.PDF}, "sesame", 3, b="other"
        ),
    )
    assert unpacked_files(path, ZIP, password="sesame") == {"a.pdf": container_files.PDF}
    assert skipped_files(path, ZIP, password="sesame") == {"b.pdf": SkipReason.LOCKED}


def test_zip_bytes_changed_under_aes_are_corrupt(tmp_path: Path) -> None:
    content = bytearray(container_files.encrypted_zip({"a.bin": os.urandom(1000)}, "sesame", 3))
    content[200] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpacked_files(write_file(tmp_path, bytes(content)), ZIP, password="sesame")


def test_zip_nested_in_encrypted_zip_is_checked(tmp_path: Path) -> None:
    path = write_file(
        tmp_path, container_files.encrypted_zip({"inner.zip": container_files.nested_zip(6)}, "sesame", 1)
    )
    with pytest.raises(PolicyViolation):
        unpacked_files(path, ZIP, password="sesame")


def test_zip_nesting_counts_from_outermost_container(tmp_path: Path) -> None:
    path = write_file(tmp_path, container_files.nested_zip(5))
    assert list(unpacked_files(path, ZIP, depth=1)) == ["level-3.zip"]
    with pytest.raises(PolicyViolation):
        unpacked_files(path, ZIP, depth=2)


def test_zip_inner_archive_errors_do_not_affect_outer(tmp_path: Path) -> None:
    inner = container_files.zip_marked_encrypted()
    path = write_file(
        tmp_path, container_files.zipped({"a.pdf": container_files.PDF, "locked.zip": inner, "cut.zip": inner[:40]})
    )
    assert set(unpacked_files(path, ZIP)) == {"a.pdf", "locked.zip", "cut.zip"}


def test_mail_gives_attachments_and_text(tmp_path: Path) -> None:
    message = container_files.mail_with_files(
        "Größe", ("a.pdf", "application/pdf", container_files.PDF), ("smime.p7s", "application/x", b"s")
    )
    message.add_attachment(
        container_files.mail_with_files("Forwarded", ("b.pdf", "application/pdf", container_files.PDF))
    )
    path = write_file(tmp_path, message.as_bytes())
    assert skipped_files(path, EML) == {"smime.p7s": SkipReason.SIDE}
    files = unpacked_files(path, EML)
    assert list(files) == ["a.pdf", "Forwarded.eml"]
    assert files["a.pdf"] == container_files.PDF
    assert list(unpacked_files(write_file(tmp_path, files["Forwarded.eml"]), EML, depth=2)) == ["b.pdf"]
    letter = read_eml(write_file(tmp_path, message.as_bytes()), 1, LIMITS)
    assert (letter.subject, letter.text.strip()) == ("Größe", "See the attached.")


def test_mail_page_shows_own_images_and_fetches_nothing(tmp_path: Path) -> None:
    message = container_files.mail_with_files()
    message.add_alternative(
        "<p onclick='x()'>Dear <b>sir</b></p><script>alert(1)</script><img src='https://example.org/spy.png'>"
        "<img src='cid:logo@x'><a href='javascript:x'>here</a>",
        subtype="html",
    )
    html_part = list(message.iter_parts())[1]
    assert isinstance(html_part, EmailMessage)
    html_part.add_related(container_files.PNG, maintype="image", subtype="png", cid="<logo@x>", filename="logo.png")
    path = write_file(tmp_path, message.as_bytes())
    assert unpacked_files(path, EML) == {}
    assert skipped_files(path, EML) == {"logo.png": SkipReason.LOGO}
    page = "".join(mail_parts(read_eml(path, 1, LIMITS)))
    assert "Dear <b>sir</b>" in page
    assert "data:image/png;base64,iVBORw0KGgo" in page
    for hostile in ("script", "onclick", "example.org/spy", "javascript", "cid:"):
        assert hostile not in page


def test_mail_headers_give_sender_and_date(tmp_path: Path) -> None:
    head = next(
        iter(open_container(write_file(tmp_path, container_files.mail_with_files("Größe").as_bytes()), EML, 1, LIMITS))
    )
    assert head == MailHeaders("Ann <ann@example.org>", "desk@example.com", "", "Größe", "2026-03-03T10:00:00+00:00")


@pytest.mark.parametrize(
    ("date", "sent"),
    [
        ("Tue, 03 Mar 2026 10:00:00 +0200", "2026-03-03T10:00:00+02:00"),
        ("Tue, 03 Mar 2026 10:00:00", "2026-03-03T10:00:00+00:00"),
        ("yesterday", ""),
        ("", ""),
        ("Tue, 99 Mar 2026 10:00:00 +0000", ""),
        ("Tue, 03 Mar 2026 10:00:00 +9999", ""),
    ],
)
def test_mail_unreadable_date_is_none(date: str, sent: str) -> None:
    assert mail_headers(MailMessage((("Date", date),))).sent == sent


def test_mail_plain_text_is_escaped() -> None:
    page = "".join(mail_parts(MailMessage((("Subject", "<script>"),), text="<script>\nx")))
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (container_files.nested_mail(300), PolicyViolation),
        (container_files.nested_mail(3000), PolicyViolation),
        (container_files.nested_mail(5), PolicyViolation),
        (container_files.nested_parts(300), PolicyViolation),
        (container_files.mail_with_many_files(10_001), TooLarge),
        (b"\x00\x01\x02 no mail at all", CorruptFile),
    ],
    ids=["nested-300", "nested-3000", "nested-6", "parts-300", "attachments", "nothing"],
)
def test_mail_hostile_message_raises_typed_error(tmp_path: Path, content: bytes, kind: type[ReadingError]) -> None:
    with pytest.raises(kind) as refused:
        unpacked_files(write_file(tmp_path, content), EML)
    assert type(refused.value) is kind


def test_mail_nested_five_deep_opens(tmp_path: Path) -> None:
    assert list(unpacked_files(write_file(tmp_path, container_files.nested_mail(4)), EML)) == ["1.eml"]


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: multipart/mixed; boundary=\n\n",
        b"Content-Type: text/plain; charset=no-such\n\nhi \xff",
        b"From: =?utf-8?q?=ff=fe?= <\xff@x>\nContent-Type: text/html; charset=utf-16\n\n<p>x",
        b"Subject: \x00\nContent-Disposition: attachment; filename*=utf-8''%ff\nContent-Type: image/png\n\nx",
        b"Date: never\nTo: :;,,,<>\nContent-Transfer-Encoding: base64\n\n!!!!",
    ],
)
def test_mail_malformed_message_is_read_as_far_as_possible(tmp_path: Path, head: bytes) -> None:
    letter = read_eml(write_file(tmp_path, b"X-First: 1\n" + head), 1, LIMITS)
    "".join(mail_parts(letter)).encode()


def test_pdf_gives_attachments_except_invoice_xml(tmp_path: Path) -> None:
    files = {"sheet.csv": b"a,b\n" * 1000, "inner.pdf": container_files.PDF, "factur-x.xml": b"<x/>"}
    path = container_files.pdf_with_attachments(tmp_path / "a.pdf", files)
    assert unpacked_files(path, PDF) == {"sheet.csv": files["sheet.csv"], "inner.pdf": container_files.PDF}
    assert skipped_files(path, PDF) == {"factur-x.xml": SkipReason.DATA}


def test_pdf_encrypted_gives_attachments_with_password(tmp_path: Path) -> None:
    path = container_files.pdf_with_attachments(tmp_path / "a.pdf", {"b.pdf": container_files.PDF}, "sesame")
    assert unpacked_files(path, PDF, password="sesame") == {"b.pdf": container_files.PDF}
    with pytest.raises(WrongPassword):
        unpacked_files(path, PDF, password="no")
    with pytest.raises(NeedsPassword):
        unpacked_files(path, PDF)


def test_pdf_attachment_bomb_is_refused(tmp_path: Path) -> None:
    path = container_files.pdf_with_attachments(tmp_path / "a.pdf", {"zeros.bin": bytes(200 * 2**20)})
    with pytest.raises(PolicyViolation):
        unpacked_files(path, PDF)


def test_pdf_page_annotation_attachment_is_found(tmp_path: Path) -> None:
    with pikepdf.open(
        container_files.pdf_with_attachments(tmp_path / "a.pdf", {"b.pdf": container_files.PDF})
    ) as document:
        spec = document.attachments["b.pdf"].obj
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, FS=spec, Rect=[0, 0, 9, 9]
        )
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        del document.Root.Names
        document.save(tmp_path / "pinned.pdf")
    assert unpacked_files(tmp_path / "pinned.pdf", PDF) == {"b.pdf": container_files.PDF}


def test_msg_is_converted_to_mail(tmp_path: Path) -> None:
    inner = MailMessage(
        (("Subject", "In\nside"), ("From", "Ann <ann@example.org>")),
        "<p>x</p>",
        "x",
        (MailAttachment("a.pdf", "application/pdf", container_files.PDF),),
    )
    path = write_file(tmp_path, as_eml(inner))
    assert unpacked_files(path, EML) == {"a.pdf": container_files.PDF}
    assert read_eml(path, 1, LIMITS).subject == "In side"


@needs_corpus
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.eml")), ids=lambda path: path.stem)
def test_corpus_mails_open(path: Path) -> None:
    letter = read_eml(path, 1, LIMITS)
    assert letter.subject
    assert letter.markup or letter.text or letter.attachments
    unpacked_files(path, EML)


@needs_corpus
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.msg")), ids=lambda path: path.stem)
def test_corpus_outlook_mails_open(path: Path) -> None:
    letter = read_msg(path, 1, LIMITS)
    assert letter.subject
    assert dict(letter.headers)["From"]
    assert letter.text.strip()
    unpacked_files(path, MSG)


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"no ole"])
def test_msg_invalid_file_is_corrupt(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CorruptFile):
        unpacked_files(write_file(tmp_path, content), MSG)
