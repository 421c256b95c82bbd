"""Transfer of a container's files to the parent: each is announced, then sent in pieces, never as a whole."""

import socket
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingestion.adapters.formats.containers.contained_file import ContainerFile, ContainerItem
from ingestion.adapters.formats.open_file import open_container
from ingestion.adapters.sandbox.frames import Frame, send
from ingestion.adapters.sandbox.limits import SandboxLimits, grant_page_cpu
from ingestion.domain.errors import CorruptFile, UnsupportedFile
from ingestion.domain.formats.attachments import MailHeaders
from ingestion.domain.formats.containers import ContainerLimits, SkipReason

_NAME_TO = 4096
_LINE_TO = 4096


def unpack(link: socket.socket, path: Path, request: Mapping[str, Any], limits: SandboxLimits) -> None:
    """Send all files of a container; raises ReadingError subclasses, which invalidate everything sent.

    A single damaged file does not affect the others: it is reported as skipped.
    """
    bounds = ContainerLimits(**request["limits"])
    for found in open_container(
        path, str(request["media_type"]), int(request["depth"]), bounds, request.get("password")
    ):
        grant_page_cpu(limits)  # each file may use as much time as a page
        _send(link, found)
    send(link, Frame({"kind": "done"}))


def _send(link: socket.socket, item: ContainerItem) -> None:
    if isinstance(item, MailHeaders):
        headers = {name: value[:_LINE_TO] for name, value in asdict(item).items()}
        send(link, Frame({"kind": "mail_headers", "headers": headers}))
    elif isinstance(item, ContainerFile):
        _send_file(link, item)
    else:
        send(
            link, Frame({"kind": "skipped", "part": item.part, "name": item.name[:_NAME_TO], "why": item.reason.value})
        )


def _send_file(link: socket.socket, file: ContainerFile) -> None:
    name = file.name[:_NAME_TO]
    send(link, Frame({"kind": "file", "part": file.part, "name": name, "type": file.declared_type[:200]}))
    try:
        for chunk in file.chunks:
            send(link, Frame({"kind": "bytes"}, (chunk,)))
        send(link, Frame({"kind": "end"}))
    except (CorruptFile, UnsupportedFile) as wrong:
        why = SkipReason.METHOD if isinstance(wrong, UnsupportedFile) else SkipReason.DAMAGED
        send(link, Frame({"kind": "skipped", "part": file.part, "name": name, "why": why.value}))
