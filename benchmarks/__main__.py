"""Run benchmarks: `python -m benchmarks [NAME...] [-- ARGUMENTS]`; without a name, all of them in sequence.

Each runs in a separate process, so that none inherits another's memory; its output goes to the screen and, as its
section, into RESULTS.md. Arguments after `--` go to the one benchmark that is named.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime

from benchmarks import machine, results
from refinery.stack.program import ROOT


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Module of this package; `plain` output is stored as preformatted text instead of Markdown.

    `corpus` means that it measures on the real documents in REFINERY_CORPUS; without them it is skipped.
    """

    name: str
    title: str
    arguments: tuple[str, ...] = ()
    plain: bool = False
    corpus: bool = False


CORPUS = os.environ.get("REFINERY_CORPUS", "")
ALL = (
    Benchmark("upload_to_decision", "one page from its upload to the router's decision"),
    Benchmark("throughput", "documents a minute through the whole pipeline"),
    Benchmark("recovery", "documents through a program whose processes are killed"),
    Benchmark("desk", "the next task, opening, submitting and listing with 10,000 tasks"),
    Benchmark("viewer", "the viewer in a browser: the next document, a highlight, a thousand boxes"),
    Benchmark("layout", "blocks, cells and reading order on generated pages"),
    Benchmark("region", "a region of a page, read again while a reviewer waits"),
    Benchmark("extract", "pages and fields in one request"),
    Benchmark("scoring", "scoring a parsed document of ten pages", plain=True),
    Benchmark("receipts", "real receipts through the running program", ("--corpus", CORPUS), corpus=True),
    Benchmark("reading", "words, characters and confidences of OCR", corpus=True),
    Benchmark("reading_speed", "pages a second, and the memory that it takes"),
    Benchmark("fields", "fields found correctly in real documents", ("--corpus", CORPUS), corpus=True),
    Benchmark("einvoice_checks", "official rules of e-invoices", ("--corpus", CORPUS), corpus=True),
    Benchmark("travel", "machine-readable zones in pictures of travel documents"),
    Benchmark("splitting", "where documents begin in a stack, and which files stay whole", ("--corpus", CORPUS)),
    Benchmark("hostile", "hostile files through the sandboxed reader", ("--corpus", CORPUS)),
    Benchmark("label_studio", "the Label Studio export, imported into a running Label Studio"),
    Benchmark("model", "training the field-confidence model"),
    Benchmark("structure", "sizes, imports, names and language of the code"),
)
NAMES = tuple(benchmark.name for benchmark in ALL)
ORDER = tuple(each for name in NAMES for each in (name, f"{name}.compare"))  # sections of RESULTS.md


def measure(benchmark: Benchmark, arguments: tuple[str, ...]) -> bool:
    """Run one benchmark and store its section; return False when it failed or printed nothing."""
    command = (sys.executable, "-m", f"benchmarks.{benchmark.name}", *arguments)
    if benchmark.corpus and not CORPUS:
        sys.stderr.write(f"-- {benchmark.name} is skipped: REFINERY_CORPUS names no real documents\n")
        return True
    before = machine.load()
    sys.stderr.write(f"-- {benchmark.name}: {benchmark.title}\n")
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout)
    if done.returncode or not done.stdout.strip():
        sys.stderr.write(f"-- {benchmark.name} ended with status {done.returncode}: its section stays as it was\n")
        return False
    command_line = " ".join(("python -m", f"benchmarks.{benchmark.name}", *arguments))
    text = f"```\n{done.stdout.strip()}\n```" if benchmark.plain else done.stdout
    if CORPUS:
        command_line, text = (words.replace(CORPUS, "$REFINERY_CORPUS") for words in (command_line, text))
    today = datetime.now().astimezone().date()
    measured = results.BenchmarkRun(
        benchmark.name, benchmark.title, today, machine.describe().line(), (before, machine.load()), command_line, text
    )
    results.write_section(measured, ORDER)
    return True


def main() -> int:
    """Run the named benchmarks; return 1 when one of them failed."""
    given = sys.argv[1:]
    at = given.index("--") if "--" in given else len(given)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    names, arguments = parser.parse_args(given[:at]).names, tuple(given[at + 1 :])
    if unknown := set(names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    if arguments and len(names) != 1:
        parser.error("arguments after -- need exactly one name before it")
    chosen = [benchmark for benchmark in ALL if not names or benchmark.name in names]
    done = [measure(one, arguments or one.arguments) for one in chosen]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
