"""Waiting time of callers of POST /v1/extract for pages and fields: `python -m benchmarks.extract`.

The program runs as `make run` runs it, with one file at a time. REFINERY_CORPUS adds real files of many formats:
office files, mails, texts, pictures and PDFs, of any number of pages.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from benchmarks.client import Client, RequestRefused
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import running_program

GOAL_SECONDS = 10
WARM_UP = 2
MAX_FILE_BYTES = 5 * 2**20
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ExtractFile:
    """File to send."""

    name: str
    content: bytes
    media_type: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class ExtractWait:
    """Waiting time of a call, its kind of result, and the page count."""

    name: str
    seconds: float
    status: int
    pages: int = 0


def generated_files(number: int, *, scan: bool) -> list[ExtractFile]:
    """Generate invoices of one page."""
    samples = invoices(number + WARM_UP, scan=scan, first=5000)
    return [ExtractFile(sample.filename, sample.content, sample.media_type) for sample in samples]


def corpus_files(corpus: Path) -> list[ExtractFile]:
    """Return real files of many formats, without very large ones."""
    paths = sorted(path for path in (corpus / "formats").iterdir() if 0 < path.stat().st_size <= MAX_FILE_BYTES)
    return [ExtractFile(path.name, path.read_bytes()) for path in paths]


def measure_waits(client: Client, files: Sequence[ExtractFile]) -> Iterator[ExtractWait]:
    """Send the files in sequence."""
    for file in files:
        began = time.perf_counter()
        try:
            answer = client.upload(file.name, file.content, file.media_type, to="/v1/extract")
        except RequestRefused as refused:
            yield ExtractWait(file.name, time.perf_counter() - began, refused.status)
        else:
            yield ExtractWait(file.name, answer.seconds, answer.status, len(answer.body.get("pages", ())))


def row(kind: str, found: Sequence[ExtractWait]) -> tuple[str, ...]:
    """Return the table row of one kind: answered at once, with a link for later, or with a reason."""
    figures = spread(wait.seconds for wait in found)
    times = map(milliseconds, (figures.p50, figures.p95, figures.most))
    statuses = [wait.status for wait in found]
    answered, later = statuses.count(HTTPStatus.OK), statuses.count(HTTPStatus.ACCEPTED)
    return kind, str(len(found)), str(answered), str(later), str(len(found) - answered - later), *times


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS") or None)
    parser.add_argument("--count", type=int, default=20, help="documents of each generated kind (20)")
    options = parser.parse_args()
    kinds = {
        "born digital, one page": generated_files(options.count, scan=False),
        "scanned, one page": generated_files(options.count, scan=True),
    }
    with running_program() as program:
        client = Client(program.url, program.keys("operator")[0])
        found = {kind: list(measure_waits(client, papers))[WARM_UP:] for kind, papers in kinds.items()}
        if options.corpus:
            found["real files of many formats"] = list(measure_waits(client, corpus_files(options.corpus)))
    head = ("files", "sent", "pages and fields", "a link", "a reason", "p50, ms", "p95, ms", "slowest, ms")
    print(table(head, (row(kind, waited) for kind, waited in found.items())))
    slowest = sorted((wait for waited in found.values() for wait in waited), key=lambda wait: -wait.seconds)[:5]
    slowest_waits = (f"{wait.name} {wait.seconds:.1f} s ({wait.pages or 'no'} pages)" for wait in slowest)
    print(f"\nThe slowest: {', '.join(slowest_waits)}.")
    print(f"Goal: pages and fields within {GOAL_SECONDS} s, from the first byte sent to the last received.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
