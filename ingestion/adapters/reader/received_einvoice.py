"""Validation of the e-invoice that a child sends."""

from pathlib import Path
from typing import Any

from ingestion.adapters.reader.wire import clean_text
from ingestion.adapters.sandbox.frames import Frame
from ingestion.domain.einvoice.model import EInvoiceFault, FoundEInvoice
from ingestion.domain.einvoice.serialization import unpack_einvoice

_XML_TO = 4 * 2**20
_NAME_TO = 120
_PLACE = "e-invoice.xml"


def receive_einvoice(frame: Frame, folder: Path) -> FoundEInvoice:
    """Write the XML below `folder` and unpack its content; raises ValueError, TypeError or KeyError if invalid."""
    (content,) = frame.parts
    fault = str(frame.head["fault"])
    invoice = None if fault else unpack_einvoice(_cleaned(frame.head["invoice"]))
    if len(content) > _XML_TO:
        message = f"an e-invoice of {len(content)} bytes"
        raise ValueError(message)
    place = folder / _PLACE
    place.write_bytes(content)
    return FoundEInvoice(
        clean_text(frame.head["name"])[:_NAME_TO], place, invoice, EInvoiceFault(fault) if fault else None
    )


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the JSON with texts that a database accepts."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {name: _cleaned(each) for name, each in value.items()} if isinstance(value, dict) else value
