"""Run every check on a document's facts; one that breaks is an ERROR, and never takes the others with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from quality.domain.checks.check import Check, missing_needs
from quality.domain.checks.registry import Registry
from quality.domain.facts import FactSet
from quality.domain.outcomes import CheckResult, Evidence, Issue, Outcome, Verdict
from quality.domain.scoring import RuleSet


@dataclass(frozen=True, slots=True)
class Findings:
    """All results, shadow ones included, and the issues of those that count, the gravest first."""

    results: tuple[CheckResult, ...]
    issues: tuple[Issue, ...]


def find_issues(facts: FactSet, registry: Registry, rules: RuleSet | None = None) -> Findings:
    """Run the registered checks and gather what they found."""
    rules = rules or RuleSet()
    checks = registry.with_params(rules.params) if rules.params else registry
    results = tuple(_result(check, facts, shadow=check.id in rules.shadow) for check in checks)
    found = [issue for result in results if not result.shadow for issue in _issues(result, checks)]
    found.sort(key=lambda issue: -issue.severity.rank)
    return Findings(results, tuple(found))


def run_check(check: Check, facts: FactSet) -> Outcome:
    """Run one check, with what surrounds it: does it apply, is what it needs there, did it break."""
    try:
        if not check.applies_to(facts):
            return Outcome.not_applicable()
        missing = missing_needs(check, facts)
        if missing:
            return Outcome.unknown(f"not known: {', '.join(missing)}")
        return check.run(facts)
    except Exception as error:  # noqa: BLE001 - whatever a check does wrong, the document is judged by the rest
        return Outcome(Verdict.ERROR, note=type(error).__name__)


def _result(check: Check, facts: FactSet, *, shadow: bool) -> CheckResult:
    outcome = run_check(check, facts)
    return CheckResult(
        check.id, check.version, check.tier, check.dimension, check.severity, outcome, shadow=shadow
    )


def _issues(result: CheckResult, checks: Registry) -> Iterable[Issue]:
    if result.outcome.verdict is not Verdict.FAIL:
        return []
    return [_issue(checks[result.check], evidence) for evidence in result.outcome.evidence]


def _issue(check: Check, evidence: Evidence) -> Issue:
    return Issue(
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
