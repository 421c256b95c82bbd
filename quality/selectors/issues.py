"""Issues of a document for its pages, each with its state and the related document, if any."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from ingestion.models import Document
from quality.domain.issue_states import issue_state
from quality.models import Issue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.member_names import names_of


def issues_of(actor: Actor, document: Document, run: int) -> list[dict[str, Any]]:
    """Return the issues of a run; one more query each where an issue names another document or was accepted."""
    issues = _issues_of_run(actor, document.id, run)
    others = _related_documents(actor, issues)
    people = names_of(actor, (issue.accepted_by_id for issue in issues))
    return [_issue(issue, others.get(issue.id), people) for issue in issues]


@compiled_query
def _issues_of_run(actor: Actor, document_id: UUID, run: int) -> "QuerySet[Issue]":
    return Issue.objects.visible_to(actor).of_run(document_id, run)


def _related_documents(actor: Actor, issues: Iterable[Issue]) -> dict[UUID, dict[str, Any]]:
    """Return title and address of each issue's other document, by issue id; no query when there is none."""
    meant = {issue.id: other for issue in issues if (other := _other(issue))}
    if not meant:
        return {}
    rows = Document.objects.visible_to(actor).filter(id__in=set(meant.values())).values_list("id", "filename")
    found = {str(key): {"title": title, "url": f"/documents/{key}/"} for key, title in rows}
    return {issue: found[other] for issue, other in meant.items() if other in found}


def _other(issue: Issue) -> str:
    return next((str(one["neighbour"]) for one in issue.evidence if one.get("neighbour")), "")


def _issue(row: Issue, other: dict[str, Any] | None, people: Mapping[UUID, str]) -> dict[str, Any]:
    who = people.get(row.accepted_by_id, gettext("a former member")) if row.accepted_by_id else ""
    return {
        "code": row.code,
        "severity": row.severity,
        "field": row.field or None,
        "page": row.page,
        "bbox": row.bbox,
        "message": row.message,
        "recommendation": row.recommendation,
        "fix": row.fix,
        "other": other,
        "accepted_by": who,
        "state": issue_state(resolved=row.resolved, accepted=bool(row.accepted_by_id)),
    }
