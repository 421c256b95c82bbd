"""What a child says of a document's e-invoice, checked before anyone relies on it."""

from pathlib import Path
from typing import Any

from ingestion.adapters.reader.wire import clean
from ingestion.adapters.sandbox.frames import Frame
from ingestion.domain.einvoice import Fault, FoundEInvoice
from ingestion.domain.einvoice.serialization import unpack_einvoice

_XML_TO = 4 * 2**20
_NAME_TO = 120
_PLACE = "e-invoice.xml"


def received_einvoice(frame: Frame, folder: Path) -> FoundEInvoice:
    """Write the XML below `folder`, read what it says; raises ValueError, TypeError or KeyError for nonsense."""
    (content,) = frame.parts
    fault = str(frame.head["fault"])
    invoice = None if fault else unpack_einvoice(_cleaned(frame.head["invoice"]))
    if len(content) > _XML_TO:
        message = f"an e-invoice of {len(content)} bytes"
        raise ValueError(message)
    place = folder / _PLACE
    place.write_bytes(content)
    return FoundEInvoice(clean(frame.head["name"])[:_NAME_TO], place, invoice, Fault(fault) if fault else None)


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Give JSON whose texts a database takes."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {name: _cleaned(each) for name, each in value.items()} if isinstance(value, dict) else value
