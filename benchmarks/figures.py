"""Statistics of measurements: percentiles, intervals, and tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Spread:
    """Distribution of a measurement, in its original unit."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def spread(values: Iterable[float]) -> Spread:
    """Summarise at least one measurement; a percentile is the value that this share does not exceed."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Spread(len(ordered), at(0.5), at(0.95), at(0.99), ordered[-1])


def interval(outcomes: Sequence[bool]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a share, with a fixed seed."""
    rng = Random(2024)  # noqa: S311 - a fixed stream, so that two runs agree
    shares = sorted(sum(rng.choices(outcomes, k=len(outcomes))) / len(outcomes) for _ in range(RESAMPLES))
    return shares[int(0.025 * RESAMPLES)], shares[int(0.975 * RESAMPLES)]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; numbers are passed as strings in their intended precision."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def milliseconds(seconds: float) -> str:
    """Format a time in milliseconds, with a decimal below ten."""
    value = 1000 * seconds
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
