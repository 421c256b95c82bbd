"""A value that may be a field's, where it stands, and what speaks for it and against it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ingestion.domain.layout.text_rows import Span


@dataclass(frozen=True, slots=True)
class Found:
    """A readable value on a page, whatever field it belongs to."""

    span: Span
    normalized: str
    signals: Mapping[str, float] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """The value as printed."""
        return self.span.text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value proposed for one field. `score` adds up its signals: comparable between candidates of one field."""

    value: str
    normalized: str
    spans: tuple[Span, ...]
    source: str  # label | pattern | layout | mrz
    signals: Mapping[str, float]
    score: float = 0.0
    companions: tuple[str, ...] = ()  # names that stand with an address, folded

    def scored(self, weights: Mapping[str, float]) -> "Candidate":
        """Give the candidate with its score under `weights`: signals without a weight count nothing."""
        return replace(self, score=sum(weights.get(name, 0.0) * amount for name, amount in self.signals.items()))

    def with_signals(self, **more: float) -> "Candidate":
        """Give the candidate with signals added or replaced."""
        return replace(self, signals={**self.signals, **more})


def best_of_each(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Order candidates by score, one for each normalised value, the better printing kept."""
    ranked = sorted(candidates, key=lambda candidate: -candidate.score)
    seen: dict[str, Candidate] = {}
    for candidate in ranked:
        seen.setdefault(candidate.normalized or candidate.value, candidate)
    return list(seen.values())
