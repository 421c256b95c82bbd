"""Documents and regions share a pool: a region that a person waits for is read at a higher priority."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader, open_descriptor
from ingestion.adapters.sandbox.frames import Frame
from ingestion.adapters.sandbox.limits import BACKGROUND_NICENESS, SandboxLimits
from ingestion.adapters.sandbox.pool import SandboxPool
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.ports import ReadingOptions
from tests.support import page_files

OWN_NICENESS = os.getpriority(os.PRIO_PROCESS, 0)
BOX = [0.0, 0.0, 1.0, 0.2]


@pytest.fixture
def shared() -> Iterator[SandboxPool]:
    """Yield a pool as the cpu worker has it."""
    pool = SandboxPool(SandboxLimits(niceness=0), prestart=False)
    yield pool
    pool.close()


def niceness_of_reader(pool: SandboxPool) -> int:
    """Return the niceness of the child that reads, which may be inside of bubblewrap."""
    (child,) = pool.busy()
    process = psutil.Process(child.pid)
    return max(int(each.nice()) for each in (process, *process.children(recursive=True)))


def test_document_is_read_at_low_priority(shared: SandboxPool, tmp_path: Path) -> None:
    pages = SandboxedPageReader(shared).read(
        page_files.native_pdf(tmp_path / "a.pdf", pages=2), tmp_path, ReadingOptions(PDF)
    )
    next(pages)
    assert niceness_of_reader(shared) == max(BACKGROUND_NICENESS, OWN_NICENESS)
    pages.close()


def test_region_is_read_at_normal_priority(shared: SandboxPool, tmp_path: Path) -> None:
    source = page_files.native_pdf(tmp_path / "a.pdf")
    child = shared.acquire()
    with open_descriptor(source) as descriptor:
        request = {"kind": "region", "media_type": PDF, "page": 1, "bbox": BOX, "engines": [], "language": "eng"}
        child.send_request(Frame({**request, "mode": "standard"}), descriptor)
        child.receive_frame()
    assert niceness_of_reader(shared) == OWN_NICENESS
    shared.release(child)
