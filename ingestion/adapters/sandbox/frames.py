"""Messages between parent and child over one socket: a JSON head and binary parts, each with its length."""

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_HEAD_BYTES = 64 * 2**20
MAX_PART_BYTES = 64 * 2**20
_PARTS_TO = 4
_PREFIX = struct.Struct("!II")
_LENGTH = struct.Struct("!I")


class ConnectionClosed(Exception):
    """The other side has disconnected."""


class MalformedFrame(Exception):
    """The other side sent an invalid message."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Message: `head` is JSON, `parts` are bytes that JSON cannot carry."""

    head: Mapping[str, Any]
    parts: tuple[bytes, ...] = ()

    @property
    def kind(self) -> str:
        """Kind of the message."""
        return str(self.head.get("kind", ""))


def send(link: socket.socket, frame: Frame, *, descriptors: tuple[int, ...] = ()) -> None:
    """Send one message, with open files if any; raises ConnectionClosed."""
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
        raise ConnectionClosed from gone


def receive(link: socket.socket) -> Frame:
    """Wait for one message; raises ConnectionClosed, MalformedFrame, and TimeoutError if the socket has a time-out."""
    return _receive_rest(link, _receive_exactly(link, _PREFIX.size))


def receive_with_descriptors(link: socket.socket, max_descriptors: int) -> tuple[Frame, list[int]]:
    """Wait for one message and the open files sent with it; raises ConnectionClosed, MalformedFrame."""
    try:
        prefix, descriptors, _, _ = socket.recv_fds(link, _PREFIX.size, max_descriptors)
    except ConnectionResetError as gone:
        raise ConnectionClosed from gone
    if not prefix:
        raise ConnectionClosed
    prefix += _receive_exactly(link, _PREFIX.size - len(prefix))
    return _receive_rest(link, prefix), descriptors


def _receive_rest(link: socket.socket, prefix: bytes) -> Frame:
    length, count = _PREFIX.unpack(prefix)
    if length > MAX_HEAD_BYTES or count > _PARTS_TO:
        raise MalformedFrame
    try:
        head = json.loads(_receive_exactly(link, length))
    except (ValueError, RecursionError) as wrong:
        raise MalformedFrame from wrong
    if not isinstance(head, dict):
        raise MalformedFrame
    return Frame(head, tuple(_receive_part(link) for _ in range(count)))


def _receive_part(link: socket.socket) -> bytes:
    (length,) = _LENGTH.unpack(_receive_exactly(link, _LENGTH.size))
    if length > MAX_PART_BYTES:
        raise MalformedFrame
    return _receive_exactly(link, length)


def _receive_exactly(link: socket.socket, count: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < count:
        try:
            chunk = link.recv(min(count - len(chunks), 2**20))
        except ConnectionResetError as gone:
            raise ConnectionClosed from gone
        if not chunk:
            raise ConnectionClosed
        chunks += chunk
    return bytes(chunks)
