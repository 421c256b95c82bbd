"""Time from the upload of one page to the router's decision: `python -m benchmarks.upload_to_decision`.

The program runs as `make run` runs it, with one document at a time. Times after the upload are those of the
workflow's history, so that no polling is measured.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.client import Client
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import RunningProgram, running_program
from benchmarks.timeline import WorkflowTimeline, now, timeline_of

GOAL_SECONDS, GOAL_START_MS = 5, 100
WARM_UP = 2


@dataclass(frozen=True, slots=True)
class DocumentTiming:
    """Timing of one document: times of the client, and of the workflow."""

    sent: float
    accepted: float
    timeline: WorkflowTimeline

    def steps(self) -> dict[str, float]:
        """Return seconds by step."""
        return {
            "upload, to its 202": self.accepted - self.sent,
            "202 to the workflow's start": self.timeline.started - self.accepted,
            "202 to the end of its first activity": self.timeline.first_activity_ended - self.accepted,
            "202 to the start of reading": self.timeline.reading - self.accepted,
            "reading": self.timeline.read - self.timeline.reading,
            "fields, checks, scores, decision": self.timeline.assessed - self.timeline.read,
            "upload to decision": self.timeline.assessed - self.sent,
        }


def measure(program: RunningProgram, client: Client, number: int, *, scan: bool) -> list[DocumentTiming]:
    """Send documents in sequence, the first of them to warm up."""
    passages = []
    environment = program.environment()
    for sample in invoices(number + WARM_UP, scan=scan):
        sent = now()
        document = client.upload(sample.filename, sample.content, sample.media_type, schema="invoice").body["id"]
        accepted = now()
        client.await_decision(document)
        passages.append(DocumentTiming(sent, accepted, timeline_of(environment, document)))
    return passages[WARM_UP:]


def report(kind: str, passages: list[DocumentTiming]) -> Iterator[str]:
    """Yield one kind's table."""
    yield f"\n### {kind}: {len(passages)} documents\n"
    rows = []
    for step in passages[0].steps():
        figures = spread(passage.steps()[step] for passage in passages)
        rows.append((step, *map(milliseconds, (figures.p50, figures.p95, figures.most))))
    yield table(("step, ms", "p50", "p95", "slowest"), rows)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="documents of each kind (40)")
    options = parser.parse_args()
    with running_program() as program:
        client = Client(program.url, program.keys("operator")[0])
        digital = measure(program, client, options.count, scan=False)
        scanned = measure(program, client, options.count, scan=True)
    for kind, passages in (("Born digital, one page", digital), ("Scanned, one page", scanned)):
        print("\n".join(report(kind, passages)))
    print(f"\nGoals: below {GOAL_SECONDS} s for a page; its first activity within {GOAL_START_MS} ms of the upload.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
