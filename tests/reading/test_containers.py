"""Containers open to their files, or are refused by type before anything of them counts."""

import os
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest

from ingestion.adapters.formats.containers.contained_file import Held
from ingestion.adapters.formats.containers.eml import read_eml
from ingestion.adapters.formats.containers.mail import Attached, Letter, as_eml, letterhead
from ingestion.adapters.formats.containers.open_container import open_container
from ingestion.adapters.formats.containers.outlook import read_msg
from ingestion.adapters.formats.text.mail_page import letter_html
from ingestion.domain.errors import (
    CorruptFile,
    EmptyFile,
    NeedsPassword,
    PolicyViolation,
    ReadingError,
    TooLarge,
    WrongPassword,
)
from ingestion.domain.formats.attachments import Letterhead
from ingestion.domain.formats.containers import EML, MSG, ZIP, ContainerLimits, LeftOut, Why
from ingestion.domain.formats.intake import PDF
from tests.reading import boxes

LIMITS = ContainerLimits()
CORPUS = Path(os.environ.get("REFINERY_CORPUS", "/nonexistent")) / "formats"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="REFINERY_CORPUS names no folder")


def unpacked(path: Path, media_type: str, depth: int = 1, password: str | None = None) -> dict[str, bytes]:
    """Open and read all."""
    found = open_container(path, media_type, depth, LIMITS, password)
    return {held.name: b"".join(held.chunks) for held in found if isinstance(held, Held)}


def left_out(path: Path, media_type: str, password: str | None = None) -> dict[str, Why]:
    """Open and read what is no document."""
    found = open_container(path, media_type, 1, LIMITS, password)
    return {one.name: one.why for one in found if isinstance(one, LeftOut)}


def written(folder: Path, content: bytes) -> Path:
    """Put bytes on disk."""
    path = folder / "box"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("method", [0, 8, 12], ids=["stored", "deflated", "bzipped"])
def test_an_archive_gives_its_files(tmp_path: Path, method: int) -> None:
    files = {"a.pdf": boxes.PDF, "folder/b.png": os.urandom(700_000), "empty.txt": b""}
    litter = {"__MACOSX/._a.pdf": b"x", "folder/.DS_Store": b"x", "folder/": b""}
    path = written(tmp_path, boxes.zipped({**files, **litter}, method))
    assert unpacked(path, ZIP) == files
    assert left_out(path, ZIP) == {"__MACOSX/._a.pdf": Why.LITTER, "folder/.DS_Store": Why.LITTER}


def test_a_files_place_is_the_same_each_time_and_none_goes_untold(tmp_path: Path) -> None:
    path = written(tmp_path, boxes.zipped({".DS_Store": b"x", "a.pdf": b"1", "b.pdf": b"2"}))
    found = open_container(path, ZIP, 1, LIMITS)
    assert [(one.part, one.name) for one in found if not isinstance(one, Letterhead)] == [
        (1, ".DS_Store"),
        (2, "a.pdf"),
        (3, "b.pdf"),
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (boxes.zipped({"zeros": bytes(300 * 2**20)}), PolicyViolation),
        (boxes.zipped({f"{n}": b"" for n in range(10_001)}), TooLarge),
        (boxes.zipped({"../a.pdf": boxes.PDF}), PolicyViolation),
        (boxes.with_link(), PolicyViolation),
        (boxes.shrunk(1000, 5_000_000), PolicyViolation),
        (boxes.two_minds(), PolicyViolation),
        (boxes.overlapping(), PolicyViolation),
        (boxes.forty_two(), PolicyViolation),
        (boxes.nested_zip(6), PolicyViolation),
        (boxes.quine(), PolicyViolation),
        (boxes.long_directory(), TooLarge),
        (boxes.zipped({}), EmptyFile),
        (boxes.zipped({"a/": b""}), EmptyFile),
        (b"PK\x03\x04 and no more", CorruptFile),
        (boxes.zipped({"a.pdf": os.urandom(50_000)})[:30_000], CorruptFile),
    ],
    ids=["ratio", "entries", "up", "link", "lying", "two-minds", "overlap", "forty-two", "nested",
         "quine", "directory", "empty", "folders", "nothing", "cut"],
)  # fmt: skip
def test_a_hostile_archive_is_refused_by_type(tmp_path: Path, content: bytes, kind: type[ReadingError]) -> None:
    with pytest.raises(kind) as refused:
        unpacked(written(tmp_path, content), ZIP)
    assert type(refused.value) is kind


def test_a_damaged_file_is_found_by_its_checksum(tmp_path: Path) -> None:
    content = bytearray(boxes.zipped({"a.bin": os.urandom(1000)}, 0))
    content[200] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpacked(written(tmp_path, bytes(content)), ZIP)


@pytest.mark.parametrize("strength", [0, 1, 2, 3], ids=["old", "aes-128", "aes-192", "aes-256"])
def test_an_encrypted_archive_opens_to_who_knows_the_password(tmp_path: Path, strength: int) -> None:
    files = {
        "a.pdf": boxes.PDF,
        "folder/b.bin": os.urandom(600_001),
        "empty.txt": b"",
        "open.txt": b"all may read",
    }
    content = boxes.locked(files, "Größe", strength, open="")
    path = written(tmp_path, content)
    assert unpacked(path, ZIP, password="Größe") == files
    for given, kind in ((None, NeedsPassword), ("sesame", WrongPassword), ("", WrongPassword)):
        with pytest.raises(NeedsPassword) as asked:
            unpacked(path, ZIP, password=given)
        assert type(asked.value) is kind


def test_the_old_cipher_is_that_of_everyone(tmp_path: Path) -> None:
    """The specimen is one that Python's own module opens."""
    path = written(tmp_path, boxes.locked({"a.pdf": boxes.PDF}, "sesame"))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("a.pdf", b"sesame") == boxes.PDF


def test_a_password_in_an_old_code_page_opens(tmp_path: Path) -> None:
    content = boxes.locked({"a.pdf": boxes.PDF}, "Größe".encode("cp1252"))
    assert unpacked(written(tmp_path, content), ZIP, password="Größe") == {"a.pdf": boxes.PDF}


def test_a_file_under_another_password_is_told_of(tmp_path: Path) -> None:
    """What the password opens comes out, the rest is named."""
    path = written(tmp_path, boxes.locked({"a.pdf": boxes.PDF, "b.pdf": boxes.PDF}, "sesame", 3, b="other"))
    assert unpacked(path, ZIP, password="sesame") == {"a.pdf": boxes.PDF}
    assert left_out(path, ZIP, password="sesame") == {"b.pdf": Why.LOCKED}


def test_bytes_changed_under_their_code_are_damage(tmp_path: Path) -> None:
    content = bytearray(boxes.locked({"a.bin": os.urandom(1000)}, "sesame", 3))
    content[200] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpacked(written(tmp_path, bytes(content)), ZIP, password="sesame")


def test_an_archive_within_an_encrypted_one_is_looked_into(tmp_path: Path) -> None:
    path = written(tmp_path, boxes.locked({"inner.zip": boxes.nested_zip(6)}, "sesame", 1))
    with pytest.raises(PolicyViolation):
        unpacked(path, ZIP, password="sesame")


def test_nesting_counts_from_the_outermost_container(tmp_path: Path) -> None:
    path = written(tmp_path, boxes.nested_zip(5))
    assert list(unpacked(path, ZIP, depth=1)) == ["level-3.zip"]
    with pytest.raises(PolicyViolation):
        unpacked(path, ZIP, depth=2)


def test_what_is_wrong_with_an_archive_within_is_said_of_that_one(tmp_path: Path) -> None:
    inner = boxes.encrypted()
    path = written(tmp_path, boxes.zipped({"a.pdf": boxes.PDF, "locked.zip": inner, "cut.zip": inner[:40]}))
    assert set(unpacked(path, ZIP)) == {"a.pdf", "locked.zip", "cut.zip"}


def test_a_mail_gives_its_attachments_and_its_text(tmp_path: Path) -> None:
    message = boxes.mail("Größe", ("a.pdf", "application/pdf", boxes.PDF), ("smime.p7s", "application/x", b"s"))
    message.add_attachment(boxes.mail("Forwarded", ("b.pdf", "application/pdf", boxes.PDF)))
    path = written(tmp_path, message.as_bytes())
    assert left_out(path, EML) == {"smime.p7s": Why.SIDE}
    files = unpacked(path, EML)
    assert list(files) == ["a.pdf", "Forwarded.eml"]
    assert files["a.pdf"] == boxes.PDF
    assert list(unpacked(written(tmp_path, files["Forwarded.eml"]), EML, depth=2)) == ["b.pdf"]
    letter = read_eml(written(tmp_path, message.as_bytes()), 1, LIMITS)
    assert (letter.subject, letter.text.strip()) == ("Größe", "See the attached.")


def test_a_mails_page_shows_its_own_pictures_and_fetches_nothing(tmp_path: Path) -> None:
    message = boxes.mail()
    message.add_alternative(
        "<p onclick='x()'>Dear <b>sir</b></p><script>alert(1)</script><img src='https://example.org/spy.png'>"
        "<img src='cid:logo@x'><a href='javascript:x'>here</a>", subtype="html",
    )  # fmt: skip
    html_part = list(message.iter_parts())[1]
    assert isinstance(html_part, EmailMessage)
    html_part.add_related(boxes.PNG, maintype="image", subtype="png", cid="<logo@x>", filename="logo.png")
    path = written(tmp_path, message.as_bytes())
    assert unpacked(path, EML) == {}
    assert left_out(path, EML) == {"logo.png": Why.LOGO}
    page = letter_html(read_eml(path, 1, LIMITS))
    assert "Dear <b>sir</b>" in page
    assert "data:image/png;base64,iVBORw0KGgo" in page
    for hostile in ("script", "onclick", "example.org/spy", "javascript", "cid:"):
        assert hostile not in page


def test_a_mail_tells_who_wrote_it_and_when(tmp_path: Path) -> None:
    head = next(iter(open_container(written(tmp_path, boxes.mail("Größe").as_bytes()), EML, 1, LIMITS)))
    assert head == Letterhead(
        "Ann <ann@example.org>", "desk@example.com", "", "Größe", "2026-03-03T10:00:00+00:00"
    )


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
def test_a_date_that_cannot_be_read_is_none(date: str, sent: str) -> None:
    assert letterhead(Letter((("Date", date),))).sent == sent


def test_a_plain_text_is_escaped() -> None:
    assert "&lt;script&gt;" in letter_html(Letter((("Subject", "<script>"),), text="<script>\nx"))
    assert "<script>" not in letter_html(Letter((("Subject", "<script>"),), text="<script>\nx"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (boxes.nested_mail(300), PolicyViolation),
        (boxes.nested_mail(3000), PolicyViolation),
        (boxes.nested_mail(5), PolicyViolation),
        (boxes.nested_parts(300), PolicyViolation),
        (boxes.crowded_mail(10_001), TooLarge),
        (b"\x00\x01\x02 no mail at all", CorruptFile),
    ],
    ids=["nested-300", "nested-3000", "nested-6", "parts-300", "attachments", "nothing"],
)
def test_a_hostile_mail_is_refused_by_type(tmp_path: Path, content: bytes, kind: type[ReadingError]) -> None:
    with pytest.raises(kind) as refused:
        unpacked(written(tmp_path, content), EML)
    assert type(refused.value) is kind


def test_a_mail_five_deep_opens(tmp_path: Path) -> None:
    assert list(unpacked(written(tmp_path, boxes.nested_mail(4)), EML)) == ["1.eml"]


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
def test_a_broken_mail_is_read_as_far_as_it_goes(tmp_path: Path, head: bytes) -> None:
    letter = read_eml(written(tmp_path, b"X-First: 1\n" + head), 1, LIMITS)
    letter_html(letter).encode()


def test_a_pdf_gives_its_attachments_but_not_the_data_of_its_invoice(tmp_path: Path) -> None:
    files = {"sheet.csv": b"a,b\n" * 1000, "inner.pdf": boxes.PDF, "factur-x.xml": b"<x/>"}
    path = boxes.pdf_with(tmp_path / "a.pdf", files)
    assert unpacked(path, PDF) == {"sheet.csv": files["sheet.csv"], "inner.pdf": boxes.PDF}
    assert left_out(path, PDF) == {"factur-x.xml": Why.DATA}


def test_a_locked_pdf_gives_its_attachments_to_who_knows_the_password(tmp_path: Path) -> None:
    path = boxes.pdf_with(tmp_path / "a.pdf", {"b.pdf": boxes.PDF}, "sesame")
    assert unpacked(path, PDF, password="sesame") == {"b.pdf": boxes.PDF}
    with pytest.raises(WrongPassword):
        unpacked(path, PDF, password="no")
    with pytest.raises(NeedsPassword):
        unpacked(path, PDF)


def test_a_bomb_attached_to_a_pdf_is_refused(tmp_path: Path) -> None:
    path = boxes.pdf_with(tmp_path / "a.pdf", {"zeros.bin": bytes(200 * 2**20)})
    with pytest.raises(PolicyViolation):
        unpacked(path, PDF)


def test_a_file_pinned_to_a_page_is_found(tmp_path: Path) -> None:
    with pikepdf.open(boxes.pdf_with(tmp_path / "a.pdf", {"b.pdf": boxes.PDF})) as document:
        spec = document.attachments["b.pdf"].obj
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, FS=spec,
                                  Rect=[0, 0, 9, 9])  # fmt: skip
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        del document.Root.Names
        document.save(tmp_path / "pinned.pdf")
    assert unpacked(tmp_path / "pinned.pdf", PDF) == {"b.pdf": boxes.PDF}


def test_a_mail_in_outlooks_own_way_becomes_one_for_everyone(tmp_path: Path) -> None:
    inner = Letter((("Subject", "In\nside"), ("From", "Ann <ann@example.org>")), "<p>x</p>", "x",
                   (Attached("a.pdf", "application/pdf", boxes.PDF),))  # fmt: skip
    path = written(tmp_path, as_eml(inner))
    assert unpacked(path, EML) == {"a.pdf": boxes.PDF}
    assert read_eml(path, 1, LIMITS).subject == "In side"


@needs_corpus
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.eml")), ids=lambda path: path.stem)
def test_real_mails_open(path: Path) -> None:
    letter = read_eml(path, 1, LIMITS)
    assert letter.subject
    assert letter.markup or letter.text or letter.attached
    unpacked(path, EML)


@needs_corpus
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.msg")), ids=lambda path: path.stem)
def test_real_outlook_mails_open(path: Path) -> None:
    letter = read_msg(path, 1, LIMITS)
    assert letter.subject
    assert dict(letter.head)["From"]
    assert letter.text.strip()
    unpacked(path, MSG)


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"no ole"])
def test_what_is_no_outlook_mail_is_corrupt(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CorruptFile):
        unpacked(written(tmp_path, content), MSG)
