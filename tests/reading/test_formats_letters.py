"""A mail is a page: its head, its text, the pictures in it, the names of what is attached."""

from pathlib import Path

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.containers import EML
from ingestion.domain.ports import ReadingOptions
from tests.reading import boxes


def test_a_mail_is_read_from_its_page(reader: SandboxedPageReader, tmp_path: Path) -> None:
    mail = boxes.mail(
        "Rechnung für März", ("bill.pdf", "application/pdf", boxes.PDF), text="Dear desk,\n\nplease pay."
    )
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    (page,) = reader.read(tmp_path / "a.eml", tmp_path, ReadingOptions(EML))
    lines = page.reading.text.splitlines()
    assert "Subject Rechnung für März" in lines
    assert "From Ann <ann@example.org>" in lines
    assert "Attachments bill.pdf" in lines
    assert lines[-2:] == ["Dear desk,", "please pay."]


def test_a_mail_that_says_latin_1_means_what_windows_writes(reader: SandboxedPageReader, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(
        b"From: a@example.org\r\nContent-Type: text/html; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=FC=DFe, 5 =80</p>"
    )
    (page,) = reader.read(tmp_path / "a.eml", tmp_path, ReadingOptions(EML))
    assert page.reading.text.splitlines()[-1] == "Grüße, 5 €"
