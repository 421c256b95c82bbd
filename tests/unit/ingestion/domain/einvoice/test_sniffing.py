"""XML e-invoices are recognised by root and namespace, in every encoding, after any prolog."""

import pytest

from ingestion.domain.einvoice.detection import looks_like_einvoice
from ingestion.domain.formats.intake import sniff_media_type
from tests.support.einvoices import cii, ubl, zugferd1

_, _, BODY = cii().partition("?>")
COMMENT = "<!-- <html> a remark > with brackets -->\n"
TYPED = '<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY x "y"> ]>'


@pytest.mark.parametrize(
    "text",
    [cii(), zugferd1(), ubl(), ubl(credit=True), BODY, COMMENT + BODY, f"  \n{BODY}", TYPED + BODY],
    ids=["cii", "zugferd 1", "ubl", "credit note", "no declaration", "comment", "blanks", "doctype"],
)
def test_sniff_recognises_every_syntax(text: str) -> None:
    assert looks_like_einvoice(text.encode()[:4096])
    assert sniff_media_type(text.encode()[:4096]) == "application/xml"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_sniff_recognises_every_encoding(encoding: str) -> None:
    assert looks_like_einvoice(cii().encode(encoding)[:4096])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<",
        b"<?xml",
        b"<!--",
        b"<!DOCTYPE x [",
        b"<Invoice/>",
        b'<?xml version="1.0"?><Invoice xmlns="urn:example:own"/>',
        b'<html xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">',
        b"<svg><CrossIndustryInvoice/></svg>",
        b"CrossIndustryInvoice",
        b"%PDF-1.7 <CrossIndustryInvoice>",
    ],
)
def test_sniff_other_files_are_not_einvoices(head: bytes) -> None:
    assert not looks_like_einvoice(head)
    assert sniff_media_type(head) != "application/xml"
