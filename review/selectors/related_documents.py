"""The other documents that issues speak of: a copy, an earlier version, one that says otherwise."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ingestion.models import Document
from quality.models import Issue
from refinery.core.tenancy.actor import Actor


def others_of(actor: Actor, issues: Iterable[Issue]) -> dict[UUID, dict[str, Any]]:
    """Give title and address of each issue's other document, by the issue's id; one query, none without such."""
    meant = {issue.id: other for issue in issues if (other := _other(issue))}
    if not meant:
        return {}
    rows = Document.objects.visible_to(actor).filter(id__in=set(meant.values())).values_list("id", "filename")
    found = {str(key): {"title": title, "url": f"/documents/{key}/"} for key, title in rows}
    return {issue: found[other] for issue, other in meant.items() if other in found}


def _other(issue: Issue) -> str:
    return next((str(one["neighbour"]) for one in issue.evidence if one.get("neighbour")), "")
