"""Read model of a document's status: it combines ingestion and quality, so it is in a layer above both."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from ingestion.domain.lifecycle import DECIDED, FINAL, DocumentStatus
from ingestion.models import Document
from quality.models import Assessment, Issue
from refinery.core.tenancy.actor import Actor

PROGRESS = {
    DocumentStatus.RECEIVED: 0.0,
    DocumentStatus.READING: 0.1,
    DocumentStatus.NEEDS_PASSWORD: 0.1,
    DocumentStatus.ASSESSING: 0.7,
    DocumentStatus.IN_REVIEW: 0.9,
}


class IssueResponse(serializers.Serializer[Any]):
    """Something wrong or doubtful in a document."""

    code = serializers.CharField()
    severity = serializers.CharField()
    dimension = serializers.CharField()
    field = serializers.CharField(required=False)
    page = serializers.IntegerField(required=False)
    bbox = serializers.ListField(child=serializers.FloatField(), required=False)
    message = serializers.CharField()
    recommendation = serializers.CharField()


class ScoresResponse(serializers.Serializer[Any]):
    """Scores from 0 to 100; null if they could not be determined."""

    overall = serializers.FloatField(allow_null=True)
    structural = serializers.FloatField(allow_null=True)
    content = serializers.FloatField(allow_null=True)
    compliance = serializers.FloatField(allow_null=True)
    freshness = serializers.FloatField(allow_null=True)


class StatusResponse(serializers.Serializer[Any]):
    """Status of a document with scores and issues."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    stage = serializers.CharField()
    progress = serializers.FloatField(min_value=0, max_value=1)
    decision = serializers.CharField(allow_null=True)
    scores = ScoresResponse(allow_null=True)
    ocr_confidence = serializers.FloatField(allow_null=True)
    issues = IssueResponse(many=True)
    pages = serializers.IntegerField()
    pages_failed = serializers.IntegerField()
    error = serializers.DictField(required=False)


def document_status(actor: Actor, document_id: UUID) -> dict[str, Any]:
    """Return the status of a document that the actor may see. Raises Document.DoesNotExist."""
    document = Document.objects.visible_to(actor).get(pk=document_id)
    rows = Assessment.objects.visible_to(actor).filter(document=document, run=document.run)
    assessment = rows.order_by("-after_human").first()
    issues = Issue.objects.visible_to(actor).of_run(document.id, document.run)
    status = DocumentStatus(document.status)
    answer: dict[str, Any] = {
        "id": str(document.id),
        "status": status.value,
        "stage": document.stage,
        "progress": document_progress(document),
        "decision": _decision(status, assessment),
        "scores": _scores(assessment),
        "ocr_confidence": rounded(assessment.ocr_confidence) if assessment else None,
        "issues": [issue_response(issue) for issue in issues],
        "pages": document.pages,
        "pages_failed": document.pages_failed,
    }
    if document.error_code:
        answer["error"] = {"code": document.error_code, "detail": document.error_detail}
    return answer


def document_progress(document: Document) -> float:
    """Return the progress of a document, from 0 to 1."""
    status = DocumentStatus(document.status)
    return 1.0 if status in FINAL else PROGRESS[status]


def issue_response(issue: Issue) -> dict[str, Any]:
    """Return an issue as a dictionary, without the keys that have no value."""
    whole = {
        "code": issue.code,
        "severity": issue.severity,
        "dimension": issue.dimension,
        "field": issue.field or None,
        "page": issue.page,
        "bbox": issue.bbox,
        "message": issue.message,
        "recommendation": issue.recommendation,
    }
    return {name: value for name, value in whole.items() if value is not None}


def _decision(status: DocumentStatus, assessment: Assessment | None) -> str | None:
    """Return the reviewer's decision if there is one, the router's otherwise."""
    if status in DECIDED:
        return "approve" if status is DocumentStatus.APPROVED else "reject"
    return assessment.decision if assessment else None


def _scores(assessment: Assessment | None) -> dict[str, float | None] | None:
    if assessment is None:
        return None
    names = ("overall", "structural", "content", "compliance", "freshness")
    return {name: rounded(getattr(assessment, name)) for name in names}


def rounded(score: float | None) -> float | None:
    """Return a score rounded to one decimal; None if it could not be determined."""
    return None if score is None else round(score, 1)
