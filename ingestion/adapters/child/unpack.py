"""A container's files on their way to the parent: each announced, then in pieces, never whole."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.adapters.child.frames import Frame, send
from ingestion.adapters.containers.opening import open_container
from ingestion.domain.containers import ContainerLimits

_NAME_TO = 4096


def unpack(link: socket.socket, path: Path, asked: Mapping[str, Any]) -> None:
    """Send all that is in a container; raises ReadingError subclasses, and then nothing of it counts."""
    limits = ContainerLimits(**asked["limits"])
    found = open_container(path, str(asked["media_type"]), int(asked["depth"]), limits, asked.get("password"))
    for held in found:
        head = {"kind": "file", "part": held.part, "name": held.name[:_NAME_TO], "type": held.declared_type[:200]}
        send(link, Frame(head))
        for chunk in held.chunks:
            send(link, Frame({"kind": "bytes"}, (chunk,)))
    send(link, Frame({"kind": "done"}))
