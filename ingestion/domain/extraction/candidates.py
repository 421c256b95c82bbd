"""Candidates: possible values of a field, with their places and the signals for and against them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ingestion.domain.layout.text_rows import RowSpan


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """Readable value on a page, independent of any field."""

    span: RowSpan
    normalized: str
    signals: Mapping[str, float] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """Value as printed."""
        return self.span.text


@dataclass(frozen=True, slots=True)
class FieldCandidate:
    """Value proposed for one field. `score` adds up its signals: comparable between candidates of one field."""

    value: str
    normalized: str
    spans: tuple[RowSpan, ...]
    source: str  # label | pattern | layout | mrz
    signals: Mapping[str, float]
    score: float = 0.0
    nearby_names: tuple[str, ...] = ()  # names next to an address, folded

    def with_score(self, weights: Mapping[str, float]) -> "FieldCandidate":
        """Return the candidate with its score under `weights`: signals without a weight count nothing."""
        return replace(self, score=sum(weights.get(name, 0.0) * amount for name, amount in self.signals.items()))

    def with_signals(self, **more: float) -> "FieldCandidate":
        """Return the candidate with signals added or replaced."""
        return replace(self, signals={**self.signals, **more})


def best_per_value(candidates: Iterable[FieldCandidate]) -> list[FieldCandidate]:
    """Order candidates by score, one for each normalised value, keeping the better printed form."""
    ranked = sorted(candidates, key=lambda candidate: -candidate.score)
    seen: dict[str, FieldCandidate] = {}
    for candidate in ranked:
        seen.setdefault(candidate.normalized or candidate.value, candidate)
    return list(seen.values())


def ranked(candidates: Iterable[FieldCandidate], weights: Mapping[str, float]) -> list[FieldCandidate]:
    """Score the candidates of one field and order them, one for each normalised value."""
    return best_per_value(candidate.with_score(weights) for candidate in candidates)
