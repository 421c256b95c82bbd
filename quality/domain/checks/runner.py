"""Runner of all checks on a document's facts; an exception becomes ERROR and does not affect other checks."""

from collections.abc import Iterable
from dataclasses import dataclass

from quality.domain.checks.check import Check, missing_needs
from quality.domain.checks.registry import CheckRegistry
from quality.domain.facts import FactSet
from quality.domain.outcomes import CheckResult, DetectedIssue, Evidence, Outcome, Verdict
from quality.domain.scoring import RuleSet


@dataclass(frozen=True, slots=True)
class CheckFindings:
    """All results, including shadow ones, and the issues that count, most severe first."""

    results: tuple[CheckResult, ...]
    issues: tuple[DetectedIssue, ...]


def find_issues(facts: FactSet, registry: CheckRegistry, rules: RuleSet | None = None) -> CheckFindings:
    """Run the registered checks and collect their findings."""
    rules = rules or RuleSet()
    checks = registry.with_params(rules.params) if rules.params else registry
    results = tuple(_result(check, facts, shadow=check.id in rules.shadow) for check in checks)
    found = [issue for result in results if not result.shadow for issue in _issues(result, checks)]
    found.sort(key=lambda issue: -issue.severity.rank)
    return CheckFindings(results, tuple(found))


def run_check(check: Check, facts: FactSet) -> Outcome:
    """Run one check: test whether it applies and its required facts are present, and catch exceptions."""
    try:
        if not check.applies_to(facts):
            return Outcome.not_applicable()
        missing = missing_needs(check, facts)
        if missing:
            return Outcome.unknown(f"not known: {', '.join(missing)}")
        return check.run(facts)
    except Exception as error:  # noqa: BLE001 - if one check fails, the document is assessed by the others
        return Outcome(Verdict.ERROR, note=type(error).__name__)


def _result(check: Check, facts: FactSet, *, shadow: bool) -> CheckResult:
    outcome = run_check(check, facts)
    return CheckResult(check.id, check.version, check.tier, check.dimension, check.severity, outcome, shadow=shadow)


def _issues(result: CheckResult, checks: CheckRegistry) -> Iterable[DetectedIssue]:
    if result.outcome.verdict is not Verdict.FAIL:
        return []
    return [_issue(checks[result.check], evidence) for evidence in result.outcome.evidence]


def _issue(check: Check, evidence: Evidence) -> DetectedIssue:
    return DetectedIssue(
        code=check.id,
        severity=evidence.severity or check.severity,
        dimension=check.dimension,
        tier=check.tier,
        message=check.explain(evidence),
        recommendation=check.recommend(evidence),
        field=evidence.field,
        page=evidence.page,
        bbox=evidence.bbox,
        fix=evidence.fix,
        text=evidence.text,
        neighbour=evidence.neighbour,
        neighbour_text=evidence.neighbour_text,
        values=evidence.values,
        check_version=check.version,
    )
