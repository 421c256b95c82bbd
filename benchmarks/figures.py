"""Figures of many measurements: percentiles, intervals, and the tables that show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Spread:
    """How a measurement was spread, in the unit that it was taken in."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def spread(values: Iterable[float]) -> Spread:
    """Summarise at least one measurement; a percentile is the value that so many do not exceed."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Spread(len(ordered), at(0.5), at(0.95), at(0.99), ordered[-1])


def interval(outcomes: Sequence[bool]) -> tuple[float, float]:
    """Give the 95 % interval of a share, by the bootstrap on a fixed stream."""
    rng = Random(2024)  # noqa: S311 - a fixed stream, so that two runs agree
    shares = sorted(sum(rng.choices(outcomes, k=len(outcomes))) / len(outcomes) for _ in range(RESAMPLES))
    return shares[int(0.025 * RESAMPLES)], shares[int(0.975 * RESAMPLES)]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table; numbers are given as strings, in the precision that they deserve."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def milliseconds(seconds: float) -> str:
    """Write a time in milliseconds, with a decimal below ten."""
    value = 1000 * seconds
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
