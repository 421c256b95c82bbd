"""Track record of a check: how often reviewers overturned its issues, and what that suggests."""

from dataclasses import dataclass

from quality.domain.bounds import ConfidenceInterval, interval


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """Counts of one check at one version: issues judged by a reviewer, and those overturned."""

    check: str
    version: int
    fired: int
    judged: int
    overturned: int

    @property
    def precision(self) -> ConfidenceInterval:
        """The share of its issues that were upheld, with its exact interval."""
        return interval(self.judged - self.overturned, self.judged)


# Not used yet, like the next function: they propose changes of the rule set, on which certificates depend.
def proposed_shadow(record: CheckRecord, *, precision_from: float = 0.5) -> bool:
    """Return whether a check is too noisy to show: the upper bound of its precision is too low."""
    return record.judged > 0 and record.precision.high < precision_from


def proposed_live(record: CheckRecord, *, precision_from: float = 0.5, judged_from: int = 10) -> bool:
    """Return whether a shadow check is precise enough to go live."""
    return record.judged >= judged_from and record.precision.low >= precision_from
