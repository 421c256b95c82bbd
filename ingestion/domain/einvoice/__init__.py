"""E-invoices: the XML is the truth (EN 16931), the page is its picture and is checked against it."""

from ingestion.domain.einvoice.model import EInvoice, Fault, FoundEInvoice, Line, Party, Profile, Syntax, Totals
from ingestion.domain.einvoice.nodes import Node
from ingestion.domain.einvoice.parsing import NoEInvoice, parse_einvoice, syntax_of

__all__ = ["EInvoice", "Fault", "FoundEInvoice", "Line", "NoEInvoice", "Node", "Party", "Profile", "Syntax",
           "Totals", "parse_einvoice", "syntax_of"]  # fmt: skip
