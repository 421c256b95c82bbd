"""clamd's protocol, against a server that speaks it: the whole file goes over, and only a verdict is a verdict."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion.adapters.clamd import ClamdScanner, scanner_at
from ingestion.domain.errors import NotScanned, ScannerUnavailable

CONTENT = bytes(range(256)) * 1000
PONG = b"PONG\0"


@contextmanager
def clamd(answer: bytes, *, greeting: bytes = PONG, reads: bool = True) -> Iterator[tuple[str, bytearray]]:
    """Run a daemon that greets, reads one file and answers; yields its address and what it received.

    When it does not read, it answers a file at its first bytes and hangs up on the rest.
    """
    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def converse() -> None:
            with server.accept()[0] as connection, connection.makefile("rb") as stream:
                if stream.read(len(b"zPING\0")) == b"zPING\0":
                    connection.sendall(greeting)
            if greeting != PONG:
                return
            with server.accept()[0] as connection, connection.makefile("rb") as stream:
                assert stream.read(len(b"zINSTREAM\0")) == b"zINSTREAM\0"
                while reads and (size := int.from_bytes(stream.read(4))):
                    received.extend(stream.read(size))
                connection.sendall(answer)

        thread = threading.Thread(target=converse)
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


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
        b"stream: CL_ETIMEOUT: Time limit reached ERROR\0",
        b"stream: CL_EFORMAT: Bad format or broken data ERROR\0",
    ],
)
def test_a_file_that_cannot_be_scanned_is_neither_clean_nor_waited_for(file: Path, answer: bytes) -> None:
    """The same file would get the same answer for ever."""
    with clamd(answer) as (address, _), pytest.raises(NotScanned) as refused:
        scanner_at(address).scan(file)
    assert (refused.value.code, refused.value.retryable) == ("not_scanned", False)


def test_an_answer_before_the_files_end_is_heard(tmp_path: Path) -> None:
    """The daemon says that it has enough, and hangs up while we are still sending."""
    large = tmp_path / "large"
    large.write_bytes(bytes(32 * 2**20))
    early = clamd(b"INSTREAM size limit exceeded. ERROR\0", reads=False)
    with early as (address, _), pytest.raises(NotScanned):
        scanner_at(address).scan(large)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: huh\0",
        b"stream: OK",
        b"OK\0",
        b"Eicar FOUND\0",
        b"\xff\xfe\0",
        b"x" * 9999,
        b"stream: Can't allocate memory ERROR\0",
        b"COMMAND READ TIMED OUT ERROR\0",
        b"UNKNOWN COMMAND\0",
    ],
)
def test_anything_else_is_no_verdict(file: Path, answer: bytes) -> None:
    """An error of the daemon's own, silence, half a verdict or nonsense leaves the document waiting."""
    with clamd(answer) as (address, _), pytest.raises(ScannerUnavailable):
        scanner_at(address).scan(file)


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example ESMTP\r\n", b"\0", b"PONG"])
def test_what_does_not_greet_as_a_scanner_gets_no_file(file: Path, greeting: bytes) -> None:
    """Another service at the address hears nothing of any document."""
    with clamd(b"stream: OK\0", greeting=greeting) as (address, received), pytest.raises(ScannerUnavailable):
        scanner_at(address).scan(file)
    assert received == b""


def test_a_scanner_that_hangs_is_given_up_by_its_greeting(file: Path) -> None:
    """A daemon whose port takes connections and that never says a word holds no worker for the time of a scan."""
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(ScannerUnavailable, match="Timeout"):
        ClamdScanner(f"127.0.0.1:{server.getsockname()[1]}", greeting_seconds=0.05).scan(file)


def test_a_scanner_that_hangs_in_the_middle_gives_no_verdict(file: Path) -> None:
    """It greets, takes the file, and says no more."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def converse() -> None:
            with server.accept()[0] as first:
                first.sendall(PONG)
            with server.accept()[0]:
                over.wait()

        thread = threading.Thread(target=converse)
        thread.start()
        with pytest.raises(ScannerUnavailable, match="Timeout"):
            ClamdScanner(f"127.0.0.1:{server.getsockname()[1]}", verdict_seconds=0.05).scan(file)
        over.set()
        thread.join()


def test_a_scanner_that_is_down(file: Path, tmp_path: Path) -> None:
    """Neither a port nor a socket file that nobody listens on gives a verdict."""
    with pytest.raises(ScannerUnavailable):
        scanner_at(str(tmp_path / "clamd.sock")).scan(file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ScannerUnavailable):
        scanner_at(address).scan(file)
