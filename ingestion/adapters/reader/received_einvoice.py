"""Validation of the e-invoice that a child sends, and of its XML by the official rules in another child."""

from pathlib import Path
from typing import Any

from ingestion.adapters.formats.einvoice.schematron import OfficialRules
from ingestion.adapters.reader.wire import clean_text
from ingestion.adapters.sandbox.frames import Frame
from ingestion.domain.einvoice.found import FoundEInvoice
from ingestion.domain.einvoice.model import EInvoiceFault
from ingestion.domain.einvoice.serialization import unpack_einvoice

_XML_TO = 4 * 2**20
_NAME_TO = 120
_PLACE = "e-invoice.xml"


def receive_einvoice(frame: Frame, folder: Path) -> FoundEInvoice:
    """Write the XML below `folder`, unpack its content and check it by the official rules.

    Raises ValueError, TypeError or KeyError if the frame is invalid.
    """
    (content,) = frame.parts
    fault = str(frame.head["fault"])
    invoice = None if fault else unpack_einvoice(_cleaned(frame.head["invoice"]))
    if len(content) > _XML_TO:
        message = f"an e-invoice of {len(content)} bytes"
        raise ValueError(message)
    place = folder / _PLACE
    place.write_bytes(content)
    name = clean_text(frame.head["name"])[:_NAME_TO]
    report = OfficialRules().check(content, invoice) if invoice else None
    return FoundEInvoice(name, place, invoice, EInvoiceFault(fault) if fault else None, report)


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the JSON with texts that a database accepts."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {name: _cleaned(each) for name, each in value.items()} if isinstance(value, dict) else value
