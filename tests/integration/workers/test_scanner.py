"""clamd's protocol, against a server that speaks it: the whole file goes over, and only a verdict is a verdict."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion.adapters.scanner import scanner_at
from ingestion.domain.errors import ScannerUnavailable

CONTENT = bytes(range(256)) * 1000


@contextmanager
def clamd(answer: bytes) -> Iterator[tuple[str, bytearray]]:
    """Run a daemon that reads one file and gives an answer; yields its address and what it received."""
    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as stream:
                assert stream.read(len(b"zINSTREAM\0")) == b"zINSTREAM\0"
                while size := int.from_bytes(stream.read(4)):
                    received.extend(stream.read(size))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", received
        thread.join()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of several chunks."""
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize(
    ("answer", "signature"),
    [(b"stream: OK\0", None), (b"stream: Eicar-Test-Signature FOUND\0", "Eicar-Test-Signature")],
)
def test_a_verdict(file: Path, answer: bytes, signature: str | None) -> None:
    """Clean or named."""
    with clamd(answer) as (address, received):
        assert scanner_at(address).scan(file).signature == signature
    assert bytes(received) == CONTENT


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: huh\0"])
def test_anything_else_is_no_verdict(file: Path, answer: bytes) -> None:
    """An error, silence or nonsense leaves the document waiting."""
    with clamd(answer) as (address, _), pytest.raises(ScannerUnavailable):
        scanner_at(address).scan(file)


def test_a_scanner_that_is_down(file: Path, tmp_path: Path) -> None:
    """Neither a port nor a socket file that nobody listens on gives a verdict."""
    with pytest.raises(ScannerUnavailable):
        scanner_at(str(tmp_path / "clamd.sock")).scan(file)
