"""Mails are read in any encoding of their characters, and out of what Outlook or a signature packs around them."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from ingestion.adapters.formats.containers.contained_file import ContainerFile
from ingestion.adapters.formats.containers.eml import read_eml
from ingestion.adapters.formats.containers.mail import MailMessage, mail_items
from ingestion.adapters.formats.containers.signed_content import signed_content
from ingestion.adapters.formats.containers.tnef import tnef_files
from ingestion.domain.errors import CorruptFile, TooLarge
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile, SkipReason
from ingestion.domain.formats.entries.mails import EML
from ingestion.domain.formats.intake import detect_media_type
from tests.support import container_files, packed_mails

LIMITS = ContainerLimits()
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig")


def written(folder: Path, content: bytes) -> Path:
    path = folder / "mail.eml"
    path.write_bytes(content)
    return path


def read(folder: Path, mail: EmailMessage | bytes) -> MailMessage:
    content = mail if isinstance(mail, bytes) else mail.as_bytes()
    return read_eml(written(folder, content), 1, LIMITS)


def files(message: MailMessage) -> dict[str, bytes]:
    return {one.name: one.content for one in message.attachments}


def mail_text(text: str = "Grüße aus Köln") -> str:
    """Return a mail as text: a body in Latin 1 by its own words, and a file."""
    pdf = "JVBERi0xLjcK"
    return (
        "From: ann@example.org\r\nSubject: Rechnung für März\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n'
        f"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n--x\r\n"
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="ü.pdf"\r\n\r\n'
        f"{pdf}\r\n--x--\r\n"
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["a.eml", "a.bin"])
def test_mail_in_wide_encoding_is_detected(encoding: str, name: str) -> None:
    content = mail_text().encode(encoding)
    assert detect_media_type(content[:4096], content[-4096:], name, "") == EML


@pytest.mark.parametrize("encoding", [each for each in ENCODINGS if each != "utf-8-sig"])
def test_mail_in_wide_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    message = read(tmp_path, mail_text().encode(encoding))
    assert (message.subject, message.text.strip()) == ("Rechnung für März", "Grüße aus Köln")
    assert files(message) == {"ü.pdf": b"%PDF-1.7\n"}


def test_mail_with_byte_order_mark_keeps_declared_encoding(tmp_path: Path) -> None:
    ascii_head, _, rest = mail_text("Grüße").partition("8bit")
    content = b"\xef\xbb\xbf" + ascii_head.encode() + b"8bit" + rest.encode("latin-1")
    message = read(tmp_path, content)
    assert message.header("From") == "ann@example.org"
    assert message.text.strip() == "Grüße"


def test_mail_in_wide_encoding_keeps_encoding_of_coded_parts(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ann@example.org", "Bill"
    mail.set_content("Grüße, 5 €", charset="iso-8859-15", cte="quoted-printable")
    message = read(tmp_path, mail.as_string().encode("utf-16"))
    assert message.text.strip() == "Grüße, 5 €"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_without_mail_headers_is_no_mail(encoding: str) -> None:
    content = "Dear desk,\r\n\r\nplease pay: 5 €\r\n".encode(encoding)
    assert detect_media_type(content, content, "a.txt", "") == "text/plain"


def with_winmail(packed: bytes) -> EmailMessage:
    return container_files.mail_with_files("Bill", ("winmail.dat", "application/ms-tnef", packed), text="Attached.")


def test_winmail_gives_its_files(tmp_path: Path) -> None:
    packed = packed_mails.winmail({"a.pdf": container_files.PDF, "Größe.csv": b"a,b\n"})
    message = read(tmp_path, with_winmail(packed))
    assert files(message) == {"a.pdf": container_files.PDF, "Größe.csv": b"a,b\n"}


def test_winmail_prefers_long_names_and_declared_types(tmp_path: Path) -> None:
    packed = packed_mails.winmail({"Rechnung März 2026.pdf": container_files.PDF}, long_names=True)
    (found,) = read(tmp_path, with_winmail(packed)).attachments
    assert (found.name, found.media_type) == ("Rechnung März 2026.pdf", "application/pdf")


def test_winmail_with_mail_inside_gives_files_of_both(tmp_path: Path) -> None:
    inner = packed_mails.winmail({"inner.pdf": container_files.PDF})
    assert files(read(tmp_path, with_winmail(packed_mails.winmail_with_mail(inner)))) == {
        "inner.pdf": container_files.PDF
    }


def test_winmail_that_is_damaged_stays_an_attachment(tmp_path: Path) -> None:
    items = list(mail_items(read(tmp_path, with_winmail(b"no such thing")), LIMITS))
    assert [one.name for one in items if isinstance(one, ContainerFile)] == ["winmail.dat"]
    with pytest.raises(CorruptFile):
        tnef_files(b"no such thing", LIMITS)


def test_winmail_without_files_is_skipped(tmp_path: Path) -> None:
    """Outlook adds one to each mail in rich text, for its look."""
    items = list(mail_items(read(tmp_path, with_winmail(packed_mails.winmail({}))), LIMITS))
    assert [one for one in items if isinstance(one, ContainerFile)] == []
    assert [one.reason for one in items if isinstance(one, SkippedFile)] == [SkipReason.SIDE]


@pytest.mark.parametrize("length", range(6, 400, 7))
def test_winmail_cut_anywhere_loses_only_what_follows(length: int) -> None:
    packed = packed_mails.winmail({"a.pdf": b"x" * 40, "b.pdf": b"y" * 40}, long_names=True)
    found = [file.content for file in tnef_files(packed[:length], LIMITS) if file.content]
    assert found == [b"x" * 40, b"y" * 40][: len(found)]


def test_winmail_with_too_many_files_is_refused() -> None:
    packed = packed_mails.winmail({f"{number}.pdf": b"x" for number in range(4)})
    with pytest.raises(TooLarge):
        tnef_files(packed, ContainerLimits(entries=3))


@pytest.mark.parametrize("pack", [packed_mails.signed, packed_mails.signed_in_pieces])
def test_signed_mail_is_read_like_the_mail_in_it(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    inner = container_files.mail_with_files("x", ("a.pdf", "application/pdf", container_files.PDF), text="Please pay.")
    for name in ("From", "To", "Subject", "Date"):
        del inner[name]
    mail = packed_mails.mail_around(pack(inner.as_bytes()), "application/pkcs7-mime", "smime.p7m")
    message = read(tmp_path, mail)
    assert (message.subject, message.text.strip()) == ("Signed bill", "Please pay.")
    assert files(message) == {"a.pdf": container_files.PDF}


def test_signed_file_is_unpacked(tmp_path: Path) -> None:
    packed = packed_mails.signed(container_files.PDF)
    mail = container_files.mail_with_files("Bill", ("a.pdf.p7m", "application/octet-stream", packed))
    assert files(read(tmp_path, mail)) == {"a.pdf": container_files.PDF}


def test_encrypted_mail_stays_an_attachment(tmp_path: Path) -> None:
    packed = packed_mails.encrypted(b"Content-Type: text/plain\r\n\r\nsecret")
    mail = packed_mails.mail_around(packed, "application/pkcs7-mime", "smime.p7m")
    assert files(read(tmp_path, mail)) == {"smime.p7m": packed}


def test_signed_content_of_damaged_bytes_is_none() -> None:
    whole = packed_mails.signed_in_pieces(b"content" * 40)
    assert signed_content(whole) == b"content" * 40
    assert signed_content(b"") is None
    assert signed_content(b"0\x80" * 3000) is None
    assert all(signed_content(whole[:end]) in {None, b"content" * 40} for end in range(len(whole)))
