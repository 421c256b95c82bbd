"""Every check passes its own examples, and the registry refuses checks without examples."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from ingestion.domain.page.notes import CHECKED_NOTES
from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.check import Check
from quality.domain.checks.examples.builders import document, fails, passes, unknown
from quality.domain.checks.page_notes import PageNoteCheck
from quality.domain.checks.registry import CheckExample, CheckRegistry, Examples, RegistryError
from quality.domain.checks.runner import find_issues, run_check
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Outcome, Severity, Tier, Verdict
from quality.domain.scoring import RuleSet

CASES = [(check, example) for check in standard_registry() for example in standard_registry().examples(check.id)]


@dataclass(frozen=True)
class FailingCheck(Check):
    """A check with a bug."""

    id: ClassVar[str] = "breaks"
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "-"
    recommendation: ClassVar[str] = "-"
    limit: float = 1.0

    def run(self, facts: FactSet) -> Outcome:
        """Divide by zero."""
        return Outcome.passed(1 / (self.limit - self.limit))


BOTH_EXAMPLES = Examples(
    (passes("p", document()),), (fails("f", document()),), (unknown("u", document()),), (passes("a", document()),)
)


@pytest.mark.parametrize(("check", "example"), CASES, ids=[f"{check.id}: {example.name}" for check, example in CASES])
def test_check_answers_its_own_examples(check: Check, example: CheckExample) -> None:
    outcome = run_check(check, example.facts)
    assert outcome.verdict is example.verdict, outcome
    assert 0 <= outcome.score <= 1
    if outcome.verdict is Verdict.FAIL:
        assert outcome.evidence
    for evidence in outcome.evidence:
        for text in (check.explain(evidence), check.recommend(evidence)):
            assert text[0].isupper() or text[0].isdigit()
            assert "%(" not in text
            assert len(text) < 300


@pytest.mark.parametrize("group", ["passing", "failing", "unknown", "adversarial"])
def test_registry_check_without_one_example_group_raises(group: str) -> None:
    with pytest.raises(RegistryError, match=group):
        CheckRegistry().add(FailingCheck(), replace(BOTH_EXAMPLES, **{group: ()}))


def test_registry_missing_duplicate_or_mislabelled_examples_raise() -> None:
    registry = CheckRegistry()
    with pytest.raises(RegistryError, match="passing and failing and unknown and adversarial"):
        registry.add(FailingCheck(), None)
    with pytest.raises(RegistryError, match="failing"):
        registry.add(FailingCheck(), replace(BOTH_EXAMPLES, failing=(passes("no failure", document()),)))
    registry.add(FailingCheck(), BOTH_EXAMPLES)
    with pytest.raises(RegistryError, match="already"):
        registry.add(FailingCheck(), BOTH_EXAMPLES)


def test_run_checks_failing_check_gives_error_and_others_still_run() -> None:
    registry = CheckRegistry()
    registry.add(FailingCheck(), BOTH_EXAMPLES)
    reading = standard_registry()["required_fields"]
    registry.add(reading, standard_registry().examples("required_fields"))
    findings = find_issues(document({}), registry)
    assert [result.outcome.verdict for result in findings.results] == [Verdict.ERROR, Verdict.FAIL]
    assert findings.results[0].outcome.note == "ZeroDivisionError"
    assert {issue.code for issue in findings.issues} == {"required_fields"}


def test_find_issues_orders_by_severity_and_hides_shadow_checks() -> None:
    facts = document({"net_total": "100.00", "tax_total": "20.00", "total": "900.00"})
    issues = find_issues(facts, standard_registry()).issues
    ranks = [issue.severity.rank for issue in issues]
    assert ranks == sorted(ranks, reverse=True)
    assert issues[0].code == "totals_add_up"
    assert issues[0].fix == "120.00"
    quiet = find_issues(facts, standard_registry(), RuleSet(shadow=frozenset({"totals_add_up"})))
    assert "totals_add_up" not in {issue.code for issue in quiet.issues}
    assert any(result.shadow for result in quiet.results)


def test_find_issues_rule_set_parameters_override_defaults() -> None:
    facts = document()
    strict = RuleSet(params={"blurred": {"sharpness_from": 5000.0}})
    assert "blurred" in {issue.code for issue in find_issues(facts, standard_registry(), strict).issues}
    with pytest.raises(RegistryError, match="no such parameter"):
        find_issues(facts, standard_registry(), RuleSet(params={"blurred": {"sharpnes": 1.0}}))


def test_notes_that_a_check_reports_are_not_listed_beside_its_issue() -> None:
    checked = {check.note.value for check in standard_registry() if isinstance(check, PageNoteCheck)}
    assert len(checked) > 1
    assert checked <= CHECKED_NOTES
