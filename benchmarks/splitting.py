"""Detection of document boundaries: `python -m benchmarks.splitting [--stacks N] [--scans N] [--ordinary N]`.

Stacks of two to six documents of the project's own samples, as PDF and as office scans, and ordinary documents of
several pages, which must not be split. None of them has a seed that the weights were fitted on
(`benchmarks.splitting_fit`). Intervals are by the bootstrap over files.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.figures import RESAMPLES, interval, table
from benchmarks.stack_pages import StackReading, read_ordinary, read_real, read_stacks
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.splitting.detection import (
    AUTOMATIC_SPLIT_FROM,
    SUGGEST_SPLIT_FROM,
    SplitMode,
    SplitRules,
    find_boundaries,
    find_split_plan,
)

SEED = 2029
AUTOMATIC, SUGGESTING = SplitRules(SplitMode.AUTOMATIC), SplitRules()


@dataclass(frozen=True, slots=True)
class BoundaryCounts:
    """Boundaries of one file: found and true, found and wrong, missed."""

    hit: int
    wrong: int
    missed: int


def main() -> int:
    """Measure, print and return the exit status."""
    parser = argparse.ArgumentParser(description="How well stacks are split, and ordinary documents left whole.")
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
    lines = (
        *_stacks(_without_empty(stacks)),
        *_separated(_without_empty(separated)),
        *_ordinary(_without_empty(whole)),
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _without_empty(stacks: dict[str, list[StackReading]]) -> dict[str, list[StackReading]]:
    return {name: found for name, found in stacks.items() if found}


def _stacks(stacks: dict[str, list[StackReading]]) -> Iterator[str]:
    yield "### Stacks without separator sheets\n"
    rows = []
    for name, found in stacks.items():
        for title, least in (
            (f"suggested, from {SUGGEST_SPLIT_FROM:.0%}", SUGGEST_SPLIT_FROM),
            (f"sure, from {AUTOMATIC_SPLIT_FROM:.0%}", AUTOMATIC_SPLIT_FROM),
        ):
            counts = [_counts(stack, least) for stack in found]
            rows.append((name, title, _pages(found), *(_share(counts, of) for of in (_precision, _recall, _f1))))
    yield table(("stacks", "boundaries", "documents in stacks", "precision", "recall", "F1"), rows)
    whole = [
        (name, *_share_all_right(found, AUTOMATIC), *_share_all_right(found, None)) for name, found in stacks.items()
    ]
    yield "\n" + table(
        ("stacks", "split entirely right automatically", "entirely right if all suggestions are taken"), whole
    )


def _separated(stacks: dict[str, list[StackReading]]) -> Iterator[str]:
    yield "\n### Stacks with separator sheets\n"
    rows = [(name, len(found), *_share_all_right(found, SUGGESTING)) for name, found in stacks.items()]
    yield table(("stacks", "count", "split entirely right"), rows)


def _ordinary(documents: dict[str, list[StackReading]]) -> Iterator[str]:
    yield "\n### Ordinary documents of several pages\n"
    rows, notes = [], []
    for name, found in documents.items():
        split = [len(find_split_plan(one.pages, AUTOMATIC, one.kinds).parts) > 1 for one in found]
        doubted = [bool(find_split_plan(one.pages, SUGGESTING, one.kinds).parts[0].boundaries) for one in found]
        pages = sum(len(one.pages) for one in found)
        rows.append((name, len(found), pages, _count_or_upper_bound(split), _count_or_upper_bound(doubted)))
        notes += [f"\nWrongly split: {one.name}" for one, wrong in zip(found, split, strict=True) if wrong]
    yield table(("documents", "count", "pages", "wrongly split in automatic mode", "wrongly suggested"), rows)
    yield from notes


def _count_or_upper_bound(wrong: Sequence[bool]) -> str:
    """Format a count; for none, the upper bound of their share."""
    if any(wrong):
        return f"{sum(wrong)} ({_percent(wrong)})"
    return f"none (at 95 % at most {1 - 0.05 ** (1 / len(wrong)):.1%})"


def _pages(found: Sequence[StackReading]) -> str:
    return f"{sum(len(one.starts) for one in found)} in {len(found)}, {sum(len(one.pages) for one in found)} pages"


def _counts(stack: StackReading, least: float) -> BoundaryCounts:
    boundaries = find_boundaries(stack.pages, (), stack.kinds)
    said = {number for number, found in boundaries.items() if found.chance >= least}
    true = stack.starts - {1}
    return BoundaryCounts(len(said & true), len(said - true), len(true - said))


def _precision(counts: Sequence[BoundaryCounts]) -> float:
    hit, wrong = sum(one.hit for one in counts), sum(one.wrong for one in counts)
    return hit / (hit + wrong) if hit + wrong else 1.0


def _recall(counts: Sequence[BoundaryCounts]) -> float:
    hit, missed = sum(one.hit for one in counts), sum(one.missed for one in counts)
    return hit / (hit + missed) if hit + missed else 1.0


def _f1(counts: Sequence[BoundaryCounts]) -> float:
    precision, recall = _precision(counts), _recall(counts)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(counts: Sequence[BoundaryCounts], of: Callable[[Sequence[BoundaryCounts]], float]) -> str:
    """Format a figure with its interval by resampling files."""
    rng = Random(2024)  # noqa: S311 - a fixed stream, so that two runs agree
    drawn = sorted(of(rng.choices(counts, k=len(counts))) for _ in range(RESAMPLES))
    low, high = drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES)]
    return f"{of(counts):.3f} ({low:.3f} to {high:.3f})"


def _share_all_right(found: Sequence[StackReading], rules: SplitRules | None) -> tuple[str]:
    """Format the share of files split entirely right; backs of sheets may belong to either document."""
    right = [
        _without_loose_pages(stack, _parts(stack, rules)) == _without_loose_pages(stack, stack.parts) for stack in found
    ]
    return (f"{sum(right)} of {len(right)} ({_percent(right)})",)


def _parts(stack: StackReading, rules: SplitRules | None) -> tuple[tuple[int, ...], ...]:
    if rules is not None:
        return tuple(part.pages for part in find_split_plan(stack.pages, rules, stack.kinds).parts)
    boundaries = find_boundaries(stack.pages, (), stack.kinds)
    starts = frozenset({1} | {number for number, one in boundaries.items() if one.chance >= SUGGEST_SPLIT_FROM})
    return replace(stack, starts=starts, loose=frozenset()).parts


def _without_loose_pages(stack: StackReading, parts: Sequence[Sequence[int]]) -> list[list[int]]:
    kept = [[number for number in part if number not in stack.loose] for part in parts]
    return [part for part in kept if part]


def _percent(outcomes: Sequence[bool]) -> str:
    low, high = interval(outcomes)
    return f"{sum(outcomes) / len(outcomes):.1%}, {low:.1%} to {high:.1%}"


if __name__ == "__main__":
    sys.exit(main())
