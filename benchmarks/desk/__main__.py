"""The desk with 10,000 open tasks: next with claim, open, submit, list, with one client and with eight.

Clients are separate processes on this machine, each with an API key (a service user) and one persistent connection;
the web process is the single daphne of `make run`. See desk.seed for the rows, desk.reviewer for the work.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from benchmarks.client import Client
from benchmarks.desk.peers import AT_EIGHT, FILTERED, LIST, PEERS
from benchmarks.desk.reviewer import CYCLE, NEXT, OPEN, SUBMIT, ReviewShift, claim_tasks, repeat, review_tasks
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import RunningProgram, cpu_spent, running_program

TEMPLATES = 24
CONCURRENT_CLIENTS = 8
HEAD_START_SECONDS = 3.0
ADDRESSES = {
    LIST: "/v1/review/tasks?limit=50",
    FILTERED: "/v1/review/tasks?limit=50&status=OPEN&schema=invoice&priority=1",
    "desk page": "/",
    "desk page, searched": "/?q=0042",
    "documents, list of 50": "/v1/documents?limit=50&status=IN_REVIEW",
}


@dataclass(frozen=True, slots=True)
class ShiftGroup:
    """Concurrent shifts, and the CPU seconds that the program spent on them."""

    shifts: tuple[ReviewShift, ...]
    cpu: dict[str, float]

    def seconds(self, name: str) -> list[float]:
        """Return the seconds of all requests of this name, over all clients."""
        return [each for shift in self.shifts for each in shift.seconds.get(name, [])]

    def per_second(self, name: str) -> float:
        """Return the requests per second of all clients together."""
        wall = max(shift.ended for shift in self.shifts) - min(shift.began for shift in self.shifts)
        return len(self.seconds(name)) / wall


def read_templates(program: RunningProgram, key: str) -> None:
    """Upload documents and wait until they are in the review queue."""
    client = Client(program.url, key)
    sent = [client.upload(s.filename, s.content, s.media_type) for s in invoices(TEMPLATES, scan=False, first=5000)]
    for answer in sent:
        client.await_decision(answer.body["id"], every_seconds=0.5)


def run_side_by_side(
    program: RunningProgram, keys: Sequence[Any], task: Callable[..., ReviewShift], cycles: int
) -> ShiftGroup:
    """Run the task in one process per key or group of keys, all starting at the same time."""
    before, begin_at = program.cpu_seconds(), time.time() + HEAD_START_SECONDS
    with ProcessPoolExecutor(len(keys), mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(task, program.url, key, cycles, begin_at) for key in keys]
        shifts = tuple(job.result() for job in jobs)
    return ShiftGroup(shifts, cpu_spent(before, program.cpu_seconds()))


def measure_lists(program: RunningProgram, key: str, times: int) -> dict[str, ShiftGroup]:
    """Request each list repeatedly with one client."""
    rounds = {}
    for name, path in ADDRESSES.items():
        before = program.cpu_seconds()
        shift = repeat(program.url, key, name, path, times)
        rounds[name] = ShiftGroup((shift,), cpu_spent(before, program.cpu_seconds()))
    return rounds


def figures_row(name: str, found: ShiftGroup) -> tuple[str, ...]:
    """Return the table row of one request."""
    figures = spread(found.seconds(name))
    times = map(milliseconds, (figures.p50, figures.p95, figures.p99))
    return (name, *times, f"{found.per_second(name):.1f}", str(figures.count))


def report(
    alone: ShiftGroup, claims: ShiftGroup, eight: ShiftGroup, lists: dict[str, ShiftGroup], bare: dict[str, Any]
) -> Iterator[str]:
    """Return all tables."""
    head = ("request", "p50 ms", "p95 ms", "p99 ms", "a second", "measured")
    yield "### One client\n"
    yield table(
        head,
        [*(figures_row(name, alone) for name in CYCLE), *(figures_row(name, found) for name, found in lists.items())],
    )
    yield "\n### Eight clients, whole cycles (next, open, words, submit)\n"
    yield table(head, [figures_row(name, eight) for name in CYCLE])
    yield "\n### Eight clients, only next (a different person each time)\n"
    yield table(head, [figures_row(NEXT, claims)])
    yield "\n### Processor time, ms of web and of PostgreSQL\n"
    yield table(("work", "web", "postgres", "relay and workers"), _cpu_rows(alone, eight, lists))
    yield "\n### The claim: service compared with the bare SQL statement\n"
    rows = [(name, *_percentiles(bare[key])) for key, name in (("statement", "bare SQL"), ("service", "service"))]
    ratio = spread(bare["service"]).p50 / spread(bare["statement"]).p50
    yield table(("claim", "p50 ms", "p95 ms", "p99 ms"), rows)
    yield f"\nThe service takes {ratio:.1f} times the statement."
    yield "\n### Compared with peers (p50 ms at one client; see benchmarks/desk/peers.py)\n"
    yield table(("program", *_COMPARED_REQUESTS), _peer_rows(alone, lists))
    yield table_of_eight(claims, eight)


_COMPARED_REQUESTS = (NEXT, OPEN, SUBMIT, LIST, FILTERED)


def _percentiles(seconds: Sequence[float]) -> tuple[str, ...]:
    figures = spread(seconds)
    return tuple(f"{1000 * value:.2f}" for value in (figures.p50, figures.p95, figures.p99))


def _cpu_rows(alone: ShiftGroup, eight: ShiftGroup, lists: dict[str, ShiftGroup]) -> Iterator[tuple[str, ...]]:
    cycles = (("a cycle, one client", NEXT, alone), ("a cycle, eight clients", NEXT, eight))
    for title, name, found in (*cycles, *((name, name, found) for name, found in lists.items())):
        count = len(found.seconds(name))
        rest = sum(used for program, used in found.cpu.items() if program.startswith(("relay", "worker")))
        yield (title, *(f"{1000 * used / count:.1f}" for used in (found.cpu["web"], found.cpu["postgres"], rest)))


def _peer_rows(alone: ShiftGroup, lists: dict[str, ShiftGroup]) -> Iterator[tuple[str, ...]]:
    ours = {name: milliseconds(spread(alone.seconds(name)).p50) for name in (NEXT, OPEN, SUBMIT)}
    ours |= {name: milliseconds(spread(lists[name].seconds(name)).p50) for name in (LIST, FILTERED)}
    yield ("**Refinery**", *(f"**{ours[name]}**" for name in _COMPARED_REQUESTS))
    for peer, theirs in PEERS.items():
        yield (peer, *(theirs[name] for name in _COMPARED_REQUESTS))


def table_of_eight(claims: ShiftGroup, eight: ShiftGroup) -> str:
    """Return the comparison at eight clients."""
    rows = [("**Refinery**", f"**{claims.per_second(NEXT):.1f}**", f"**{eight.per_second(SUBMIT):.1f}**")]
    rows += [(peer, *figures) for peer, figures in AT_EIGHT.items()]
    return "\n" + table(("at eight clients, a second", "next", "next + submit"), rows)


def main() -> int:
    """Fill the desk, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--cycles", type=int, default=200, help="tasks that a lone client takes (200)")
    parser.add_argument("--each", type=int, default=60, help="tasks that each of eight takes (60)")
    options = parser.parse_args()
    with running_program() as program:
        keys = program.keys("operator", 1 + CONCURRENT_CLIENTS)
        read_templates(program, program.keys("operator")[0])  # four eyes: the uploader reviews none of them
        rows = program.python("benchmarks.desk.seed", "--tasks", str(options.tasks))
        run_side_by_side(program, keys[:1], review_tasks, 20)
        alone = run_side_by_side(program, keys[:1], review_tasks, options.cycles)
        lists = measure_lists(program, keys[0], options.cycles)
        eight = run_side_by_side(program, keys[1:], review_tasks, options.each)
        crowd = program.keys("operator", CONCURRENT_CLIENTS * options.each)
        claims = run_side_by_side(
            program, [crowd[at::CONCURRENT_CLIENTS] for at in range(CONCURRENT_CLIENTS)], claim_tasks, options.each
        )
        bare = json.loads(program.python("benchmarks.desk.claims", "--times", str(options.cycles)))
    print(f"Rows copied: {', '.join(rows.split(chr(10))).strip(', ')}.\n")
    print("\n".join(report(alone, claims, eight, lists, bare)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
