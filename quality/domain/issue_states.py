"""State of an issue while a person works on its document: open, resolved by other values, or accepted."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from quality.domain.checks.runner import CheckFindings
from quality.domain.outcomes import DetectedIssue, Verdict

ANSWERED = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE})


class IssueState(StrEnum):
    """Whether an issue still needs a person."""

    OPEN = "open"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"


def issue_state(*, resolved: bool, accepted: bool) -> IssueState:
    """Return the state of a stored issue; an issue that no longer exists needs nobody's acceptance."""
    if resolved:
        return IssueState.RESOLVED
    return IssueState.ACCEPTED if accepted else IssueState.OPEN


def answered_checks(findings: CheckFindings) -> frozenset[str]:
    """Return the checks that could answer; only these can resolve an issue."""
    return frozenset(result.check for result in findings.results if result.outcome.verdict in ANSWERED)


def rechecked_issues(before: Sequence[dict[str, Any]], findings: CheckFindings) -> list[dict[str, Any]]:
    """Return the issues as they are for new values: new ones first, then the earlier ones with their states.

    An earlier issue is found again by its check and its field, or its page if it is about no field. Issues whose check
    could not answer stay as they were.
    """
    answered, left = answered_checks(findings), list(findings.issues)
    kept = [_rechecked(issue, _take(left, issue), answered) for issue in before]
    return [*(_as_json(issue) for issue in left), *kept]


def _take(left: list[DetectedIssue], issue: dict[str, Any]) -> DetectedIssue | None:
    """Remove and return the finding of the same check about the same field, or else the same page."""
    for found in left:
        about = found.field == issue["field"] if issue["field"] else not found.field and found.page == issue["page"]
        if found.code == issue["code"] and about:
            left.remove(found)
            return found
    return None


def _rechecked(issue: dict[str, Any], found: DetectedIssue | None, answered: Iterable[str]) -> dict[str, Any]:
    if found is not None:
        state = issue_state(resolved=False, accepted=bool(issue["accepted_by"]))
        return {
            **issue,
            "message": found.message,
            "recommendation": found.recommendation,
            "fix": found.fix,
            "state": state,
        }
    return {**issue, "state": IssueState.RESOLVED} if issue["code"] in answered else issue


def _as_json(found: DetectedIssue) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "field": found.field,
        "page": found.page,
        "bbox": found.bbox.as_list() if found.bbox else None,
        "message": found.message,
        "recommendation": found.recommendation,
        "fix": found.fix,
        "other": None,
        "accepted_by": "",
        "state": IssueState.OPEN,
    }
