"""Scores from check results: four dimensions, an overall score, and the points that checks cost.

Routing never uses these numbers (see routing): they measure quality, not risk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

from quality.domain.facts import FactSet
from quality.domain.outcomes import CheckResult, Dimension, Severity, Verdict

COUNTED_VERDICTS = (Verdict.PASS, Verdict.FAIL)
MIN_DIMENSION_SCORE = 1.0
"""Least value of a dimension in the geometric mean: a zero lowers the score but does not hide the others."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Weights of checks: by severity, or by `emphasis` if a check matters more than its severity.

    `shadow` checks run and are recorded, never counted; `params` override a check's own.
    A change of any of these is a new `version`, which voids certificates until they are proven again.
    """

    version: str = "2"
    weights: Mapping[Severity, float] = field(
        default_factory=lambda: {
            Severity.INFO: 0.5,
            Severity.MINOR: 1.0,
            Severity.MAJOR: 2.0,
            Severity.CRITICAL: 4.0,
            Severity.BLOCKER: 4.0,
        }
    )
    dimensions: Mapping[Dimension, float] = field(
        default_factory=lambda: {
            Dimension.STRUCTURAL: 0.3,
            Dimension.CONTENT: 0.4,
            Dimension.COMPLIANCE: 0.2,
            Dimension.FRESHNESS: 0.1,
        }
    )
    caps: Mapping[Severity, float] = field(default_factory=lambda: {Severity.CRITICAL: 40.0, Severity.BLOCKER: 10.0})
    emphasis: Mapping[str, float] = field(
        default_factory=lambda: {"reading_confidence": 20.0, "required_fields": 6.0, "field_uncertain": 6.0}
    )
    shadow: frozenset[str] = frozenset()
    params: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def weight(self, result: CheckResult) -> float:
        """Return a check's weight within its dimension."""
        return self.emphasis.get(result.check, self.weights[result.severity])


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """One step of the waterfall: this check took `points` off the overall score."""

    check: str
    dimension: Dimension
    points: float


@dataclass(frozen=True, slots=True)
class QualityScore:
    """Scores 0..100; a dimension without any verdict is None and does not count.

    `overall` is None when that applies to all of them. `coverage` (0..1) is the share of applicable checks, by
    weight, that could answer. `waterfall` adds up: 100 minus its points is `overall`. `failed_checks` names the checks
    with the verdict ERROR. `ocr_confidence` (0..100) is the expected share of right words; None if no word was read.
    """

    overall: float | None
    dimensions: Mapping[Dimension, float | None]
    coverage: float
    ocr_confidence: float | None
    waterfall: tuple[WaterfallStep, ...] = ()
    failed_checks: tuple[str, ...] = ()
    rules_version: str = "2"


def reading_confidence(facts: FactSet) -> float | None:
    """Return the expected share of right words x 100 over all pages read; None when no word was read."""
    weighted = [(len(page.words), page.confidence) for page in facts.pages_read if page.words]
    words = sum(count for count, _ in weighted)
    return 100.0 * sum(count * share for count, share in weighted) / words if words else None


def score_document(facts: FactSet, results: Sequence[CheckResult], rules: RuleSet | None = None) -> QualityScore:
    """Score a document from its check results; pure, quadratic in the checks that failed."""
    rules = rules or RuleSet()
    live = [result for result in results if not result.shadow]
    scores = {result.check: result.outcome.score for result in live if _counts(result)}
    dimensions = _dimensions(live, scores, rules)
    return QualityScore(
        overall=_overall(dimensions, rules),
        dimensions=dimensions,
        coverage=_coverage(live, rules),
        ocr_confidence=reading_confidence(facts),
        waterfall=_waterfall(live, scores, rules),
        failed_checks=tuple(result.check for result in live if result.outcome.verdict is Verdict.ERROR),
        rules_version=rules.version,
    )


def _counts(result: CheckResult) -> bool:
    return result.outcome.verdict in COUNTED_VERDICTS


def _dimensions(
    live: Sequence[CheckResult], scores: Mapping[str, float], rules: RuleSet
) -> dict[Dimension, float | None]:
    """Return each dimension's weighted score; a check with score 1 sets no cap, which the waterfall relies on."""
    found: dict[Dimension, float | None] = dict.fromkeys(rules.dimensions)
    for dimension in found:
        own = [result for result in live if result.dimension is dimension and result.check in scores]
        total = sum(rules.weight(result) for result in own)
        if not total:
            continue
        value = 100.0 * sum(rules.weight(result) * scores[result.check] for result in own) / total
        found[dimension] = min([value, *_caps(own, scores, rules)])
    return found


def _caps(own: Sequence[CheckResult], scores: Mapping[str, float], rules: RuleSet) -> list[float]:
    failed = (result.worst for result in own if scores[result.check] < 1.0)
    return [rules.caps[worst] for worst in failed if worst is not None and worst in rules.caps]


def _overall(dimensions: Mapping[Dimension, float | None], rules: RuleSet) -> float | None:
    """Return the weighted geometric mean of the known dimensions; None if there are none."""
    known = [(rules.dimensions[name], value) for name, value in dimensions.items() if value is not None]
    total = sum(weight for weight, _ in known)
    if not total:
        return None
    return min(100.0, exp(sum(weight * log(max(value, MIN_DIMENSION_SCORE)) for weight, value in known) / total))


def _coverage(live: Sequence[CheckResult], rules: RuleSet) -> float:
    applicable = [result for result in live if result.outcome.verdict is not Verdict.NOT_APPLICABLE]
    total = sum(rules.weight(result) for result in applicable)
    answered = sum(rules.weight(result) for result in applicable if _counts(result))
    return answered / total if total else 0.0


def _waterfall(live: Sequence[CheckResult], scores: Mapping[str, float], rules: RuleSet) -> tuple[WaterfallStep, ...]:
    """Let checks fail one after another and record the cost of each, so that the steps add up.

    The least severe fail first, because the cap of a severe one would hide their cost; the costliest is shown first.
    """
    costly = [result for result in live if scores.get(result.check, 1.0) < 1.0]
    costly.sort(key=lambda result: ((result.worst or Severity.INFO).rank, -scores[result.check], result.check))
    current = dict.fromkeys(scores, 1.0)
    before, steps = 100.0, []
    for result in costly:
        current[result.check] = scores[result.check]
        after = _overall(_dimensions(live, current, rules), rules)
        if after is None:  # the known dimensions have no weight
            return ()
        steps.append(WaterfallStep(result.check, result.dimension, before - after))
        before = after
    return tuple(sorted((step for step in steps if step.points > 0), key=lambda step: -step.points))
