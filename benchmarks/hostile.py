"""Hostile files through the sandboxed reader: `python -m benchmarks.hostile [--corpus DIR] [--fuzz 20]`.

Reads every specimen of `tests/support/hostile`, including slow ones, N mutations of each sound file, and the hostile
files of the corpus of real documents if there is one. The only asserted limit: no child process uses more CPU time
than one page may.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from benchmarks.figures import table
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.launcher import sandbox_kind
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.adapters.sandbox.pool import SandboxPool
from tests.support.hostile.fuzz import mutations
from tests.support.hostile.probe import ReadingOutcome, read_specimen
from tests.support.hostile.processes import own_memory
from tests.support.hostile.specimen import Specimen
from tests.support.hostile.specimens import GENERATED_SPECIMENS, corpus_specimens

CASES = {
    "A01": "empty, cut off, noise",
    "A02": "another type than its name",
    "A03": "two types at once",
    "A04": "archives: bombs, claims, ways out",
    "A06": "pictures: bombs, loops, claims",
    "A07": "PDF: bombs, loops, claims",
    "A08": "PDF: actions and attachments",
    "A09": "PDF under lock",
    "A10": "XML: entities, depth, amount",
    "A11": "markup in texts",
    "A12": "mails: depth, amount",
    "A18": "images and fonts, bytes changed",
    "corpus": "real malformed and malicious PDFs",
}
MEGABYTE = 2**20
SECONDS = 60  # limit for each file to end with a typed result


def all_specimens(corpus: Path | None, fuzz: int) -> tuple[Specimen, ...]:
    """Return all files to read, without duplicates."""
    return tuple(
        {str(one): one for one in (*GENERATED_SPECIMENS, *mutations(fuzz), *corpus_specimens(corpus))}.values()
    )


def read_all(specimens: Sequence[Specimen], kind: str, slots: int) -> list[ReadingOutcome]:
    """Read each file, as many concurrently as a worker has slots."""
    readers: SimpleQueue[SandboxedPageReader] = SimpleQueue()
    for _ in range(slots):
        readers.put(SandboxedPageReader(SandboxPool(kind=kind, prestart=False)))

    def one(specimen: Specimen) -> ReadingOutcome:
        reader = readers.get()
        try:
            with tempfile.TemporaryDirectory() as folder:
                return read_specimen(reader, specimen, Path(folder))[0]
        finally:
            readers.put(reader)

    with ThreadPoolExecutor(slots) as pool:
        outcomes = list(pool.map(one, specimens))
    for _ in range(slots):
        readers.get().close()
    return outcomes


def report(outcomes: Sequence[ReadingOutcome]) -> str:
    """Return a table with a row for each case."""
    rows = [_row(case, [one for one in outcomes if one.specimen.case == case]) for case in CASES]
    head = ("case", "files", "outcomes", "slowest child, CPU s", "longest, s", "largest child, MB")
    return table(head, (row for row in rows if row))


def _row(case: str, outcomes: Sequence[ReadingOutcome]) -> tuple[str, ...]:
    if not outcomes:
        return ()
    ends = Counter(one.end for one in outcomes).most_common()
    slowest = max(outcomes, key=lambda one: one.cpu_seconds)
    return (
        f"{case} {CASES[case]}",
        str(len(outcomes)),
        ", ".join(f"{count} {end}" for end, count in ends),
        f"{slowest.cpu_seconds:.1f} ({slowest.specimen.name})",
        f"{max(one.seconds for one in outcomes):.1f}",
        str(max(one.memory for one in outcomes) // MEGABYTE),
    )


def breaches(outcomes: Iterable[ReadingOutcome]) -> list[str]:
    """Return results that the specimen does not expect, or that exceed the CPU limit of one page."""
    most = SandboxLimits().page_cpu_seconds + 2  # the kernel checks once a second
    return [
        f"{one.specimen}: {one.end} after {one.cpu_seconds:.1f} s"
        for one in outcomes
        if one.end not in one.specimen.ends or one.cpu_seconds > most
    ]


def main() -> int:
    """Read and print; return 1 when a limit was exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default=os.environ.get("REFINERY_CORPUS", ""), help="has hostile/")
    parser.add_argument("--fuzz", type=int, default=10, help="mutations of each sound file")
    parser.add_argument("--kind", choices=("bubblewrap", "plain"), default=sandbox_kind())
    parser.add_argument("--slots", type=int, default=2, help="files at the same time")
    options = parser.parse_args()
    specimens = all_specimens(Path(options.corpus) if options.corpus else None, options.fuzz)
    with ThreadPoolExecutor(options.slots) as pool:  # memory that generators cache must not count for the readers
        list(pool.map(lambda specimen: len(specimen.make()), specimens))
    before = own_memory()
    outcomes = read_all(specimens, options.kind, options.slots)
    grown = (own_memory() - before) / MEGABYTE
    print(f"{len(outcomes)} files, one child each, in the sandbox kind `{options.kind}`.\n")
    print(report(outcomes))
    failed = sum(one.failed for one in outcomes)
    print(f"\nPages read and files extracted: {sum(one.pages for one in outcomes)}, of them failed: {failed}.", end=" ")
    print(f"The parent process, which makes the files as well, grew by {grown:.0f} MB.")
    late = [one for one in outcomes if one.seconds > SECONDS]
    print(
        f"Ended with a typed result within {SECONDS} s of their start: {len(outcomes) - len(late)} of {len(outcomes)}."
    )
    if late:
        slowest = ", ".join(f"{one.specimen} {one.seconds:.0f}" for one in late)
        print(f"The others, in seconds beside whatever else the machine did: {slowest}.")
    wrong = breaches(outcomes)
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
