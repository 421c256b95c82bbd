"""A real clamd: what it finds where, and that no answer of its ever turns into "clean" by itself."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.adapters.clamd import scanner_at
from ingestion.domain.errors import NotScanned, ScannerUnavailable
from tests.hostile.clamd import EICAR, FILE_MEGABYTES, MEGABYTE, SIGNATURE, STREAM_MEGABYTES, Clamd
from tests.hostile.pdf import FREE, flate, one_page
from tests.hostile.pdf_deeds import attached


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    """One daemon for the module."""
    with tempfile.TemporaryDirectory(prefix="clam-") as name:  # short enough for a Unix socket's path
        made = Clamd(Path(name))
        made.start()
        yield made
        made.stop()


@pytest.fixture
def running(clamd: Clamd) -> Iterator[Clamd]:
    """The daemon, which runs again when the test is over."""
    yield clamd
    if clamd.process is None:
        clamd.start()


def zipped(content: bytes, name: str = "letter.com") -> bytes:
    """Pack one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return buffer.getvalue()


def compressed_in_pdf(content: bytes) -> bytes:
    """Attach a file to a PDF, compressed as PDF does it."""
    names = b"/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>"
    entry = b"<< /Type /Filespec /F (a) /EF << /F 11 0 R >> >>"
    return one_page(catalog=names, more={FREE: entry, FREE + 1: flate(content, b"/Type /EmbeddedFile")})


def found(clamd: Clamd, folder: Path, content: bytes) -> str | None:
    """Scan some bytes."""
    path = folder / "file"
    path.write_bytes(content)
    return scanner_at(clamd.address).scan(path).signature


@pytest.mark.parametrize(
    "content",
    [
        EICAR,
        zipped(EICAR),
        zipped(zipped(EICAR), "inner.zip"),
        attached(EICAR),
        compressed_in_pdf(EICAR),
        compressed_in_pdf(zipped(EICAR)),
    ],
    ids=["plain", "zipped", "zipped-twice", "in-a-pdf", "compressed-in-a-pdf", "zipped-in-a-pdf"],
)
def test_the_test_virus_is_found_however_it_is_wrapped(clamd: Clamd, tmp_path: Path, content: bytes) -> None:
    """And named."""
    signature = found(clamd, tmp_path, content)
    assert signature is not None
    assert signature.startswith(SIGNATURE)


@pytest.mark.parametrize("content", [b"", one_page(), attached(b"harmless"), zipped(b"harmless")])
def test_what_holds_none_is_clean(clamd: Clamd, tmp_path: Path, content: bytes) -> None:
    """No signature."""
    assert found(clamd, tmp_path, content) is None


@pytest.mark.parametrize("megabytes", [FILE_MEGABYTES + 0.5, STREAM_MEGABYTES + 0.5, STREAM_MEGABYTES * 20])
def test_what_is_larger_than_the_scanner_takes_is_not_clean(
    clamd: Clamd, tmp_path: Path, megabytes: float
) -> None:
    """Above MaxFileSize clamd does not look, above StreamMaxLength it hangs up: it says so, and so do we."""
    with pytest.raises(NotScanned):
        found(clamd, tmp_path, bytes(int(megabytes * MEGABYTE)) + EICAR)


def test_a_scanner_that_is_killed_and_started_again(running: Clamd, tmp_path: Path) -> None:
    """No verdict while it is gone, the right one afterwards."""
    running.stop()
    with pytest.raises(ScannerUnavailable):
        found(running, tmp_path, EICAR)
    running.start()
    assert found(running, tmp_path, EICAR) is not None
