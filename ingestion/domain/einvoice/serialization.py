"""JSON form of an e-invoice and of the report on it, which rows store and sandbox children send.

Every value is checked on reading.
"""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.official_rules import RuleReport

_INVOICE = TypeAdapter(EInvoice)
_REPORT = TypeAdapter(RuleReport)


def pack_einvoice(invoice: EInvoice) -> dict[str, Any]:
    """Convert the invoice to JSON: amounts and days as text."""
    packed: dict[str, Any] = _INVOICE.dump_python(invoice, mode="json")
    return packed


def unpack_einvoice(packed: object) -> EInvoice:
    """Read an invoice from JSON; raises ValueError for anything else."""
    try:
        return _INVOICE.validate_python(packed)
    except ValidationError as wrong:
        message = f"not an e-invoice: {wrong.error_count()} values are not valid"
        raise ValueError(message) from None


def pack_report(report: RuleReport) -> dict[str, Any]:
    """Convert the report to JSON."""
    packed: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    return packed


def unpack_report(packed: object) -> RuleReport:
    """Read a report from JSON; raises ValueError for anything else."""
    return _REPORT.validate_python(packed)
