"""Malware scanner clamd, over its socket: the file is streamed, so that the daemon needs no access to our files."""

import select
import socket
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingestion.domain.errors import ScannerUnavailable, UnscannableFile
from ingestion.domain.ports import ScanResult

CHUNK_BYTES: Final = 64 * 1024
ANSWER_BYTES: Final = 4096
PORT: Final = 3310
LIMITS_EXCEEDED: Final = "Heuristics.Limits.Exceeded"
"""Signature that clamd reports for a file that exceeds its limits, if `AlertExceedsMax` is on."""
INCOMPLETE_SCAN_ERRORS: Final = (
    "size limit exceeded",
    "Time limit reached",
    "CL_EMAX",
    "CL_EFORMAT",
    "Can't unpack",
    "Can't parse",
)
"""Errors that depend on the file and will occur again, rather than on the daemon's state."""


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """VirusScanner over clamd; `address` is host:port, or the path of a Unix socket.

    A hanging daemon is detected by a greeting before the file, within `greeting_seconds`, so that it cannot block a
    worker's slots for long; `verdict_seconds` is above clamd's own limit (MaxScanTime, two minutes).
    """

    address: str
    greeting_seconds: float = 10.0
    verdict_seconds: float = 300.0

    def scan(self, source: Path) -> ScanResult:
        """Scan one file with INSTREAM; raises NotScanned, or ScannerUnavailable for anything but an answer."""
        try:
            self._greet()
            with closing(self._connect(self.verdict_seconds)) as connection:
                deadline = time.monotonic() + self.verdict_seconds
                _stream(connection, source)
                answer = _answer(connection, deadline)
        except OSError as reason:
            raise ScannerUnavailable(type(reason).__name__) from reason
        return _verdict(answer)

    def _greet(self) -> None:
        with closing(self._connect(self.greeting_seconds)) as connection:
            connection.sendall(b"zPING\0")
            if _answer(connection, time.monotonic() + self.greeting_seconds) != "PONG":
                message = "the scanner did not answer the ping"
                raise ScannerUnavailable(message)

    def _connect(self, seconds: float) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(seconds)
            try:
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host or self.address, int(port or PORT)), seconds)


def _stream(connection: socket.socket, source: Path) -> None:
    """Send the file; a daemon that has seen enough answers early and disconnects."""
    early = select.poll()
    early.register(connection, select.POLLIN)
    try:
        connection.sendall(b"zINSTREAM\0")
        with source.open("rb") as file:
            while (chunk := file.read(CHUNK_BYTES)) and not early.poll(0):
                connection.sendall(len(chunk).to_bytes(4) + chunk)
        connection.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return  # its final answer may be waiting


def _answer(connection: socket.socket, deadline: float) -> str:
    """Return one answer without its final NUL; raises ConnectionError without a NUL: it may be truncated."""
    received = b""
    while not received.endswith(b"\0"):
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        part = connection.recv(ANSWER_BYTES)
        if not part or len(received) > ANSWER_BYTES:
            raise ConnectionError
        received += part
    return received.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> ScanResult:
    """Parse "stream: OK" or "stream: <signature> FOUND"; every other answer is an error."""
    verdict = answer.removeprefix("stream: ")
    if answer == "stream: OK":
        return ScanResult(None)
    if any(words in answer for words in INCOMPLETE_SCAN_ERRORS) or verdict.startswith(LIMITS_EXCEEDED):
        raise UnscannableFile("The virus scanner could not scan all of this file.")
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return ScanResult(verdict.removesuffix(" FOUND"))
    message = "the scanner gave no verdict"
    raise ScannerUnavailable(message)


def scanner_at(address: str) -> ClamdScanner:
    """Return the scanner at an address."""
    return ClamdScanner(address)
