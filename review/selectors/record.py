"""One document's record: where it stands, its scores and what cost points, issues, fields, pages, history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.domain.einvoice.mapping import XML
from ingestion.domain.lifecycle import DECIDED, DocumentStatus
from ingestion.models import Document, Field
from ingestion.selectors.einvoice_line import EInvoiceLine, einvoice_line
from ingestion.selectors.labels import STAGES, Failure, failure, file_words
from quality.models import Assessment, Issue
from refinery.core.tenancy.actor import Actor
from review.domain.lifecycle import UNFINISHED
from review.models import ReviewTask
from review.selectors.lineage import Family, Head, family_of, head_of
from review.selectors.related_documents import others_of
from review.selectors.timeline import Happening, history_of
from review.selectors.viewer import note_lines, pages_of, schema_titles

DIMENSIONS = {
    "structural": _("Structure"),
    "content": _("Content"),
    "compliance": _("Compliance"),
    "freshness": _("Freshness"),
}
RERUN_FROM = DECIDED | {
    DocumentStatus.FAILED,
    DocumentStatus.QUARANTINED,
    DocumentStatus.UNPACKED,
    DocumentStatus.SPLIT,
}
AROUND = 0.02  # of the page: what is shown around an issue's place
THUMBNAIL = 96


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of 0 to 100, None where nobody could judge, and the share of checks that could look."""

    overall: int | None
    coverage: float
    dimensions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Record:
    """What the page of a document shows."""

    id: UUID
    title: str
    status: str
    stage: str
    schema_title: str
    error: Failure | None
    error_detail: str
    pages_failed: int
    page_count: int
    needs_password: bool
    may_rerun: bool
    may_reopen: bool
    task_id: UUID | None
    score: Scores | None
    waterfall: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    fields: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    timeline: list[Happening]
    runs: list[dict[str, Any]]
    document: Document
    family: Family
    head: Head | None
    einvoice: EInvoiceLine | None


def record_of(actor: Actor, document_id: UUID) -> Record:
    """Give a document's record; raises Document.DoesNotExist."""
    document = Document.objects.visible_to(actor).select_related("batch", "parent").get(pk=document_id)
    title, specs = schema_titles(actor, document.schema_key)
    pages = pages_of(actor, document, document.run)
    issues = list(Issue.objects.visible_to(actor).standing(document, document.run))
    others = others_of(actor, issues)
    judged = list(Assessment.objects.visible_to(actor).filter(document=document).order_by("run", "after_human"))
    now = [one for one in judged if one.run == document.run]
    fields = Field.objects.visible_to(actor).filter(document=document, run=document.run).order_by("position")
    task = ReviewTask.objects.visible_to(actor).filter(document=document, run=document.run, state__in=UNFINISHED)
    names = {name: spec.title for name, spec in specs.items()}
    return Record(
        id=document.id,
        title=document.filename,
        status=document.status,
        stage=str(STAGES.get(document.stage, "")),
        schema_title=title or gettext("Kind not known"),
        error=failure(document.error_code),
        error_detail=document.error_detail,
        pages_failed=document.pages_failed,
        page_count=document.pages,
        needs_password=document.status == DocumentStatus.NEEDS_PASSWORD,
        may_rerun=document.status in RERUN_FROM and document.parent_pages is None,
        may_reopen=document.status in DECIDED,
        task_id=task.values_list("id", flat=True).first(),
        score=_scores(now[-1]) if now else None,
        waterfall=_waterfall(now[-1], issues) if now else [],
        issues=[*(_issue(issue, pages, others.get(issue.id)) for issue in issues), *note_lines(pages)],
        fields=[_field(row, names) for row in fields],
        pages=[{**page, "thumbnail_height": _height(page)} for page in pages],
        timeline=history_of(actor, document.id),
        runs=_runs(judged),
        document=document,
        family=family_of(actor, document),
        head=head_of(document),
        einvoice=einvoice_line(actor, document, document.run, [row.code for row in issues], judged=bool(now)),
    )


def _height(page: dict[str, Any]) -> int:
    return int(THUMBNAIL * page["height"] / max(1, page["width"]))


def _scores(found: Assessment) -> Scores:
    dimensions = [{"title": title, "value": _whole(getattr(found, name))} for name, title in DIMENSIONS.items()]
    return Scores(_whole(found.overall), found.coverage, dimensions)


def _whole(score: float | None) -> int | None:
    return None if score is None else round(score)


def _waterfall(found: Assessment, issues: Sequence[Issue]) -> list[dict[str, Any]]:
    """Lay the costs end to end below 100: each step begins where the one before it ended."""
    words: dict[str, str] = {}
    for issue in issues:
        words.setdefault(issue.code, issue.message)
    if found.overall is None:
        return []
    at = 100.0
    steps = [{"title": gettext("Nothing wrong"), "points": "100", "x": 0, "width": 100, "total": True}]
    for cost in found.waterfall:
        points = float(cost["points"])
        at -= points
        title = words.get(cost["check"]) or cost["check"].replace("_", " ").replace(".", " ").capitalize()
        lost = f"\N{MINUS SIGN}{points:.1f}"
        steps.append(
            {
                "title": title,
                "points": lost,
                "x": round(max(0.0, at), 2),
                "width": round(points, 2),
                "total": False,
            }
        )
    score = round(found.overall)
    steps.append({"title": gettext("Score"), "points": str(score), "x": 0, "width": score, "total": True})
    return steps if found.waterfall else []


def _issue(issue: Issue, pages: Sequence[dict[str, Any]], other: dict[str, Any] | None) -> dict[str, Any]:
    page = next((one for one in pages if one["number"] == issue.page), None)
    return {
        "code": issue.code,
        "severity": issue.severity,
        "message": issue.message,
        "recommendation": issue.recommendation,
        "page": issue.page,
        "other": other,
        "crop": _crop(issue.bbox, page) if issue.bbox and page and not page["error"] else None,
    }


def _crop(bbox: Sequence[float], page: dict[str, Any]) -> dict[str, Any]:
    """Give the piece of the page around a box, as an SVG view of the page's image."""
    x0, y0, x1, y1 = bbox
    left, top = max(0.0, x0 - AROUND), max(0.0, y0 - AROUND / 2)
    wide, high = min(1.0, x1 + AROUND) - left, min(1.0, y1 + AROUND / 2) - top
    width, height = page["width"], page["height"]
    view = f"{left * width:.0f} {top * height:.0f} {wide * width:.0f} {high * height:.0f}"
    return {"view": view, "image": page["image"], "width": width, "height": height}


def _field(row: Field, names: dict[str, str]) -> dict[str, Any]:
    by = {"confirmed": _("confirmed by a person"), "corrected": _("corrected by a person")}
    found = _("from the e-invoice") if row.source == XML else _("as read")
    return {
        "title": names.get(row.name, row.name),
        "value": row.value,
        "confidence": row.confidence,
        "by": by.get(row.human, found),
    }


def _runs(judged: Sequence[Assessment]) -> list[dict[str, Any]]:
    latest = {one.run: one.overall for one in judged}
    return [{"number": run, "overall": overall} for run, overall in sorted(latest.items(), reverse=True)]


def facts_of(record: Record) -> list[dict[str, Any]]:
    """Give what is known of the file itself, as pairs of title and value."""
    document = record.document
    facts: list[dict[str, Any]] = [
        {"title": _("File"), "value": file_words(document.media_type), "size": document.size},
        {"title": _("Pages"), "value": document.pages or ""},
        {"title": _("Received"), "at": document.created_at},
        {"title": _("Decided"), "at": document.decided_at},
        {"title": _("Your id"), "value": document.external_id},
        {"title": _("Batch"), "value": document.batch.name if document.batch else "", "batch": document.batch_id},
        {"title": _("Came again"), "value": document.duplicates or ""},
        {"title": _("SHA-256"), "value": document.sha256[:16], "mono": True},
    ]
    return [fact for fact in facts if fact.get("value") or fact.get("at")]
