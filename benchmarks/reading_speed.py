"""Speed and memory of reading: `python -m benchmarks reading_speed`.

The reader itself is measured, in its child processes, as a worker drives it: one document at a time for the time of a
page, two concurrently for the throughput of two cores. Pages come from the project's own generator: born digital, and
scanned with typical office wear; REFINERY_CORPUS adds real receipts. If OCRmyPDF and its dependencies are installed,
it reads the same scanned files in the same run. Any other load on the machine worsens all of these figures.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import spread, table
from benchmarks.reading_load import MemoryUse, native_file, receipt_file, scanned_file, watch_memory
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions

CONCURRENT_FILES = 2
PAGES_PER_CHAPTER = 20  # pages of a native document


@dataclass(frozen=True, slots=True)
class ReadingLoad:
    """Files to read."""

    native: tuple[Path, ...]
    scanned: tuple[Path, ...]


def make_load(folder: Path, options: argparse.Namespace) -> ReadingLoad:
    """Write the files."""
    native = [
        native_file(folder, f"native-{at}.pdf", PAGES_PER_CHAPTER, PAGES_PER_CHAPTER * at)
        for at in range(options.native // PAGES_PER_CHAPTER)
    ]
    scanned = [scanned_file(folder, at) for at in range(options.scanned)]
    if options.corpus:
        pictures = sorted((Path(options.corpus) / "sroie").glob("*.jpg"))[: options.scanned]
        scanned += [receipt_file(picture, folder) for picture in pictures]
    return ReadingLoad(tuple(native), tuple(scanned))


def seconds_a_page(reader: SandboxedPageReader, path: Path, mode: str) -> Iterator[tuple[float, WordSource]]:
    """Read a file and yield the seconds of each page; images are deleted as by a worker."""
    with tempfile.TemporaryDirectory() as folder:
        before = time.perf_counter()
        for page in reader.read(path, Path(folder), ReadingOptions("application/pdf", mode=mode)):
            now = time.perf_counter()
            if page.reading.error:
                sys.stderr.write(f"{path.name}: {page.reading.error}\n")
            yield now - before, page.reading.source
            page.image.unlink()
            page.thumbnail.unlink()
            before = time.perf_counter()


def read_one_by_one(files: Sequence[Path], mode: str) -> list[float]:
    """Read files in sequence with a prestarted child process; return the seconds of each page."""
    reader = SandboxedPageReader()
    reader.prepare()
    try:
        list(seconds_a_page(reader, files[0], mode))
        return [seconds for path in files for seconds, _ in seconds_a_page(reader, path, mode)]
    finally:
        reader.close()


def read_concurrently(files: Sequence[Path], mode: str) -> float:
    """Read two files at a time; return pages per second."""
    reader = SandboxedPageReader()
    reader.prepare()
    try:
        began = time.perf_counter()
        with ThreadPoolExecutor(CONCURRENT_FILES) as pool:
            pages = sum(pool.map(lambda path: sum(1 for _ in seconds_a_page(reader, path, mode)), files))
        return pages / (time.perf_counter() - began)
    finally:
        reader.close()


def ocrmypdf(files: Sequence[Path]) -> float | None:
    """Run OCRmyPDF on the same files, two at a time; return pages per second, None if it cannot run."""
    program = shutil.which("ocrmypdf", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        sys.stderr.write("OCRmyPDF is not installed: pip install ocrmypdf\n")
        return None
    with tempfile.TemporaryDirectory() as folder:

        def convert(path: Path) -> int:
            command = [
                program,
                "--force-ocr",
                "--output-type",
                "pdf",
                "--optimize",
                "0",
                "--jobs",
                "1",
                "-q",
                str(path),
                str(Path(folder) / path.name),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.stderr.write(f"OCRmyPDF: {done.stderr.strip()[-300:]}\n")
            return done.returncode

        began = time.perf_counter()
        with ThreadPoolExecutor(CONCURRENT_FILES) as pool:
            failed = sum(map(bool, pool.map(convert, files)))
        return None if failed else len(files) / (time.perf_counter() - began)


def read_many_pages(load: ReadingLoad, pages: int, mode: str) -> tuple[int, MemoryUse]:
    """Read many pages, one scanned after each native chapter, two documents at a time; measure the memory."""
    chapters = max(pages // (PAGES_PER_CHAPTER + 1), 1)
    files = [
        path
        for at in range(chapters)
        for path in (load.native[at % len(load.native)], load.scanned[at % len(load.scanned)])
    ]
    reader = SandboxedPageReader()
    reader.prepare()
    try:
        with watch_memory() as memory, ThreadPoolExecutor(CONCURRENT_FILES) as pool:
            read = sum(pool.map(lambda path: sum(1 for _ in seconds_a_page(reader, path, mode)), files))
    finally:
        reader.close()
    return read, memory


def _row(name: str, seconds: Sequence[float], goal: str) -> tuple[str, ...]:
    took = spread(seconds)
    return name, str(took.count), f"{took.p50:.2f}", f"{took.p95:.2f}", f"{took.most:.2f}", goal


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS") or None)
    parser.add_argument("--mode", choices=("fast", "standard", "thorough"), default="standard")
    parser.add_argument("--native", type=int, default=100, help="born-digital pages")
    parser.add_argument("--scanned", type=int, default=20, help="scanned pages, and as many real receipts")
    parser.add_argument("--pages", type=int, default=1000, help="pages of the endurance run; 0 skips it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        load = make_load(Path(folder), options)
        native, scanned = read_one_by_one(load.native, options.mode), read_one_by_one(load.scanned, options.mode)
        print(f"Seconds a page, one document at a time, mode `{options.mode}`:\n")
        goals = ("p50 0.15", "p50 4, p95 9")
        rows = [_row("native", native, goals[0]), _row("read by OCR", scanned, goals[1])]
        print(table(("", "pages", "p50", "p95", "slowest", "goal"), rows))
        ours, peer = read_concurrently(load.scanned, options.mode), ocrmypdf(load.scanned)
        print("\nPages a second, two documents at a time:\n")
        rates = [
            ("native", f"{read_concurrently(load.native, options.mode):.1f}", ">= 10"),
            ("read by OCR", f"{ours:.2f}", ">= 0.4"),
        ]
        if peer:
            rates.append(
                (
                    "OCRmyPDF, the same files",
                    f"{peer:.2f}",
                    f"Refinery takes {peer / ours:.1f} times as long; goal <= 5",
                )
            )
        print(table(("", "pages a second", "goal"), rates))
        if options.pages:
            read, memory = read_many_pages(load, options.pages, options.mode)
            print(f"\nMemory over {read} pages, two documents at a time, a fresh child for each:\n")
            print(
                table(
                    ("", "MiB", "goal"),
                    [
                        ("worker and its children together, at most", f"{memory.most:.0f}", "< 1600"),
                        ("worker only, at most", f"{max(memory.parent):.0f}", ""),
                        ("growth of the worker", f"{memory.growth:+.0f}", "< 50"),
                    ],
                )
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
