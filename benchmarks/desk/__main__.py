"""The desk with 10,000 open tasks: next with claim, open, submit, list, at one client and at eight.

Clients are processes of their own on this machine, each with an API key (a service user) and one connection that
is kept; the web process is the one daphne of `make run`. See desk.seed for the rows, desk.reviewer for the work.
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
from benchmarks.desk.reviewer import CYCLE, NEXT, OPEN, SUBMIT, Shift, claim_only, repeat, work
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import Running, running, spent

TEMPLATES = 24
EIGHT = 8
HEAD_START_SECONDS = 3.0
ADDRESSES = {
    LIST: "/v1/review/tasks?limit=50",
    FILTERED: "/v1/review/tasks?limit=50&status=OPEN&schema=invoice&priority=1",
    "desk page": "/",
    "desk page, searched": "/?q=0042",
    "documents, list of 50": "/v1/documents?limit=50&status=IN_REVIEW",
}


@dataclass(frozen=True, slots=True)
class Round:
    """Shifts side by side, and the processor seconds that the program spent on them."""

    shifts: tuple[Shift, ...]
    cpu: dict[str, float]

    def seconds(self, name: str) -> list[float]:
        """Give all that a request took, over all clients."""
        return [each for shift in self.shifts for each in shift.seconds.get(name, [])]

    def a_second(self, name: str) -> float:
        """Give how many of a request a second all clients had together."""
        wall = max(shift.ended for shift in self.shifts) - min(shift.began for shift in self.shifts)
        return len(self.seconds(name)) / wall


def read_templates(program: Running, key: str) -> None:
    """Have real documents read and wait on the desk."""
    client = Client(program.url, key)
    sent = [
        client.upload(s.filename, s.content, s.media_type) for s in invoices(TEMPLATES, scan=False, first=5000)
    ]
    for answer in sent:
        client.await_decision(answer.body["id"], every_seconds=0.5)


def together(program: Running, keys: Sequence[Any], task: Callable[..., Shift], cycles: int) -> Round:
    """Let each key, or bunch of keys, work in a process of its own, all from the same moment on."""
    before, begin_at = program.cpu_seconds(), time.time() + HEAD_START_SECONDS
    with ProcessPoolExecutor(len(keys), mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(task, program.url, key, cycles, begin_at) for key in keys]
        shifts = tuple(job.result() for job in jobs)
    return Round(shifts, spent(before, program.cpu_seconds()))


def look(program: Running, key: str, times: int) -> dict[str, Round]:
    """Ask for each list again and again, one client."""
    rounds = {}
    for name, path in ADDRESSES.items():
        before = program.cpu_seconds()
        shift = repeat(program.url, key, name, path, times)
        rounds[name] = Round((shift,), spent(before, program.cpu_seconds()))
    return rounds


def line(name: str, found: Round) -> tuple[str, ...]:
    """Write one request's figures."""
    figures = spread(found.seconds(name))
    times = map(milliseconds, (figures.p50, figures.p95, figures.p99))
    return (name, *times, f"{found.a_second(name):.1f}", str(figures.count))


def report(
    alone: Round, claims: Round, eight: Round, lists: dict[str, Round], bare: dict[str, Any]
) -> Iterator[str]:
    """Write all tables."""
    head = ("request", "p50 ms", "p95 ms", "p99 ms", "a second", "measured")
    yield "### One client\n"
    yield table(
        head, [*(line(name, alone) for name in CYCLE), *(line(name, found) for name, found in lists.items())]
    )
    yield "\n### Eight clients, whole cycles (next, open, words, submit)\n"
    yield table(head, [line(name, eight) for name in CYCLE])
    yield "\n### Eight clients, next alone (by another person each time)\n"
    yield table(head, [line(NEXT, claims)])
    yield "\n### Processor time, ms of web and of PostgreSQL\n"
    yield table(("work", "web", "postgres", "relay and workers"), _processor(alone, eight, lists))
    yield "\n### The claim: service beside bare statement\n"
    rows = [(name, *_of(bare[key])) for key, name in (("statement", "bare SQL"), ("service", "service"))]
    ratio = spread(bare["service"]).p50 / spread(bare["statement"]).p50
    yield table(("claim", "p50 ms", "p95 ms", "p99 ms"), rows)
    yield f"\nThe service takes {ratio:.1f} times the statement."
    yield "\n### Beside the peers (p50 ms at one client; see benchmarks/desk/peers.py)\n"
    yield table(("program", *_ASKED), _beside(alone, lists))
    yield table_of_eight(claims, eight)


_ASKED = (NEXT, OPEN, SUBMIT, LIST, FILTERED)


def _of(seconds: Sequence[float]) -> tuple[str, ...]:
    figures = spread(seconds)
    return tuple(f"{1000 * value:.2f}" for value in (figures.p50, figures.p95, figures.p99))


def _processor(alone: Round, eight: Round, lists: dict[str, Round]) -> Iterator[tuple[str, ...]]:
    cycles = (("a cycle, one client", NEXT, alone), ("a cycle, eight clients", NEXT, eight))
    for title, name, found in (*cycles, *((name, name, found) for name, found in lists.items())):
        count = len(found.seconds(name))
        rest = sum(used for program, used in found.cpu.items() if program.startswith(("relay", "worker")))
        yield (title, *(f"{1000 * used / count:.1f}" for used in (found.cpu["web"], found.cpu["postgres"], rest)))


def _beside(alone: Round, lists: dict[str, Round]) -> Iterator[tuple[str, ...]]:
    ours = {name: milliseconds(spread(alone.seconds(name)).p50) for name in (NEXT, OPEN, SUBMIT)}
    ours |= {name: milliseconds(spread(lists[name].seconds(name)).p50) for name in (LIST, FILTERED)}
    yield ("**Refinery**", *(f"**{ours[name]}**" for name in _ASKED))
    for peer, theirs in PEERS.items():
        yield (peer, *(theirs[name] for name in _ASKED))


def table_of_eight(claims: Round, eight: Round) -> str:
    """Write the comparison at eight clients."""
    rows = [("**Refinery**", f"**{claims.a_second(NEXT):.1f}**", f"**{eight.a_second(SUBMIT):.1f}**")]
    rows += [(peer, *figures) for peer, figures in AT_EIGHT.items()]
    return "\n" + table(("at eight clients, a second", "next", "next + submit"), rows)


def main() -> int:
    """Fill the desk, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--cycles", type=int, default=200, help="tasks that a lone client takes (200)")
    parser.add_argument("--each", type=int, default=60, help="tasks that each of eight takes (60)")
    options = parser.parse_args()
    with running() as program:
        keys = program.keys("operator", 1 + EIGHT)
        read_templates(program, keys[0])
        rows = program.python("benchmarks.desk.seed", "--tasks", str(options.tasks))
        together(program, keys[:1], work, 20)
        alone = together(program, keys[:1], work, options.cycles)
        lists = look(program, keys[0], options.cycles)
        eight = together(program, keys[1:], work, options.each)
        crowd = program.keys("operator", EIGHT * options.each)
        claims = together(program, [crowd[at::EIGHT] for at in range(EIGHT)], claim_only, options.each)
        bare = json.loads(program.python("benchmarks.desk.claims", "--times", str(options.cycles)))
    print(f"Rows copied: {', '.join(rows.split(chr(10))).strip(', ')}.\n")
    print("\n".join(report(alone, claims, eight, lists, bare)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
