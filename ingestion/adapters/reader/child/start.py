"""Startup of the child: it becomes a fork server where forking is possible, else the reader of one document."""

import contextlib
import socket
from functools import partial
from importlib import import_module

import cv2

from ingestion.adapters.reader.child.serve import load_engines, serve
from ingestion.adapters.sandbox.fork_server import ForkServer, can_fork
from ingestion.adapters.sandbox.frames import Frame, send
from ingestion.adapters.sandbox.limits import SandboxLimits

_PRELOADED = (
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


def run_sandbox(link: socket.socket, limits: SandboxLimits, *, in_sandbox: bool) -> None:
    """Load the engines, send the greeting and serve; `in_sandbox` says that this is a sandbox."""
    cv2.setNumThreads(1)  # processes run in parallel, and only one thread survives a fork
    engines = load_engines()
    forks = can_fork(in_sandbox=in_sandbox)
    send(link, Frame({"kind": "ready", "can_fork": forks}))
    if not forks:
        serve(link, engines, limits, in_sandbox=in_sandbox)
        return
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):  # the code that needs it will report it
            import_module(name)
    work = partial(serve, engines=engines, limits=limits, in_sandbox=in_sandbox)
    ForkServer(link, limits, work, in_sandbox=in_sandbox).run()
