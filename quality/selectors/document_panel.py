"""Quality panel of document pages: scores, their waterfall, issues and the scores of earlier runs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.models import Document
from quality.models import Assessment
from quality.selectors.issues import issues_of
from refinery.core.tenancy.actor import Actor

DIMENSIONS = {
    "structural": _("Structure"),
    "content": _("Content"),
    "compliance": _("Compliance"),
    "freshness": _("Freshness"),
}


def overall_scores(actor: Actor, documents: Sequence[Document]) -> dict[UUID, dict[str, Any]]:
    """Return the overall scores of the documents' current runs, after review if there was one, in one query."""
    runs = {row.id: row.run for row in documents}
    found = Assessment.objects.visible_to(actor).filter(document_id__in=list(runs)).order_by("after_human")
    scores = found.values_list("document_id", "run", "overall")
    return {document: {"overall": overall} for document, run, overall in scores if run == runs[document]}


def document_panel(actor: Actor, document: Document) -> dict[str, Any]:
    """Return the quality panel of a document."""
    issues = issues_of(actor, document, document.run)
    judged = list(Assessment.objects.visible_to(actor).filter(document=document).order_by("run", "after_human"))
    current = next((one for one in reversed(judged) if one.run == document.run), None)
    return {
        "score": _scores(current) if current else None,
        "waterfall": _waterfall(current, issues) if current else [],
        "issues": issues,
        "runs": _runs(judged),
    }


def _scores(found: Assessment) -> dict[str, Any]:
    """Return scores of 0 to 100, None where nothing could be scored, and the share of checks that applied."""
    dimensions = [{"title": title, "value": _whole(getattr(found, name))} for name, title in DIMENSIONS.items()]
    return {"overall": _whole(found.overall), "coverage": found.coverage, "dimensions": dimensions}


def _whole(score: float | None) -> int | None:
    return None if score is None else round(score)


def _waterfall(found: Assessment, issues: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the bars of the waterfall from 100 down: each step begins where the one before it ended."""
    words: dict[str, str] = {}
    for issue in issues:
        words.setdefault(issue["code"], issue["message"])
    if found.overall is None:
        return []
    at = 100.0
    steps = [{"title": gettext("Full score"), "points": "100", "x": 0, "width": 100, "total": True}]
    for cost in found.waterfall:
        points = float(cost["points"])
        at -= points
        title = words.get(cost["check"]) or cost["check"].replace("_", " ").replace(".", " ").capitalize()
        lost = f"\N{MINUS SIGN}{points:.1f}"
        steps.append(
            {"title": title, "points": lost, "x": round(max(0.0, at), 2), "width": round(points, 2), "total": False}
        )
    score = round(found.overall)
    steps.append({"title": gettext("Score"), "points": str(score), "x": 0, "width": score, "total": True})
    return steps if found.waterfall else []


def _runs(judged: Sequence[Assessment]) -> list[dict[str, Any]]:
    latest = {one.run: one.overall for one in judged}
    return [{"number": run, "overall": overall} for run, overall in sorted(latest.items(), reverse=True)]
