"""Parsing of an XML tree into an e-invoice, by the root element of each syntax."""

from collections.abc import Callable

from ingestion.domain.einvoice.cii import read_cii
from ingestion.domain.einvoice.model import EInvoice, EInvoiceSyntax
from ingestion.domain.einvoice.nodes import XmlNode
from ingestion.domain.einvoice.ubl import read_ubl

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_ROOTS: dict[tuple[str, str], EInvoiceSyntax] = {
    ("CrossIndustryInvoice", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"): EInvoiceSyntax.CII,
    ("CrossIndustryDocument", "urn:ferd:CrossIndustryDocument:invoice:1p0"): EInvoiceSyntax.ZUGFERD1,
    ("Invoice", "urn:un:unece:uncefact:data:standard:CBFBUY:5"): EInvoiceSyntax.ZUGFERD1,
    ("Invoice", f"{_UBL}Invoice-2"): EInvoiceSyntax.UBL,
    ("CreditNote", f"{_UBL}CreditNote-2"): EInvoiceSyntax.UBL_CREDIT_NOTE,
}
_READERS: dict[EInvoiceSyntax, Callable[[XmlNode, EInvoiceSyntax], EInvoice]] = {
    EInvoiceSyntax.CII: read_cii,
    EInvoiceSyntax.ZUGFERD1: read_cii,
    EInvoiceSyntax.UBL: read_ubl,
    EInvoiceSyntax.UBL_CREDIT_NOTE: read_ubl,
}


class NotAnEInvoice(ValueError):
    """The XML is not an e-invoice of a known syntax."""


def syntax_of(name: str, namespace: str) -> EInvoiceSyntax | None:
    """Return the syntax of a root element, None for any other XML."""
    return _ROOTS.get((name, namespace))


def parse_einvoice(root: XmlNode) -> EInvoice:
    """Read an e-invoice; raises NotAnEInvoice for any other root element."""
    syntax = syntax_of(root.name, root.namespace)
    if syntax is None:
        raise NotAnEInvoice(root.name[:80])
    return _READERS[syntax](root, syntax)
