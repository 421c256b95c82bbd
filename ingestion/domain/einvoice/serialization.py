"""An e-invoice as the JSON that rows keep and a child sends, and back, every value checked on its way in."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingestion.domain.einvoice.model import EInvoice

_INVOICE = TypeAdapter(EInvoice)


def pack_einvoice(invoice: EInvoice) -> dict[str, Any]:
    """Give the invoice as JSON: amounts and days as text."""
    packed: dict[str, Any] = _INVOICE.dump_python(invoice, mode="json")
    return packed


def unpack_einvoice(packed: object) -> EInvoice:
    """Read an invoice back; raises ValueError when it is none."""
    try:
        return _INVOICE.validate_python(packed)
    except ValidationError as wrong:
        message = f"no e-invoice: {wrong.error_count()} values are not what they should be"
        raise ValueError(message) from None
