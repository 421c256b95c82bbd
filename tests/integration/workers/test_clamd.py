"""A real clamd: detections in nested files, and no error is ever reported as clean."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.adapters.clamd import scanner_at
from ingestion.domain.errors import ScannerUnavailable, UnscannableFile
from tests.support.hostile.clamd import EICAR, FILE_MEGABYTES, MEGABYTE, SIGNATURE, STREAM_MEGABYTES, ClamdDaemon
from tests.support.hostile.pdf import FIRST_FREE_OBJECT, flate, one_page
from tests.support.hostile.pdf_actions import with_attachment


@pytest.fixture(scope="module")
def clamd() -> Iterator[ClamdDaemon]:
    """Yield one daemon for the module."""
    with tempfile.TemporaryDirectory(prefix="clam-") as name:  # short enough for a Unix socket
        made = ClamdDaemon(Path(name))
        made.start()
        yield made
        made.stop()


@pytest.fixture
def running_clamd(clamd: ClamdDaemon) -> Iterator[ClamdDaemon]:
    """Yield the daemon and restart it after the test."""
    yield clamd
    if clamd.process is None:
        clamd.start()


def zipped(content: bytes, name: str = "letter.com") -> bytes:
    """Build a ZIP of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return buffer.getvalue()


def compressed_in_pdf(content: bytes) -> bytes:
    """Attach a file to a PDF, compressed as usual."""
    names = b"/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>"
    entry = b"<< /Type /Filespec /F (a) /EF << /F 11 0 R >> >>"
    return one_page(
        catalog=names, more={FIRST_FREE_OBJECT: entry, FIRST_FREE_OBJECT + 1: flate(content, b"/Type /EmbeddedFile")}
    )


def scan_bytes(clamd: ClamdDaemon, folder: Path, content: bytes) -> str | None:
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
        with_attachment(EICAR),
        compressed_in_pdf(EICAR),
        compressed_in_pdf(zipped(EICAR)),
    ],
    ids=["plain", "zipped", "zipped-twice", "in-a-pdf", "compressed-in-a-pdf", "zipped-in-a-pdf"],
)
def test_scan_finds_test_virus_in_every_wrapping(clamd: ClamdDaemon, tmp_path: Path, content: bytes) -> None:
    """The signature is named."""
    signature = scan_bytes(clamd, tmp_path, content)
    assert signature is not None
    assert signature.startswith(SIGNATURE)


@pytest.mark.parametrize("content", [b"", one_page(), with_attachment(b"harmless"), zipped(b"harmless")])
def test_scan_clean_file_has_no_signature(clamd: ClamdDaemon, tmp_path: Path, content: bytes) -> None:
    """There is no signature."""
    assert scan_bytes(clamd, tmp_path, content) is None


@pytest.mark.parametrize("megabytes", [FILE_MEGABYTES + 0.5, STREAM_MEGABYTES + 0.5, STREAM_MEGABYTES * 20])
def test_scan_oversized_file_is_not_scanned(clamd: ClamdDaemon, tmp_path: Path, megabytes: float) -> None:
    """Above MaxFileSize clamd does not scan, above StreamMaxLength it disconnects: both raise a typed error."""
    with pytest.raises(UnscannableFile):
        scan_bytes(clamd, tmp_path, bytes(int(megabytes * MEGABYTE)) + EICAR)


def test_scan_during_restart_is_unavailable_then_works(running_clamd: ClamdDaemon, tmp_path: Path) -> None:
    """No result while it is stopped, the right one afterwards."""
    running_clamd.stop()
    with pytest.raises(ScannerUnavailable):
        scan_bytes(running_clamd, tmp_path, EICAR)
    running_clamd.start()
    assert scan_bytes(running_clamd, tmp_path, EICAR) is not None
