"""E-invoice data from the child process: sent with the first page, validated, and never fatal for the document."""

import os
from pathlib import Path

import pymupdf
import pytest

from ingestion.adapters.formats.einvoice.embedded import embedded_einvoice
from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.received_einvoice import receive_einvoice
from ingestion.adapters.sandbox.frames import Frame
from ingestion.domain.einvoice.model import EInvoiceFault
from ingestion.domain.einvoice.parsing import parse_einvoice
from ingestion.domain.einvoice.rules import missing_terms
from ingestion.domain.einvoice.serialization import pack_einvoice
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.ports import ReadingOptions
from tests.support import page_files
from tests.support.einvoices import cii, hybrid

CORPUS = Path(os.environ.get("REFINERY_CORPUS", "/nonexistent")) / "zugferd"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="REFINERY_CORPUS names no folder")


def test_einvoice_is_sent_with_first_page(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = hybrid(tmp_path / "a.pdf", cii().encode())
    (page,) = reader.read(source, tmp_path, ReadingOptions(PDF))
    found = page.einvoice
    assert found
    assert found.invoice
    assert (found.name, found.fault, found.invoice.number) == ("factur-x.xml", None, "HP-2025-0118")
    assert found.xml.read_bytes() == cii().encode()
    assert found.invoice == parse_einvoice(read_xml(cii().encode()))


def test_einvoice_of_many_pages_is_on_first_only(reader: SandboxedPageReader, tmp_path: Path) -> None:
    plain = page_files.native_pdf(tmp_path / "plain.pdf", pages=3)
    with pymupdf.open(plain) as document:
        document.embfile_add("xrechnung.xml", cii().encode(), filename="xrechnung.xml")
        document.save(tmp_path / "a.pdf")
    pages = list(reader.read(tmp_path / "a.pdf", tmp_path, ReadingOptions(PDF, first_page=2)))
    assert [page.einvoice is not None for page in pages] == [True, False]


def test_page_without_einvoice_has_none(reader: SandboxedPageReader, tmp_path: Path) -> None:
    (page,) = reader.read(page_files.native_pdf(tmp_path / "a.pdf"), tmp_path, ReadingOptions(PDF))
    assert page.einvoice is None


def test_hostile_einvoice_xml_leaves_page_readable(reader: SandboxedPageReader, tmp_path: Path) -> None:
    xml = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
    (page,) = reader.read(hybrid(tmp_path / "a.pdf", xml), tmp_path, ReadingOptions(PDF))
    assert page.einvoice
    assert (page.einvoice.invoice, page.einvoice.fault) == (None, EInvoiceFault.FORBIDDEN)
    assert "HP-2025-0118" in page.reading.text


PACKED_EINVOICE = pack_einvoice(parse_einvoice(read_xml(cii().encode())))


def test_received_einvoice_text_is_cleaned_for_database(tmp_path: Path) -> None:
    spoilt = PACKED_EINVOICE | {"number": "A\x00B\ud800"}
    found = receive_einvoice(Frame({"name": "\x00x" * 500, "fault": "", "invoice": spoilt}, (b"<a/>",)), tmp_path)
    assert found.invoice
    assert found.invoice.number == "AB?"
    assert (found.name[:2], len(found.name)) == ("xx", 120)


@pytest.mark.parametrize(
    ("head", "parts"),
    [
        ({"name": "x", "fault": "", "invoice": None}, (b"",)),
        ({"name": "x", "fault": "", "invoice": PACKED_EINVOICE | {"totals": {"gross": "much"}}}, (b"",)),
        ({"name": "x", "fault": "odd", "invoice": None}, (b"",)),
        ({"name": "x", "fault": "", "invoice": PACKED_EINVOICE}, ()),
        ({"name": "x", "fault": "", "invoice": PACKED_EINVOICE}, (b" " * (4 * 2**20 + 1),)),
        ({"name": "x", "invoice": PACKED_EINVOICE}, (b"",)),
    ],
)
def test_received_einvoice_malformed_message_raises(
    head: dict[str, object], parts: tuple[bytes, ...], tmp_path: Path
) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        receive_einvoice(Frame(head, parts), tmp_path)


@needs_corpus
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.pdf")), ids=lambda path: path.stem[-40:])
def test_corpus_einvoices_are_read(path: Path) -> None:
    found = embedded_einvoice(path, None)
    assert found
    invoice = found.invoice
    assert invoice, found.fault
    assert invoice.number
    assert invoice.issued
    assert invoice.totals.gross is not None
    assert invoice.seller.name
    assert invoice.buyer.name
    assert bool(invoice.lines) is invoice.profile.has_lines
    if "fail" not in path.name:
        assert {lack.term for lack in missing_terms(invoice)} <= {"BT-109"}  # one sample has no net total
