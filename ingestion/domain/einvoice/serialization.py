"""JSON form of an e-invoice, which rows store and sandbox children send; every value is checked on reading."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingestion.domain.einvoice.model import EInvoice

_INVOICE = TypeAdapter(EInvoice)


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
