"""The e-invoice of a document, sent before its pages: the XML as it is, and what it says."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.adapters.formats.einvoice.embedded import EmbeddedXml, embedded_einvoice
from ingestion.adapters.formats.page_source import SheetSource
from ingestion.adapters.sandbox.frames import Frame, send
from ingestion.domain.einvoice.serialization import pack_einvoice
from ingestion.domain.formats.intake import PDF


def send_einvoice(link: socket.socket, path: Path, source: SheetSource, asked: Mapping[str, Any]) -> None:
    """Send a document's e-invoice when there is one and the parent wants it."""
    found = _found(path, source, asked) if asked.get("einvoice") else None
    if found is None:
        return
    packed = pack_einvoice(found.invoice) if found.invoice else None
    head = {"kind": "einvoice", "name": found.name, "fault": found.fault, "invoice": packed}
    send(link, Frame(head, (found.content,)))


def _found(path: Path, source: SheetSource, asked: Mapping[str, Any]) -> EmbeddedXml | None:
    """Take what the file itself is, where it is nothing but XML; else look for what a PDF carries."""
    whole: EmbeddedXml | None = getattr(source, "einvoice", None)
    if whole is None and asked["media_type"] == PDF:
        return embedded_einvoice(path, asked.get("password"))
    return whole
