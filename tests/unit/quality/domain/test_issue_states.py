"""Issues while a person works: resolved only by a check that could answer, accepted by name, new ones first."""

from typing import Any

from quality.domain.checks.runner import CheckFindings
from quality.domain.issue_states import IssueState, issue_state, rechecked_issues
from quality.domain.outcomes import CheckResult, DetectedIssue, Dimension, Outcome, Severity, Tier, Verdict


def stored(code: str, field: str | None = "total", **changes: Any) -> dict[str, Any]:
    """Return an issue as a page shows it."""
    base = {
        "code": code,
        "field": field,
        "page": 1,
        "message": "old",
        "recommendation": "",
        "fix": "1",
        "accepted_by": "",
    }
    return {**base, "state": IssueState.OPEN, **changes}


def findings(*issues: DetectedIssue, **verdicts: Verdict) -> CheckFindings:
    """Return the findings of checks with these verdicts."""
    results = tuple(
        CheckResult(code, 1, Tier.DOMAIN, Dimension.CONTENT, Severity.MAJOR, Outcome(verdict))
        for code, verdict in verdicts.items()
    )
    return CheckFindings(results, issues)


def finding(code: str, field: str | None = "total", page: int | None = 1) -> DetectedIssue:
    """Return a finding of a check."""
    return DetectedIssue(code, Severity.MAJOR, Dimension.CONTENT, Tier.DOMAIN, "new", "advice", field, page)


def states(before: list[dict[str, Any]], found: CheckFindings) -> list[tuple[str, str]]:
    """Return code and state of each issue."""
    return [(one["code"], str(one["state"])) for one in rechecked_issues(before, found)]


def test_issue_is_resolved_only_by_an_answer() -> None:
    before = [stored("sum"), stored("date"), stored("broken"), stored("note.signed")]
    found = findings(sum=Verdict.PASS, date=Verdict.UNKNOWN, broken=Verdict.ERROR)
    assert states(before, found) == [("sum", "resolved"), ("date", "open"), ("broken", "open"), ("note.signed", "open")]


def test_repeated_finding_updates_its_issue() -> None:
    (issue,) = rechecked_issues([stored("sum")], findings(finding("sum"), sum=Verdict.FAIL))
    assert (issue["message"], issue["recommendation"], issue["fix"], issue["state"]) == ("new", "advice", None, "open")


def test_new_finding_comes_first_and_other_field_is_another_issue() -> None:
    found = findings(finding("sum", "tax"), sum=Verdict.FAIL)
    assert states([stored("sum", "total")], found) == [("sum", "open"), ("sum", "resolved")]


def test_findings_on_two_pages_keep_their_issues() -> None:
    before = [stored("blur", None, page=1), stored("blur", None, page=2)]
    rechecked = rechecked_issues(before, findings(finding("blur", None, 2), blur=Verdict.FAIL))
    assert {one["page"]: str(one["state"]) for one in rechecked} == {1: "resolved", 2: "open"}


def test_accepted_issue_that_fails_again_stays_accepted() -> None:
    before = [stored("sum", accepted_by="Mara", state=IssueState.ACCEPTED)]
    assert states(before, findings(finding("sum"), sum=Verdict.FAIL)) == [("sum", "accepted")]


def test_resolved_outranks_accepted() -> None:
    assert issue_state(resolved=True, accepted=True) is IssueState.RESOLVED
    assert issue_state(resolved=False, accepted=True) is IssueState.ACCEPTED
    assert issue_state(resolved=False, accepted=False) is IssueState.OPEN
