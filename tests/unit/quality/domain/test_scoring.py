"""Scores are monotonic, the waterfall adds up, and a severe issue cannot be averaged out."""

# ruff: noqa: S311 - seeded draws, no secrets

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.examples.builders import BILL, document, page
from quality.domain.checks.runner import find_issues
from quality.domain.outcomes import CheckResult, Dimension, Evidence, Outcome, Severity, Tier, Verdict
from quality.domain.scoring import QualityScore, RuleSet, score_document

FACTS = document()


def _result(
    name: str, outcome: Outcome, dimension: Dimension = Dimension.CONTENT, severity: Severity = Severity.MAJOR
) -> CheckResult:
    return CheckResult(name, 1, Tier.DOMAIN, dimension, severity, outcome)


def _overall(score: QualityScore) -> float:
    assert score.overall is not None
    return score.overall


def _random_results(rng: Random) -> list[CheckResult]:
    """Draw the check results of one document."""
    results = []
    for index in range(rng.randint(1, 30)):
        verdict = rng.choice(list(Verdict))
        evidence = (Evidence(),) if verdict is Verdict.FAIL else ()
        score = rng.random() if verdict in (Verdict.PASS, Verdict.FAIL) else 0.0
        outcome = Outcome(verdict, score, evidence)
        results.append(_result(f"c{index}", outcome, rng.choice(list(Dimension)), rng.choice(list(Severity))))
    return results


@pytest.mark.parametrize("seed", range(60))
def test_score_stays_in_range_and_waterfall_adds_up(seed: int) -> None:
    score = score_document(FACTS, _random_results(Random(seed)))
    assert 0 <= score.coverage <= 1
    known = [value for value in score.dimensions.values() if value is not None]
    assert all(0 <= value <= 100 for value in known)
    assert (score.overall is None) == (not known)
    if score.overall is not None:
        assert 0 <= score.overall <= 100
        assert 100 - sum(step.points for step in score.waterfall) == pytest.approx(score.overall)
        assert max(min(known), 1) - 1e-9 <= score.overall <= max(*known, 1) + 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_score_better_answer_never_lowers_score(seed: int) -> None:
    rng = Random(seed)
    results = _random_results(rng)
    before = score_document(FACTS, results)
    for at, result in enumerate(results):
        if result.outcome.verdict not in (Verdict.PASS, Verdict.FAIL):
            continue
        higher = Outcome(
            result.outcome.verdict,
            result.outcome.score + rng.random() * (1 - result.outcome.score),
            result.outcome.evidence,
        )
        for better in (higher, Outcome.passed()):
            after = score_document(FACTS, [*results[:at], replace(result, outcome=better), *results[at + 1 :]])
            assert _overall(after) >= _overall(before) - 1e-9
            for dimension, value in before.dimensions.items():
                improved = after.dimensions[dimension]
                assert value is None or (improved is not None and improved >= value - 1e-9)


def test_score_unknown_answer_lowers_coverage() -> None:
    passed, silent = _result("a", Outcome.passed()), _result("b", Outcome.unknown("?"))
    assert score_document(FACTS, [passed]).coverage == 1
    score = score_document(FACTS, [passed, silent])
    assert score.coverage == 0.5
    assert score.overall == 100
    assert score.dimensions[Dimension.FRESHNESS] is None
    nothing = score_document(FACTS, [silent])
    assert (nothing.overall, nothing.dimensions[Dimension.CONTENT], nothing.waterfall) == (None, None, ())
    aside = _result("c", Outcome.not_applicable())
    assert score_document(FACTS, [passed, aside]).coverage == 1


def test_score_critical_issue_caps_dimension_and_bad_dimension_caps_overall() -> None:
    good = [_result(f"g{at}", Outcome.passed(), dimension) for at, dimension in product(range(9), Dimension)]
    grave = _result("x", Outcome.failed(Evidence(), score=0.9), Dimension.CONTENT, Severity.CRITICAL)
    score = score_document(FACTS, [*good, grave])
    assert score.dimensions[Dimension.CONTENT] == 40
    assert score.dimensions[Dimension.STRUCTURAL] == 100
    mean = sum(value or 0 for value in score.dimensions.values()) / 4
    assert _overall(score) < mean
    assert [step.check for step in score.waterfall] == ["x"]


def test_score_errors_are_named_and_shadow_checks_cost_nothing() -> None:
    broken = _result("broken", Outcome(Verdict.ERROR))
    hidden = replace(_result("hidden", Outcome.failed(Evidence())), shadow=True)
    score = score_document(FACTS, [_result("a", Outcome.passed()), broken, hidden])
    assert score.failed_checks == ("broken",)
    assert score.overall == 100


def test_score_flawless_document_is_high_and_faults_lower_it() -> None:
    registry = standard_registry()
    clean = find_issues(document(), registry)
    best = score_document(document(), clean.results)
    assert _overall(best) > 95
    faulty = document({**BILL, "total": "9.99", "supplier": ""}, pages=[page(confidence=0.5)])
    worse = score_document(faulty, find_issues(faulty, registry).results)
    assert (worse.dimensions[Dimension.CONTENT] or 0) <= 40
    assert (worse.dimensions[Dimension.STRUCTURAL] or 0) < 75
    assert _overall(worse) < 65
    assert {step.check for step in worse.waterfall} >= {"totals_add_up", "required_fields", "reading_confidence"}


def test_score_ocr_confidence_is_weighted_by_words() -> None:
    facts = document(pages=[page("one two three", confidence=0.9), page("four", 2, confidence=0.5)])
    score = score_document(facts, [])
    assert score.ocr_confidence == pytest.approx(80)
    assert score_document(document(pages=[page(words=())]), []).ocr_confidence is None


def test_score_rule_set_weights_are_applied() -> None:
    low = _result("a", Outcome.failed(Evidence(), score=0.5), Dimension.FRESHNESS)
    high = _result("b", Outcome.passed(), Dimension.CONTENT)
    heavy = RuleSet(version="7", dimensions={**RuleSet().dimensions, Dimension.FRESHNESS: 0.9})
    assert _overall(score_document(FACTS, [low, high], heavy)) < _overall(score_document(FACTS, [low, high]))
    assert score_document(FACTS, [low, high], heavy).rules_version == "7"


def test_score_with_zero_weights_is_none() -> None:
    weightless = RuleSet(weights=dict.fromkeys(Severity, 0.0))
    score = score_document(FACTS, [_result("a", Outcome.failed(Evidence(), score=0.5))], weightless)
    assert (score.overall, score.waterfall) == (None, ())
