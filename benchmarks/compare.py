"""Measure a benchmark beside an earlier build: `python -m benchmarks.compare REV NAME... [--runs 3] [-- ARGUMENTS]`.

Both builds run alternately on this machine, the order reversed in each round, so that a slow minute of the machine
does not count against one of them. Each figure of the output is reported as minimum, median and maximum of its runs.
The earlier build is checked out below `.cache/compare` with its own packages; `--tree` names an existing checkout.
Figures are paired by the position of their table and column and by the first cell of their row, in preformatted
output by the text around them; a figure that only one build prints is left out and counted.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import machine, results
from benchmarks.__main__ import ALL, CORPUS, ORDER, Benchmark
from benchmarks.figures import table
from refinery.stack.program import ROOT

CHECKOUTS = ROOT / ".cache" / "compare"
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
DIVIDER = re.compile(r"\|(?: ?:?-+:? ?\|)+")


class FigureKey(NamedTuple):
    """Place of a figure in an output: table (0 for text outside of tables), row label, column or occurrence."""

    table: int
    row: str
    column: int


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """Figure with the words that name it for readers."""

    title: str
    value: float


@dataclass(frozen=True, slots=True)
class Build:
    """Checkout of a build, and the name under which it is reported."""

    name: str
    tree: Path

    def measure(self, benchmark: str, arguments: Sequence[str]) -> str:
        """Run the benchmark once and return its output; raises CalledProcessError."""
        command = [str(self.tree / ".venv/bin/python"), "-m", f"benchmarks.{benchmark}", *arguments]
        done = subprocess.run(command, cwd=self.tree, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout


def check_out(revision: str) -> Path:
    """Check out a revision with its packages, unless it is there; return its folder."""
    named = ("git", "rev-parse", "--short=8", "--verify", f"{revision}^{{commit}}")
    commit = subprocess.run(named, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    tree = CHECKOUTS / commit
    if not tree.exists():
        subprocess.run(["git", "worktree", "add", "--detach", tree, commit], cwd=ROOT, check=True)
    subprocess.run(["make", "setup-test"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    return tree


def figures_of(output: str) -> dict[FigureKey, NamedFigure]:
    """Return the figures of an output: the first number of each table cell, and all numbers outside of tables."""
    found: dict[FigureKey, NamedFigure] = {}
    head: list[str] = []
    tables = 0
    for line in output.splitlines():
        if not line.startswith("|"):
            head = []
            found.update(_figures_of_text(line))
        elif DIVIDER.fullmatch(line.strip()):
            continue
        elif not head:
            head, tables = _cells(line), tables + 1
        else:
            found.update(_figures_of_row(tables, head, _cells(line)))
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("*").strip() for cell in line.strip().strip("|").split("|")]


def _figures_of_row(number: int, head: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[FigureKey, NamedFigure]]:
    for column, (title, cell) in enumerate(zip(head, cells, strict=False)):
        first = NUMBER.search(cell)
        if column and first:
            yield FigureKey(number, cells[0], column), NamedFigure(f"{cells[0]}: {title}", _value(first[0]))


def _figures_of_text(line: str) -> Iterator[tuple[FigureKey, NamedFigure]]:
    words = " ".join(NUMBER.sub("#", line).split())
    for place, number in enumerate(NUMBER.findall(line)):
        yield FigureKey(0, words, place), NamedFigure(f"{words} ({place + 1})", _value(number))


def _value(number: str) -> float:
    return float(number.replace(",", ""))


def compare(
    earlier: Sequence[Mapping[FigureKey, NamedFigure]], today: Sequence[Mapping[FigureKey, NamedFigure]], name: str
) -> str:
    """Return a table of the figures that all runs of both builds have, and the number of the others."""
    runs = (*earlier, *today)
    shared = [key for key in today[0] if all(key in run for run in runs)]
    left_out = len({key for run in runs for key in run} - set(shared))
    rows = []
    for key in shared:
        before, now = ([run[key].value for run in side] for side in (earlier, today))
        if len({*before, *now}) == 1:
            continue  # sizes, goals, versions, figures of peers
        ratio = f"{median(now) / median(before):.2f}" if median(before) else ""
        rows.append((today[0][key].title, _spread(before), _spread(now), ratio))
    text = table(("figure (minimum, median, maximum)", name, "this build", "ratio of the medians"), rows)
    return f"{text}\n\nFigures that not every run prints, left out: {left_out}." if left_out else text


def _spread(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.4g}" for value in (min(values), median(values), max(values)))


def measure_both(earlier: Build, benchmark: Benchmark, arguments: Sequence[str], runs: int) -> str:
    """Run both builds alternately and return their comparison."""
    today = Build("this build", ROOT)
    outputs: dict[str, list[Mapping[FigureKey, NamedFigure]]] = {earlier.name: [], today.name: []}
    for turn in range(runs):
        for build in (earlier, today) if turn % 2 == 0 else (today, earlier):
            sys.stderr.write(f"-- {benchmark.name}, {build.name}, run {turn + 1} of {runs}\n")
            outputs[build.name].append(figures_of(build.measure(benchmark.name, arguments)))
    return compare(outputs[earlier.name], outputs[today.name], earlier.name)


def main() -> int:
    """Compare the named benchmarks and store a section for each."""
    given = sys.argv[1:]
    at = given.index("--") if "--" in given else len(given)
    known = {benchmark.name: benchmark for benchmark in ALL}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("revision", metavar="REV", help="commit of the earlier build")
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks; all of them by default")
    parser.add_argument("--runs", type=int, default=3, help="runs of each build (3)")
    parser.add_argument("--tree", type=Path, help="existing checkout of the earlier build, with its packages")
    options = parser.parse_args(given[:at])
    if unknown := set(options.names) - known.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(known)}")
    arguments = tuple(given[at + 1 :])
    if arguments and len(options.names) != 1:
        parser.error("arguments after -- need exactly one name before it")
    earlier = Build(options.revision, (options.tree or check_out(options.revision)).resolve())
    failed = False
    for name in options.names or known:
        benchmark, before = known[name], machine.load()
        if benchmark.corpus and not CORPUS:
            sys.stderr.write(f"-- {name} is skipped: REFINERY_CORPUS names no real documents\n")
            continue
        chosen = arguments or benchmark.arguments
        try:
            text = measure_both(earlier, benchmark, chosen, options.runs)
        except subprocess.CalledProcessError as reason:
            sys.stderr.write(f"-- {name}: {reason}\n")
            failed = True
            continue
        print(text)
        command = " ".join(("python -m benchmarks.compare", options.revision, name, "--runs", str(options.runs)))
        command += " ".join((" --", *chosen)) if chosen else ""
        results.write_section(
            results.BenchmarkRun(
                name=f"{name}.compare",
                title=f"{benchmark.title}, beside build {options.revision}",
                measured_on=datetime.now().astimezone().date(),
                machine=machine.describe().line(),
                load=(before, machine.load()),
                command=command.replace(CORPUS, "$REFINERY_CORPUS") if CORPUS else command,
                text=text,
            ),
            ORDER,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
