"""clamd protocol against a fake server: the whole file is sent, and only a scan result counts as one."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion.adapters.clamd import ClamdScanner, scanner_at
from ingestion.domain.errors import ScannerUnavailable, UnscannableFile

CONTENT = bytes(range(256)) * 1000
PONG = b"PONG\0"


@contextmanager
def fake_clamd(answer: bytes, *, greeting: bytes = PONG, reads: bool = True) -> Iterator[tuple[str, bytearray]]:
    """Run a server that greets, reads one file and answers; yield its address and the received data.

    With `reads` false it answers at the first bytes of a file and disconnects.
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
def large_file(tmp_path: Path) -> Path:
    """Return a file of several chunks."""
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize(
    ("answer", "signature"),
    [(b"stream: OK\0", None), (b"stream: Eicar-Test-Signature FOUND\0", "Eicar-Test-Signature")],
)
def test_clamd_verdict_is_clean_or_names_signature(large_file: Path, answer: bytes, signature: str | None) -> None:
    """The result is clean or names the signature."""
    with fake_clamd(answer) as (address, received):
        assert scanner_at(address).scan(large_file).signature == signature
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
def test_clamd_unscannable_file_raises_not_scanned(large_file: Path, answer: bytes) -> None:
    """A retry would get the same answer."""
    with fake_clamd(answer) as (address, _), pytest.raises(UnscannableFile) as refused:
        scanner_at(address).scan(large_file)
    assert (refused.value.code, refused.value.retryable) == ("not_scanned", False)


def test_clamd_early_answer_is_read_while_sending(tmp_path: Path) -> None:
    """The server has enough and disconnects while the client is still sending."""
    large = tmp_path / "large"
    large.write_bytes(bytes(32 * 2**20))
    early = fake_clamd(b"INSTREAM size limit exceeded. ERROR\0", reads=False)
    with early as (address, _), pytest.raises(UnscannableFile):
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
def test_clamd_other_answers_raise_unavailable(large_file: Path, answer: bytes) -> None:
    """After a server error, silence, a partial or an unknown answer the document keeps waiting."""
    with fake_clamd(answer) as (address, _), pytest.raises(ScannerUnavailable):
        scanner_at(address).scan(large_file)


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example ESMTP\r\n", b"\0", b"PONG"])
def test_clamd_without_greeting_receives_no_file(large_file: Path, greeting: bytes) -> None:
    """Another service at that address receives no document data."""
    with fake_clamd(b"stream: OK\0", greeting=greeting) as (address, received), pytest.raises(ScannerUnavailable):
        scanner_at(address).scan(large_file)
    assert received == b""


def test_clamd_silent_server_times_out_at_greeting(large_file: Path) -> None:
    """A server that accepts connections but never answers does not block a worker for the scan timeout."""
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(ScannerUnavailable, match="Timeout"):
        ClamdScanner(f"127.0.0.1:{server.getsockname()[1]}", greeting_seconds=0.05).scan(large_file)


def test_clamd_silence_after_file_gives_no_verdict(large_file: Path) -> None:
    """The server greets, receives the file and sends nothing more."""
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
            ClamdScanner(f"127.0.0.1:{server.getsockname()[1]}", verdict_seconds=0.05).scan(large_file)
        over.set()
        thread.join()


def test_clamd_not_listening_raises_unavailable(large_file: Path, tmp_path: Path) -> None:
    """Neither a closed port nor a stale socket file produces a result."""
    with pytest.raises(ScannerUnavailable):
        scanner_at(str(tmp_path / "clamd.sock")).scan(large_file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ScannerUnavailable):
        scanner_at(address).scan(large_file)
