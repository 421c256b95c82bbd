"""Transfer of a document's e-invoice before its pages: the XML unchanged, and its content."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.adapters.formats.einvoice.embedded import EmbeddedXml, embedded_einvoice
from ingestion.adapters.formats.page_source import PageSource
from ingestion.adapters.sandbox.frames import Frame, send
from ingestion.domain.einvoice.serialization import pack_einvoice
from ingestion.domain.formats.entries.pdf import PDF


def send_einvoice(link: socket.socket, path: Path, source: PageSource, request: Mapping[str, Any]) -> None:
    """Send a document's e-invoice if there is one and the parent requests it."""
    found = _find_einvoice(path, source, request) if request.get("einvoice") else None
    if found is None:
        return
    packed = pack_einvoice(found.invoice) if found.invoice else None
    head = {"kind": "einvoice", "name": found.name, "fault": found.fault, "invoice": packed}
    send(link, Frame(head, (found.content,)))


def _find_einvoice(path: Path, source: PageSource, request: Mapping[str, Any]) -> EmbeddedXml | None:
    """Return the file itself if it is plain XML; otherwise the XML embedded in a PDF."""
    whole: EmbeddedXml | None = getattr(source, "einvoice", None)
    if whole is None and request["media_type"] == PDF:
        return embedded_einvoice(path, request.get("password"))
    return whole
