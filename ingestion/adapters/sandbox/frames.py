"""Messages between parent and child over one socket: a JSON head and binary parts, each with its length."""

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEAD_TO = 64 * 2**20
PART_TO = 64 * 2**20
_PARTS_TO = 4
_PREFIX = struct.Struct("!II")
_LENGTH = struct.Struct("!I")


class Closed(Exception):
    """The other side is gone."""


class Malformed(Exception):
    """The other side sent what no honest peer sends."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: `head` is JSON, `parts` are bytes that JSON cannot carry."""

    head: Mapping[str, Any]
    parts: tuple[bytes, ...] = ()

    @property
    def kind(self) -> str:
        """Name the message."""
        return str(self.head.get("kind", ""))


def send(link: socket.socket, frame: Frame, *, descriptors: tuple[int, ...] = ()) -> None:
    """Send one message, and open files along with it; raises Closed."""
    head = json.dumps(frame.head, ensure_ascii=True, separators=(",", ":")).encode()
    prefix = _PREFIX.pack(len(head), len(frame.parts))
    try:
        if descriptors:
            socket.send_fds(link, [prefix], list(descriptors))
        else:
            link.sendall(prefix)
        link.sendall(head)
        for part in frame.parts:
            link.sendall(_LENGTH.pack(len(part)))
            link.sendall(part)
    except (BrokenPipeError, ConnectionResetError) as gone:
        raise Closed from gone


def receive(link: socket.socket) -> Frame:
    """Wait for one message; raises Closed, Malformed, and TimeoutError when the socket has a time-out."""
    return _finish(link, _exactly(link, _PREFIX.size))


def receive_with_files(link: socket.socket, most: int) -> tuple[Frame, list[int]]:
    """Wait for one message and the open files that come with it; raises Closed, Malformed."""
    try:
        prefix, descriptors, _, _ = socket.recv_fds(link, _PREFIX.size, most)
    except ConnectionResetError as gone:
        raise Closed from gone
    if not prefix:
        raise Closed
    prefix += _exactly(link, _PREFIX.size - len(prefix))
    return _finish(link, prefix), descriptors


def _finish(link: socket.socket, prefix: bytes) -> Frame:
    length, count = _PREFIX.unpack(prefix)
    if length > HEAD_TO or count > _PARTS_TO:
        raise Malformed
    try:
        head = json.loads(_exactly(link, length))
    except (ValueError, RecursionError) as wrong:
        raise Malformed from wrong
    if not isinstance(head, dict):
        raise Malformed
    return Frame(head, tuple(_part(link) for _ in range(count)))


def _part(link: socket.socket) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(link, _LENGTH.size))
    if length > PART_TO:
        raise Malformed
    return _exactly(link, length)


def _exactly(link: socket.socket, count: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < count:
        try:
            chunk = link.recv(min(count - len(chunks), 2**20))
        except ConnectionResetError as gone:
            raise Closed from gone
        if not chunk:
            raise Closed
        chunks += chunk
    return bytes(chunks)
