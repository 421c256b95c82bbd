"""How a check does: how often it fired, how often a reviewer said it was wrong, and what follows."""

from dataclasses import dataclass

from quality.domain.bounds import Interval, interval


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """Counts of one check at one version: issues judged by a reviewer, and those overturned."""

    check: str
    version: int
    fired: int
    judged: int
    overturned: int

    @property
    def precision(self) -> Interval:
        """The share of its issues that held, with its exact interval."""
        return interval(self.judged - self.overturned, self.judged)


def proposed_shadow(record: CheckRecord, *, precision_from: float = 0.5) -> bool:
    """Say whether a check is too noisy to be shown: when even the best that its record allows is not enough."""
    return record.judged > 0 and record.precision.high < precision_from


def proposed_live(record: CheckRecord, *, precision_from: float = 0.5, judged_from: int = 10) -> bool:
    """Say whether a check in shadow has earned its place."""
    return record.judged >= judged_from and record.precision.low >= precision_from
