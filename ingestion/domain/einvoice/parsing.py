"""From a tree of XML to an e-invoice, by the root element that each syntax has."""

from collections.abc import Callable

from ingestion.domain.einvoice.cii import read_cii
from ingestion.domain.einvoice.model import EInvoice, Syntax
from ingestion.domain.einvoice.nodes import Node
from ingestion.domain.einvoice.ubl import read_ubl

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_ROOTS: dict[tuple[str, str], Syntax] = {
    ("CrossIndustryInvoice", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"): Syntax.CII,
    ("CrossIndustryDocument", "urn:ferd:CrossIndustryDocument:invoice:1p0"): Syntax.ZUGFERD1,
    ("Invoice", "urn:un:unece:uncefact:data:standard:CBFBUY:5"): Syntax.ZUGFERD1,
    ("Invoice", f"{_UBL}Invoice-2"): Syntax.UBL,
    ("CreditNote", f"{_UBL}CreditNote-2"): Syntax.UBL_CREDIT_NOTE,
}
_READERS: dict[Syntax, Callable[[Node, Syntax], EInvoice]] = {
    Syntax.CII: read_cii,
    Syntax.ZUGFERD1: read_cii,
    Syntax.UBL: read_ubl,
    Syntax.UBL_CREDIT_NOTE: read_ubl,
}


class NoEInvoice(ValueError):
    """The XML is no e-invoice of a known syntax."""


def syntax_of(name: str, namespace: str) -> Syntax | None:
    """Tell the syntax of a root element, None for any other XML."""
    return _ROOTS.get((name, namespace))


def parse_einvoice(root: Node) -> EInvoice:
    """Read an e-invoice; raises NoEInvoice for a root that is none of them."""
    syntax = syntax_of(root.name, root.namespace)
    if syntax is None:
        raise NoEInvoice(root.name[:80])
    return _READERS[syntax](root, syntax)
