"""The e-invoice of a document, sent before its pages: the XML as it is, and what it says."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.adapters.child.frames import Frame, send
from ingestion.adapters.files.embedded import embedded_einvoice
from ingestion.domain.einvoice.packing import pack_einvoice
from ingestion.domain.intake import PDF


def send_einvoice(link: socket.socket, path: Path, asked: Mapping[str, Any]) -> None:
    """Send a PDF's e-invoice when there is one and the parent wants it."""
    if not asked.get("einvoice") or asked["media_type"] != PDF:
        return
    found = embedded_einvoice(path, asked.get("password"))
    if found is None:
        return
    packed = pack_einvoice(found.invoice) if found.invoice else None
    head = {"kind": "einvoice", "name": found.name, "fault": found.fault, "invoice": packed}
    send(link, Frame(head, (found.content,)))
