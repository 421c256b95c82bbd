"""Waiting time of a reviewer for a region of the page to be read again: `python -m benchmarks.region`.

The program runs as `make run` runs it. A region is requested and its result polled over REST every 20 ms; first
without other work, then while a batch of scans is read. The pause between two regions is that of a fast reviewer: the
next reader is then warm again, as in practice.
"""

import argparse
import sys
import time
from collections.abc import Iterator

from benchmarks.client import Client
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import running_program

GOAL_SECONDS = 2
POLL_INTERVAL_SECONDS = 0.02
PAUSE_SECONDS = 4.0
BATCH = 60
WARM_UP = 1


def field_regions(client: Client, number: int) -> Iterator[tuple[str, list[float]]]:
    """Upload a scan and yield a document and a box on its page for each field."""
    (sample,) = invoices(1, scan=True)
    document = client.upload(sample.filename, sample.content, sample.media_type, schema="invoice").body["id"]
    client.await_decision(document)
    boxes = [field["bbox"] for field in client.get(f"/v1/documents/{document}/fields").body if field["bbox"]]
    for index in range(number):
        yield document, boxes[index % len(boxes)]


def time_reread(client: Client, document: str, bbox: list[float]) -> tuple[float, bool]:
    """Return the seconds from the request to the result, and whether it has words."""
    began = time.perf_counter()
    asked = client.post(f"/v1/documents/{document}/pages/1/regions", {"bbox": bbox}).body
    found = asked
    while found["status"] == "queued":
        time.sleep(POLL_INTERVAL_SECONDS)
        found = client.get(asked["links"]["self"]).body
    return time.perf_counter() - began, bool(found["text"])


def measure(client: Client, number: int) -> tuple[list[float], int]:
    """Request `number` regions, the first to warm up; return the seconds of each and how many had words."""
    answers = []
    for document, bbox in field_regions(client, number + WARM_UP):
        time.sleep(PAUSE_SECONDS)
        answers.append(time_reread(client, document, bbox))
    kept = answers[WARM_UP:]
    return [seconds for seconds, _ in kept], sum(words for _, words in kept)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=15, help="regions of each kind (15)")
    options = parser.parse_args()
    with running_program() as program:
        client = Client(program.url, program.keys("operator")[0])
        quiet, quiet_words = measure(client, options.count)
        for sample in invoices(BATCH, scan=True, first=1000):
            client.upload(sample.filename, sample.content, sample.media_type, schema="invoice", priority="-5")
        busy, busy_words = measure(client, options.count)
    rows = []
    for name, times, words in (("quiet", quiet, quiet_words), ("during a batch of scans", busy, busy_words)):
        figures = spread(times)
        rows.append((name, *map(milliseconds, (figures.p50, figures.p95, figures.most)), f"{words} of {len(times)}"))
    print(table(("a region read again, ms", "p50", "p95", "slowest", "with words"), rows))
    print(f"\nGoal: {GOAL_SECONDS} s from the request to the response on a quiet machine.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
