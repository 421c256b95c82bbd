"""Plain XML e-invoices through the real reader: a drawn page with its facts, or a typed error."""

from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.einvoice.mapping import map_einvoice
from ingestion.domain.errors import CorruptFile, PolicyViolation, ReadingError, TooLarge, UnsupportedFile
from ingestion.domain.extraction import extract_fields
from ingestion.domain.formats.entries.texts import XML
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.domain.schemas import built_in_schema
from tests.support.einvoices import cii, ubl, zugferd1
from tests.support.hostile import markup


def pages(reader: SandboxedPageReader, folder: Path, content: bytes) -> list[ReadPage]:
    """Read XML."""
    (folder / "a.xml").write_bytes(content)
    return list(reader.read(folder / "a.xml", folder, ReadingOptions(XML)))


@pytest.mark.parametrize(
    "content",
    [cii().encode(), zugferd1().encode(), ubl().encode(), ubl().replace("UTF-8", "UTF-16").encode("utf-16")],
    ids=["cii", "zugferd 1", "ubl", "utf-16"],
)
def test_xml_invoice_page_shows_facts_at_field_boxes(
    reader: SandboxedPageReader, tmp_path: Path, content: bytes
) -> None:
    (page,) = pages(reader, tmp_path, content)
    assert page.einvoice
    invoice = page.einvoice.invoice
    assert invoice
    assert page.einvoice.xml.read_bytes() == content
    assert {word.source for word in page.reading.words} == {WordSource.NATIVE}
    schema, doc = built_in_schema("invoice"), build_document_rows([page.reading])
    mapped = map_einvoice(invoice, doc, schema, extract_fields(doc, schema))
    assert [each.field for each in mapped.comparison.differences] == []
    fields = {each.name: each for each in mapped.fields}
    assert fields["total"].normalized == "1130.50"
    assert fields["total"].value == "1.130,50 EUR"
    assert {name for name, each in fields.items() if each.bbox is None} == set()


def test_xml_invoice_long_document_spans_pages(reader: SandboxedPageReader, tmp_path: Path) -> None:
    text = cii()
    start, stop = text.index("<IncludedSupplyChain"), text.index("<ApplicableHeaderTradeAgreement>")
    found = pages(reader, tmp_path, (text[:start] + text[start:stop] * 60 + text[stop:]).encode())
    assert len(found) > 1
    assert [page.einvoice is not None for page in found] == [True] + [False] * (len(found) - 1)
    assert sum(page.reading.text.count("Papier") for page in found) >= 60
    assert "1.130,50" in found[-1].reading.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (markup.with_doctype('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), PolicyViolation),
        (cii()[:3000].encode(), CorruptFile),
        (markup.nested_elements(100_000), TooLarge),
        (b"<CrossIndustryInvoice/>", UnsupportedFile),
    ],
    ids=["entity", "cut", "deep", "other"],
)
def test_xml_invoice_unreadable_document_raises_typed_error(
    reader: SandboxedPageReader, tmp_path: Path, content: bytes, kind: type[ReadingError]
) -> None:
    with pytest.raises(kind) as end:
        pages(reader, tmp_path, content)
    assert type(end.value) is kind
    assert str(end.value)
