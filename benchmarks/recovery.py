"""Recovery from killed processes: `python -m benchmarks.recovery [--documents 200] [--kills 24] [--seconds 120]`.

The same documents go through two fresh programs: one is left alone; in the other the relay or a worker is killed with
SIGKILL at equal intervals, in random order with a fixed seed, while the supervisor restarts what was killed. Reported
are the seconds from the last kill to the last decision, and what became of each document.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import psutil

from benchmarks.client import Client
from benchmarks.figures import table
from benchmarks.papers import invoices
from benchmarks.running import RunningProgram, running_program
from benchmarks.throughput import await_batch, send_all
from samples.sample import Sample

GOAL_SECONDS = 60
VICTIMS = ("relay", "worker-io", "worker-cpu", "worker-gpu")
SEED = 20_261_130
GIVE_UP_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class RecoveryRun:
    """One run: seconds from the first upload to the last decision, and from the last kill (0 without kills)."""

    kills: int
    seconds: float
    after_last_kill: float
    outcomes: dict[str, int]
    tasks_per_document: dict[int, int]


def kill_repeatedly(program: RunningProgram, kills: int, seconds: float) -> float:
    """Kill a program at equal intervals; return the time of the last kill."""
    chance, began = Random(SEED), time.perf_counter()  # noqa: S311 - a fixed stream, so that two runs agree
    for number in range(kills):
        time.sleep(max(0.0, began + (number + 1) * seconds / kills - time.perf_counter()))
        running = program.processes()
        with suppress(psutil.NoSuchProcess):
            running[chance.choice([name for name in VICTIMS if name in running])].kill()
    return time.perf_counter()


def tasks_per_document(client: Client) -> dict[int, int]:
    """Return how many documents have one task, two tasks and so on."""
    documents: Counter[str] = Counter()
    path = "/v1/review/tasks?limit=200"
    while path:
        page = client.get(path).body
        documents.update(task["document"] for task in page["results"])
        path = page["next"] or ""
        path = path[path.find("/v1/") :]
    return dict(Counter(documents.values()))


def run(samples: Sequence[Sample], kills: int, seconds: float) -> RecoveryRun:
    """Send the documents to a fresh program, with or without kills."""
    with running_program() as program:
        key = program.keys("org_admin")[0]
        client = Client(program.url, key)
        batch = client.post("/v1/batches", {"name": "recovery"}).body["id"]
        began = time.perf_counter()
        send_all(program, key, batch, samples)
        killed = kill_repeatedly(program, kills, seconds) if kills else 0.0
        client = Client(program.url, key)  # the server has closed the idle connection
        outcomes = await_batch(client, batch, len(samples), GIVE_UP_SECONDS)
        ended = time.perf_counter()
        return RecoveryRun(kills, ended - began, ended - killed if kills else 0.0, outcomes, tasks_per_document(client))


def report(runs: Sequence[RecoveryRun]) -> str:
    """Return the table."""
    return table(
        ("kills", "first upload to last decision, s", "last kill to last decision, s", "outcomes", "tasks a document"),
        (
            (
                str(one.kills),
                f"{one.seconds:.0f}",
                f"**{one.after_last_kill:.0f}**" if one.kills else "",
                ", ".join(f"{count} {status}" for status, count in sorted(one.outcomes.items())),
                ", ".join(f"{tasks}: {count}" for tasks, count in sorted(one.tasks_per_document.items())),
            )
            for one in runs
        ),
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200, help="invoices of one page (200)")
    parser.add_argument("--scans", type=int, default=0, help="how many of them are scanned (0)")
    parser.add_argument("--kills", type=int, default=24, help="processes killed (24)")
    parser.add_argument("--seconds", type=float, default=120, help="time in which they are killed (120)")
    options = parser.parse_args()
    scans = list(invoices(options.scans, scan=True, first=5000)) if options.scans else []
    samples = [*invoices(options.documents - len(scans), scan=False, first=4000), *scans]
    Random(SEED).shuffle(samples)  # noqa: S311 - a fixed stream, so that two runs agree
    runs = [run(samples, kills, options.seconds) for kills in (0, options.kills)]
    print(f"{len(samples)} invoices of one page, {len(scans)} of them scanned; killed: {', '.join(VICTIMS)}.\n")
    print(report(runs))
    print(f"\nGoal: every document decided, one task each, at most {GOAL_SECONDS} s after the last kill.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
