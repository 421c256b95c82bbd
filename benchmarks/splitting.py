"""Where documents begin in a stack: `python -m benchmarks.splitting [--stacks N] [--scans N] [--ordinary N]`.

Stacks of two to six documents of the project's own samples, as PDF and as an office scanner gives them, and
ordinary documents of several pages, which must stay whole. None of them is of a seed that the weights were fitted
on (`benchmarks.splitting_fit`). Intervals are by the bootstrap over files.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.figures import RESAMPLES, interval, table
from benchmarks.stack_pages import ReadStack, read_ordinary, read_real, read_stacks
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.splitting.detection import (
    SUGGESTED,
    SURE,
    SplitMode,
    SplitRules,
    find_boundaries,
    find_split,
)

SEED = 2029
AUTOMATIC, ASKING = SplitRules(SplitMode.AUTOMATIC), SplitRules()


@dataclass(frozen=True, slots=True)
class Counts:
    """Boundaries of one file: found and true, found and wrong, missed."""

    hit: int
    wrong: int
    missed: int


def main() -> int:
    """Measure and print; gives the exit status."""
    parser = argparse.ArgumentParser(description="How well stacks are parted, and ordinary documents left whole.")
    parser.add_argument("--stacks", type=int, default=120, help="born digital (120)")
    parser.add_argument("--scans", type=int, default=24, help="scanned (24)")
    parser.add_argument("--ordinary", type=int, default=120, help="documents that are one document (120)")
    parser.add_argument("--corpus", default="", help="a folder of real documents that are one document each")
    options = parser.parse_args()
    reader = SandboxedPageReader()
    stacks = {
        "born digital": list(read_stacks(reader, SEED, options.stacks)),
        "scanned": list(read_stacks(reader, SEED + 1, options.scans, scan=True)),
    }
    separated = {
        "born digital": list(read_stacks(reader, SEED + 2, options.stacks // 2, separators=True)),
        "scanned": list(read_stacks(reader, SEED + 3, options.scans // 2, scan=True, separators=True)),
    }
    ordinary = list(read_ordinary(reader, SEED + 4, options.ordinary))
    reader.close()
    whole = {"generated": ordinary}
    if options.corpus:
        whole["real, born digital"] = list(read_real(Path(options.corpus)))
    told = (*_stacks(_some(stacks)), *_separated(_some(separated)), *_ordinary(_some(whole)))
    sys.stdout.write("\n".join(told) + "\n")
    return 0


def _some(stacks: dict[str, list[ReadStack]]) -> dict[str, list[ReadStack]]:
    return {name: found for name, found in stacks.items() if found}


def _stacks(stacks: dict[str, list[ReadStack]]) -> Iterator[str]:
    yield "### Stacks without a sheet between their documents\n"
    rows = []
    for name, found in stacks.items():
        for title, least in ((f"suggested, from {SUGGESTED:.0%}", SUGGESTED), (f"sure, from {SURE:.0%}", SURE)):
            counts = [_counts(stack, least) for stack in found]
            rows.append((name, title, _pages(found), *(_share(counts, of) for of in (_precision, _recall, _f1))))
    yield table(("stacks", "boundaries", "documents in stacks", "precision", "recall", "F1"), rows)
    whole = [(name, *_whole(found, AUTOMATIC), *_whole(found, None)) for name, found in stacks.items()]
    yield "\n" + table(
        ("stacks", "parted wholly right by itself", "wholly right if all suggestions are taken"), whole
    )


def _separated(stacks: dict[str, list[ReadStack]]) -> Iterator[str]:
    yield "\n### Stacks with a separator sheet between their documents\n"
    rows = [(name, len(found), *_whole(found, ASKING)) for name, found in stacks.items()]
    yield table(("stacks", "count", "parted wholly right"), rows)


def _ordinary(documents: dict[str, list[ReadStack]]) -> Iterator[str]:
    yield "\n### Ordinary documents of several pages\n"
    rows, notes = [], []
    for name, found in documents.items():
        split = [len(find_split(one.pages, AUTOMATIC, one.kinds).parts) > 1 for one in found]
        doubted = [bool(find_split(one.pages, ASKING, one.kinds).parts[0].boundaries) for one in found]
        pages = sum(len(one.pages) for one in found)
        rows.append((name, len(found), pages, _told(split), _told(doubted)))
        notes += [f"\nWrongly split: {one.name}" for one, wrong in zip(found, split, strict=True) if wrong]
    yield table(("documents", "count", "pages", "wrongly split in automatic mode", "wrongly suggested"), rows)
    yield from notes


def _told(wrong: Sequence[bool]) -> str:
    """Write how many; where none was seen, how many such documents there may be all the same."""
    if any(wrong):
        return f"{sum(wrong)} ({_percent(wrong)})"
    return f"none (at 95 % at most {1 - 0.05 ** (1 / len(wrong)):.1%})"


def _pages(found: Sequence[ReadStack]) -> str:
    return f"{sum(len(one.starts) for one in found)} in {len(found)}, {sum(len(one.pages) for one in found)} pages"


def _counts(stack: ReadStack, least: float) -> Counts:
    boundaries = find_boundaries(stack.pages, (), stack.kinds)
    said = {number for number, found in boundaries.items() if found.chance >= least}
    true = stack.starts - {1}
    return Counts(len(said & true), len(said - true), len(true - said))


def _precision(counts: Sequence[Counts]) -> float:
    hit, wrong = sum(one.hit for one in counts), sum(one.wrong for one in counts)
    return hit / (hit + wrong) if hit + wrong else 1.0


def _recall(counts: Sequence[Counts]) -> float:
    hit, missed = sum(one.hit for one in counts), sum(one.missed for one in counts)
    return hit / (hit + missed) if hit + missed else 1.0


def _f1(counts: Sequence[Counts]) -> float:
    precision, recall = _precision(counts), _recall(counts)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(counts: Sequence[Counts], of: Callable[[Sequence[Counts]], float]) -> str:
    """Write a figure with its interval, files drawn anew."""
    rng = Random(2024)  # noqa: S311 - a fixed stream, so that two runs agree
    drawn = sorted(of(rng.choices(counts, k=len(counts))) for _ in range(RESAMPLES))
    low, high = drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES)]
    return f"{of(counts):.3f} ({low:.3f} to {high:.3f})"


def _whole(found: Sequence[ReadStack], rules: SplitRules | None) -> tuple[str]:
    """Write the share of files whose documents are all right; the backs of sheets may lie with any of them."""
    right = [_kept(stack, _parts(stack, rules)) == _kept(stack, stack.parts) for stack in found]
    return (f"{sum(right)} of {len(right)} ({_percent(right)})",)


def _parts(stack: ReadStack, rules: SplitRules | None) -> tuple[tuple[int, ...], ...]:
    if rules is not None:
        return tuple(part.pages for part in find_split(stack.pages, rules, stack.kinds).parts)
    boundaries = find_boundaries(stack.pages, (), stack.kinds)
    starts = frozenset({1} | {number for number, one in boundaries.items() if one.chance >= SUGGESTED})
    return replace(stack, starts=starts, loose=frozenset()).parts


def _kept(stack: ReadStack, parts: Sequence[Sequence[int]]) -> list[list[int]]:
    kept = [[number for number in part if number not in stack.loose] for part in parts]
    return [part for part in kept if part]


def _percent(outcomes: Sequence[bool]) -> str:
    low, high = interval(outcomes)
    return f"{sum(outcomes) / len(outcomes):.1%}, {low:.1%} to {high:.1%}"


if __name__ == "__main__":
    sys.exit(main())
