"""A mail becomes a page: its headers, its text, its inline images, the names of its attachments."""

from pathlib import Path

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.entries.mails import EML
from ingestion.domain.ports import ReadingOptions
from tests.support import container_files


def test_mail_page_is_read_with_header_and_text(reader: SandboxedPageReader, tmp_path: Path) -> None:
    mail = container_files.mail_with_files(
        "Rechnung für März", ("bill.pdf", "application/pdf", container_files.PDF), text="Dear desk,\n\nplease pay."
    )
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    (page,) = reader.read(tmp_path / "a.eml", tmp_path, ReadingOptions(EML))
    lines = page.reading.text.splitlines()
    assert "Subject Rechnung für März" in lines
    assert "From Ann <ann@example.org>" in lines
    assert "Attachments bill.pdf" in lines
    assert lines[-2:] == ["Dear desk,", "please pay."]


def test_mail_latin_1_is_decoded_as_windows_1252(reader: SandboxedPageReader, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(
        b"From: a@example.org\r\nContent-Type: text/html; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=FC=DFe, 5 =80</p>"
    )
    (page,) = reader.read(tmp_path / "a.eml", tmp_path, ReadingOptions(EML))
    assert page.reading.text.splitlines()[-1] == "Grüße, 5 €"
