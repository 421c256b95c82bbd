"""Test files for reading speed, and measurement of the reader's memory."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pymupdf
from PIL import Image as Pillow

from samples.generate import make_sample
from samples.plans import SamplePlan

KINDS = ("invoice", "lab_report", "discharge_letter")
PROFILES = ("office", "worn", "office", "low_contrast", "office", "fax")
SEED = 77
MIB = 2**20
_EVERY_SECONDS = 0.2


def native_file(folder: Path, name: str, pages: int, first: int = 0) -> Path:
    """Write a born-digital PDF of `pages` pages: letters, invoices and reports in turn."""
    book, index = pymupdf.open(), first
    while len(book) < pages:
        plan = SamplePlan(KINDS[index % 3], SEED, index, f"native-{index}", scan=False)
        with pymupdf.open(stream=make_sample(plan).content, filetype="pdf") as part:
            book.insert_pdf(part, to_page=min(len(part), pages - len(book)) - 1)
        index += 1
    path = folder / name
    book.save(path, garbage=4, deflate=True)
    return path


def scanned_file(folder: Path, index: int) -> Path:
    """Write a PDF of one scanned page, as office scanners do."""
    kind, profile = KINDS[index % 3], PROFILES[index % len(PROFILES)]
    plan = SamplePlan(kind, SEED, index, f"scan-{index}", scan=True, profile=profile, long=False, extension="tif")
    with Pillow.open(io.BytesIO(make_sample(plan).content)) as scan:
        return _scan_to_pdf(
            scan.convert("RGB"), float(scan.info.get("dpi", (200, 200))[0]), folder / f"scan-{index}.pdf"
        )


def _scan_to_pdf(picture: Pillow.Image, dpi: float, path: Path) -> Path:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    document = pymupdf.open()
    page = document.new_page(width=picture.width * 72 / dpi, height=picture.height * 72 / dpi)
    page.insert_image(page.rect, stream=buffer.getvalue())
    document.save(path)
    return path


def receipt_file(picture: Path, folder: Path) -> Path:
    """Write a PDF around a photographed or scanned receipt."""
    with Pillow.open(picture) as scan:
        return _scan_to_pdf(scan.convert("RGB"), 200.0, folder / f"{picture.stem}.pdf")


@dataclass
class MemoryUse:
    """Resident memory in MiB, sampled five times a second: this process, and its children together."""

    parent: list[float] = field(default_factory=list)
    children: list[float] = field(default_factory=list)

    @property
    def most(self) -> float:
        """Return the maximum of parent and children together."""
        return max(a + b for a, b in zip(self.parent, self.children, strict=True))

    @property
    def growth(self) -> float:
        """Return the growth of the parent between the second and the last tenth of the time."""
        tenth = max(len(self.parent) // 10, 1)
        before, after = sorted(self.parent[tenth : 2 * tenth]), sorted(self.parent[-tenth:])
        return after[len(after) // 2] - before[len(before) // 2]


@contextmanager
def watch_memory() -> Iterator[MemoryUse]:
    """Sample the memory for the duration of the block."""
    memory, over, ours = MemoryUse(), threading.Event(), psutil.Process()

    def look() -> None:
        while True:
            memory.parent.append(ours.memory_info().rss / MIB)
            memory.children.append(sum(map(_resident, ours.children(recursive=True))))
            if over.wait(_EVERY_SECONDS):
                return

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / MIB
    except psutil.Error:
        return 0.0
