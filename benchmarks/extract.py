"""How long a caller of POST /v1/extract waits for pages and fields: `python -m benchmarks.extract`.

The program runs as `make run` runs it, and one file is under way at a time. REFINERY_CORPUS adds real files of
many formats: office files, mails, texts, pictures and PDFs, of any number of pages.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from benchmarks.client import Client, Refused
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import running

GOAL_SECONDS = 10
WARM_UP = 2
MOST_BYTES = 5 * 2**20
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to send."""

    name: str
    content: bytes
    media_type: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the caller waited, for what, and for how many pages."""

    name: str
    seconds: float
    status: int
    pages: int = 0


def generated(number: int, *, scan: bool) -> list[Paper]:
    """Make invoices of one page."""
    samples = invoices(number + WARM_UP, scan=scan, first=5000)
    return [Paper(sample.filename, sample.content, sample.media_type) for sample in samples]


def real(corpus: Path) -> list[Paper]:
    """Give real files of many formats, without those that are too large to be waited for."""
    paths = sorted(path for path in (corpus / "formats").iterdir() if 0 < path.stat().st_size <= MOST_BYTES)
    return [Paper(path.name, path.read_bytes()) for path in paths]


def waits(client: Client, papers: Sequence[Paper]) -> Iterator[Wait]:
    """Send one after another."""
    for paper in papers:
        began = time.perf_counter()
        try:
            answer = client.upload(paper.name, paper.content, paper.media_type, to="/v1/extract")
        except Refused as refused:
            yield Wait(paper.name, time.perf_counter() - began, refused.status)
        else:
            yield Wait(paper.name, answer.seconds, answer.status, len(answer.body.get("pages", ())))


def row(kind: str, found: Sequence[Wait]) -> tuple[str, ...]:
    """Write a kind's row: what was answered at once, with a link for later, or with a reason."""
    figures = spread(wait.seconds for wait in found)
    told = map(milliseconds, (figures.p50, figures.p95, figures.most))
    statuses = [wait.status for wait in found]
    answered, later = statuses.count(HTTPStatus.OK), statuses.count(HTTPStatus.ACCEPTED)
    return kind, str(len(found)), str(answered), str(later), str(len(found) - answered - later), *told


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS") or None)
    parser.add_argument("--count", type=int, default=20, help="documents of each generated kind (20)")
    options = parser.parse_args()
    kinds = {
        "born digital, one page": generated(options.count, scan=False),
        "scanned, one page": generated(options.count, scan=True),
    }
    with running() as program:
        client = Client(program.url, program.keys("operator")[0])
        found = {kind: list(waits(client, papers))[WARM_UP:] for kind, papers in kinds.items()}
        if options.corpus:
            found["real files of many formats"] = list(waits(client, real(options.corpus)))
    head = ("files", "sent", "pages and fields", "a link", "a reason", "p50, ms", "p95, ms", "slowest, ms")
    print(table(head, (row(kind, waited) for kind, waited in found.items())))
    slowest = sorted((wait for waited in found.values() for wait in waited), key=lambda wait: -wait.seconds)[:5]
    told = (f"{wait.name} {wait.seconds:.1f} s ({wait.pages or 'no'} pages)" for wait in slowest)
    print(f"\nThe slowest: {', '.join(told)}.")
    print(f"Goal: pages and fields within {GOAL_SECONDS} s, from the first byte sent to the last received.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
