"""Documents per minute end to end: `python -m benchmarks.throughput [--digital 100] [--scans 40]`.

Everything runs on this machine: web, PostgreSQL, Temporal, the workers, and the client, which sends the whole
batch at once and then polls its progress. The time is that from the first upload to the last decision.
"""

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil

from benchmarks import machine
from benchmarks.client import IN_PROGRESS_STATES, Client
from benchmarks.figures import table
from benchmarks.papers import invoices
from benchmarks.running import MACHINE, RunningProgram, cpu_spent, running_program
from samples.sample import Sample

SENDERS = 4
POLL_SECONDS = 0.5
READERS = "readers, client and all else"


@dataclass(frozen=True, slots=True)
class BatchFlow:
    """Result of a batch: total seconds, utilisation of the machine, CPU seconds by program."""

    kind: str
    documents: int
    seconds: float
    busy: float
    cpu: dict[str, float]
    outcomes: dict[str, int]

    def cpu_of(self, name: str) -> float:
        """Return the CPU seconds of a program; of READERS, those of the machine less all programs."""
        if name != READERS:
            return self.cpu.get(name, 0.0)
        return 2 * self.cpu[MACHINE] - sum(self.cpu.values())

    @property
    def per_minute(self) -> float:
        """Return documents per minute."""
        return 60 * self.documents / self.seconds


def send_all(program: RunningProgram, key: str, batch: str, samples: Sequence[Sample]) -> None:
    """Upload over a few concurrent connections."""

    def send(part: Sequence[Sample]) -> None:
        client = Client(program.url, key)
        for sample in part:
            client.upload(sample.filename, sample.content, sample.media_type, batch=batch)

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(send, [samples[start::SENDERS] for start in range(SENDERS)]))


def await_batch(client: Client, batch: str, expected: int, seconds: float = math.inf) -> dict[str, int]:
    """Wait until every document of a batch is decided, or for so long, and return their number by status."""
    deadline = time.monotonic() + seconds
    while True:
        counts: dict[str, int] = client.get(f"/v1/batches/{batch}").body["counts"]
        decided = sum(counts.values()) == expected and not IN_PROGRESS_STATES & counts.keys()
        if decided or time.monotonic() > deadline:
            return counts
        time.sleep(POLL_SECONDS)


def run_batch(program: RunningProgram, key: str, kind: str, samples: Sequence[Sample]) -> BatchFlow:
    """Send a batch and wait until its last document is decided."""
    client = Client(program.url, key)
    batch = client.post("/v1/batches", {"name": kind}).body["id"]
    psutil.cpu_percent()
    before, began = program.cpu_seconds(), time.perf_counter()
    send_all(program, key, batch, samples)
    counts = await_batch(client, batch, len(samples))
    seconds, busy = time.perf_counter() - began, psutil.cpu_percent()
    return BatchFlow(kind, len(samples), seconds, busy, cpu_spent(before, program.cpu_seconds()), counts)


def report(flows: Sequence[BatchFlow]) -> Iterator[str]:
    """Yield the tables."""
    yield table(
        ("batch", "documents", "seconds", "documents a minute", "machine busy", "outcomes"),
        (
            (
                flow.kind,
                flow.documents,
                f"{flow.seconds:.1f}",
                f"**{flow.per_minute:.0f}**",
                f"{flow.busy:.0f} %",
                ", ".join(f"{count} {status}" for status, count in sorted(flow.outcomes.items())),
            )
            for flow in flows
        ),
    )
    yield "\nProcessor seconds a document, by program:\n"
    yield table(
        ("program", *(flow.kind for flow in flows)),
        (
            (name, *(f"{flow.cpu_of(name) / flow.documents:.3f}" for flow in flows))
            for name in (*sorted(flows[0].cpu.keys() - {MACHINE}), READERS, MACHINE)
        ),
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digital", type=int, default=100, help="born digital documents (100)")
    parser.add_argument("--scans", type=int, default=40, help="scanned documents (40)")
    options = parser.parse_args()
    digital = list(invoices(options.digital * 2, scan=False, first=1000))
    scans = list(invoices(options.scans * 2, scan=True, first=2000))
    mixed = [one for pair in zip(digital[options.digital :], scans[options.scans :], strict=False) for one in pair]
    batches = (
        ("born digital", digital[: options.digital]),
        ("scanned", scans[: options.scans]),
        ("half and half", mixed),
    )
    with running_program() as program:
        key = program.keys("operator")[0]
        run_batch(program, key, "warm-up", list(invoices(4, scan=True, first=9000)))
        flows = [run_batch(program, key, kind, samples) for kind, samples in batches]
    print(f"Invoices of one page on {machine.describe().cores} cores, shared with the client.\n")
    print("\n".join(report(flows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
