"""What the child is: a zygote where copies can be made, else the reader of one document itself."""

import contextlib
import socket
from importlib import import_module

import cv2

from ingestion.adapters.reader.child.serve import load_engines, serve
from ingestion.adapters.sandbox.fork_server import Zygote, can_copy
from ingestion.adapters.sandbox.frames import Frame, send
from ingestion.adapters.sandbox.limits import ChildLimits

_LOADED_AHEAD = (
    "ingestion.adapters.formats.pdf.document",
    "ingestion.adapters.formats.image.image",
    "ingestion.adapters.formats.einvoice.source",
    "ingestion.adapters.formats.text.open_text",
    "ingestion.adapters.formats.containers.eml",
    "ingestion.adapters.formats.containers.pdf_portfolio",
    "ingestion.adapters.formats.containers.zip",
    "charset_normalizer",
    "nh3",
)


def begin(link: socket.socket, limits: ChildLimits, *, boxed: bool) -> None:
    """Load, greet the parent, and live; `boxed` says that this is a sandbox."""
    cv2.setNumThreads(1)  # processes run side by side, and a copy is made of one thread
    engines = load_engines()
    copies = can_copy(boxed=boxed)
    send(link, Frame({"kind": "ready", "copies": copies}))
    if not copies:
        serve(link, engines, limits)
        return
    for name in _LOADED_AHEAD:
        with contextlib.suppress(ImportError):  # who needs it will say so
            import_module(name)
    Zygote(link, limits, lambda talk: serve(talk, engines, limits), boxed=boxed).live()
