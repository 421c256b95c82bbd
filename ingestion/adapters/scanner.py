"""clamd over its socket: the file is streamed, so that the daemon needs no access to our files."""

import socket
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingestion.domain.errors import ScannerUnavailable
from ingestion.domain.ports import ScanVerdict

CHUNK_BYTES: Final = 64 * 1024
ANSWER_BYTES: Final = 4096
PORT: Final = 3310


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """A VirusScanner; `address` is host:port, or the path of a Unix socket."""

    address: str
    timeout_seconds: float = 60.0

    def scan(self, source: Path) -> ScanVerdict:
        """Scan one file by INSTREAM; raises ScannerUnavailable for anything but a verdict."""
        try:
            with closing(self._connect()) as connection:
                connection.sendall(b"zINSTREAM\0")
                with source.open("rb") as file:
                    while chunk := file.read(CHUNK_BYTES):
                        connection.sendall(len(chunk).to_bytes(4) + chunk)
                connection.sendall(bytes(4))
                answer = _answer(connection)
        except OSError as reason:
            raise ScannerUnavailable(type(reason).__name__) from reason
        return _verdict(answer)

    def _connect(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(self.timeout_seconds)
            connection.connect(self.address)
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host or self.address, int(port or PORT)), self.timeout_seconds)


def _answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < ANSWER_BYTES:
        part = connection.recv(ANSWER_BYTES)
        if not part:
            break
        received += part
    return received.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> ScanVerdict:
    """Read "stream: OK" or "stream: <signature> FOUND"; every other answer is none."""
    _, _, verdict = answer.partition(": ")
    if verdict == "OK":
        return ScanVerdict(None)
    if verdict.endswith(" FOUND"):
        return ScanVerdict(verdict.removesuffix(" FOUND"))
    message = "the scanner gave no verdict"
    raise ScannerUnavailable(message)


def scanner_at(address: str) -> ClamdScanner:
    """Give the scanner at an address."""
    return ClamdScanner(address)
