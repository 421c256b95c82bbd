"""A container's files on their way to the parent: each announced, then in pieces, never whole."""

import socket
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingestion.adapters.formats.containers.contained_file import Found, Held
from ingestion.adapters.formats.containers.open_container import open_container
from ingestion.adapters.sandbox.frames import Frame, send
from ingestion.adapters.sandbox.limits import ChildLimits, grant_page
from ingestion.domain.errors import CorruptFile, UnsupportedFile
from ingestion.domain.formats.attachments import Letterhead
from ingestion.domain.formats.containers import ContainerLimits, Why

_NAME_TO = 4096
_LINE_TO = 4096


def unpack(link: socket.socket, path: Path, asked: Mapping[str, Any], limits: ChildLimits) -> None:
    """Send all that is in a container; raises ReadingError subclasses, and then nothing of it counts.

    A file that is damaged by itself takes none of the others along: it is told of as one that is left out.
    """
    bounds = ContainerLimits(**asked["limits"])
    for found in open_container(
        path, str(asked["media_type"]), int(asked["depth"]), bounds, asked.get("password")
    ):
        grant_page(limits)  # each file is allowed as much time as a page
        _send(link, found)
    send(link, Frame({"kind": "done"}))


def _send(link: socket.socket, found: Found) -> None:
    if isinstance(found, Letterhead):
        lines = {name: value[:_LINE_TO] for name, value in asdict(found).items()}
        send(link, Frame({"kind": "letterhead", "lines": lines}))
    elif isinstance(found, Held):
        _send_file(link, found)
    else:
        send(
            link,
            Frame({"kind": "left", "part": found.part, "name": found.name[:_NAME_TO], "why": found.why.value}),
        )


def _send_file(link: socket.socket, held: Held) -> None:
    name = held.name[:_NAME_TO]
    send(link, Frame({"kind": "file", "part": held.part, "name": name, "type": held.declared_type[:200]}))
    try:
        for chunk in held.chunks:
            send(link, Frame({"kind": "bytes"}, (chunk,)))
        send(link, Frame({"kind": "end"}))
    except (CorruptFile, UnsupportedFile) as wrong:
        why = Why.METHOD if isinstance(wrong, UnsupportedFile) else Why.DAMAGED
        send(link, Frame({"kind": "left", "part": held.part, "name": name, "why": why.value}))
