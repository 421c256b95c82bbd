"""How long a reviewer waits for a place of the page to be read again: `python -m benchmarks.region`.

The program runs as `make run` runs it. A place is asked for and its answer fetched over REST, looked for every
20 ms; first with nothing else to do, then while a batch of scans is read. The pause between two places is that of
a quick reviewer: the next reader is then warm again, as it is at a desk.
"""

import argparse
import sys
import time
from collections.abc import Iterator

from benchmarks.client import Client
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import running

GOAL_SECONDS = 2
LOOK_SECONDS = 0.02
PAUSE_SECONDS = 4.0
BATCH = 60
WARM_UP = 1


def places(client: Client, number: int) -> Iterator[tuple[str, list[float]]]:
    """Upload a scan and give a document and a box on its page, field after field."""
    (sample,) = invoices(1, scan=True)
    document = client.upload(sample.filename, sample.content, sample.media_type, schema="invoice").body["id"]
    client.await_decision(document)
    boxes = [field["bbox"] for field in client.get(f"/v1/documents/{document}/fields").body if field["bbox"]]
    for index in range(number):
        yield document, boxes[index % len(boxes)]


def read_again(client: Client, document: str, bbox: list[float]) -> tuple[float, bool]:
    """Give seconds from the question to the answer, and whether words came."""
    began = time.perf_counter()
    asked = client.post(f"/v1/documents/{document}/pages/1/regions", {"bbox": bbox}).body
    found = asked
    while found["status"] == "queued":
        time.sleep(LOOK_SECONDS)
        found = client.get(asked["links"]["self"]).body
    return time.perf_counter() - began, bool(found["text"])


def measure(client: Client, number: int) -> tuple[list[float], int]:
    """Ask for so many places, the first of them to warm up; gives the seconds of each and how many had words."""
    answers = []
    for document, bbox in places(client, number + WARM_UP):
        time.sleep(PAUSE_SECONDS)
        answers.append(read_again(client, document, bbox))
    kept = answers[WARM_UP:]
    return [seconds for seconds, _ in kept], sum(words for _, words in kept)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=15, help="places of each kind (15)")
    options = parser.parse_args()
    with running() as program:
        client = Client(program.url, program.keys("operator")[0])
        quiet, quiet_words = measure(client, options.count)
        for sample in invoices(BATCH, scan=True, first=1000):
            client.upload(sample.filename, sample.content, sample.media_type, schema="invoice", priority="-5")
        busy, busy_words = measure(client, options.count)
    rows = []
    for name, times, words in (("quiet", quiet, quiet_words), ("beside a batch of scans", busy, busy_words)):
        figures = spread(times)
        rows.append(
            (name, *map(milliseconds, (figures.p50, figures.p95, figures.most)), f"{words} of {len(times)}")
        )
    print(table(("a place read again, ms", "p50", "p95", "slowest", "with words"), rows))
    print(f"\nGoal: {GOAL_SECONDS} s from the question to the answer on a quiet machine.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
