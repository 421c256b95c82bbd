"""E-invoice as the reader finds it: the XML, its content, and the report on it."""

from dataclasses import dataclass
from pathlib import Path

from ingestion.domain.einvoice.model import EInvoice, EInvoiceFault
from ingestion.domain.einvoice.official_rules import RuleReport


@dataclass(frozen=True, slots=True)
class FoundEInvoice:
    """E-invoice of a document: `xml` is a file on disk; `invoice` is None if `fault` is set.

    `report` is None if the official rules do not apply or could not be run.
    """

    name: str
    xml: Path
    invoice: EInvoice | None = None
    fault: EInvoiceFault | None = None
    report: RuleReport | None = None
