"""E-invoices: the XML is authoritative (EN 16931); the page only displays it and is compared with it."""

from ingestion.domain.einvoice.model import (
    EInvoice,
    EInvoiceFault,
    EInvoiceProfile,
    EInvoiceSyntax,
    FoundEInvoice,
    InvoiceLine,
    InvoiceTotals,
    Party,
)
from ingestion.domain.einvoice.nodes import XmlNode
from ingestion.domain.einvoice.parsing import NotAnEInvoice, parse_einvoice, syntax_of

__all__ = [
    "EInvoice",
    "EInvoiceFault",
    "EInvoiceProfile",
    "EInvoiceSyntax",
    "FoundEInvoice",
    "InvoiceLine",
    "InvoiceTotals",
    "NotAnEInvoice",
    "Party",
    "XmlNode",
    "parse_einvoice",
    "syntax_of",
]
