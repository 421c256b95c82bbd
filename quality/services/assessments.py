"""Storage of an assessment: the assessment row, its issues and the fields, each once per run."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ingestion.contracts import RunRef
from ingestion.domain.page.serialization import pack_box
from ingestion.domain.schemas.fields import Alternative, ExtractedField
from ingestion.models import Field
from quality.domain.checks.runner import CheckFindings
from quality.domain.issue_states import answered_checks
from quality.domain.outcomes import CheckResult, Dimension
from quality.domain.outcomes import DetectedIssue as Found
from quality.domain.routing import Decision
from quality.domain.scoring import QualityScore
from quality.models import Assessment, Issue
from refinery.core.database.bulk_rows import insert_rows
from refinery.core.database.prepared import prepared_cursor

FIELD_KEYS = ("tenant_id", "document_id", "run", "name")
FIELD_COLUMNS = tuple(
    (
        "position value normalized confidence model_value model_normalized model_version page bbox source "
        "alternatives validations features needs_human human"
    ).split()
)
ASSESSMENT_KEYS = ("tenant_id", "document_id", "run", "after_human")
ASSESSMENT_COLUMNS = (
    *("overall", *(dimension.value for dimension in Dimension), "coverage", "ocr_confidence", "waterfall", "outcomes"),
    *("decision", "reasons", "error_probability", "rule_set", "model_version"),
)
DELETE_ISSUES = "DELETE FROM issue WHERE tenant_id = %s AND document_id = %s AND run = %s"


def write_fields(
    ref: RunRef, fields: Sequence[ExtractedField], model_version: str, needing_human: frozenset[str]
) -> None:
    """Write the run's fields as the model read them; replace those of an earlier assessment of the run."""
    rows = [
        Field(
            tenant_id=ref.tenant_id,
            document_id=ref.document_id,
            run=ref.run,
            position=position,
            name=found.name,
            value=found.value,
            normalized=found.normalized,
            confidence=found.confidence,
            model_value=found.value,
            model_normalized=found.normalized,
            model_version=model_version,
            page=found.page,
            bbox=pack_box(found.bbox) if found.bbox else None,
            source=found.source,
            alternatives=[_alternative(other) for other in found.alternatives],
            validations=[asdict(validation) for validation in found.validations],
            features=found.features,
            needs_human=found.name in needing_human,
        )
        for position, found in enumerate(fields)
    ]
    insert_rows(rows, unique=FIELD_KEYS, replace=FIELD_COLUMNS)


def _alternative(other: Alternative) -> dict[str, Any]:
    return {
        "value": other.value,
        "confidence": other.confidence,
        "page": other.page,
        "bbox": pack_box(other.bbox) if other.bbox else None,
    }


def write_issues(ref: RunRef, issues: Sequence[Found]) -> None:
    """Write the run's issues; replace those of an earlier assessment of the run."""
    with prepared_cursor() as cursor:
        cursor.execute(DELETE_ISSUES, [ref.tenant_id, ref.document_id, ref.run])
    insert_rows([_issue(ref, found) for found in issues])


def _issue(ref: RunRef, found: Found) -> Issue:
    evidence = {
        "text": found.text,
        "values": dict(found.values),
        "neighbour": found.neighbour,
        "neighbour_text": found.neighbour_text,
    }
    return Issue(
        tenant_id=ref.tenant_id,
        document_id=ref.document_id,
        run=ref.run,
        code=found.code,
        check_version=found.check_version,
        tier=found.tier.value,
        dimension=found.dimension.value,
        severity=found.severity.value,
        field=found.field or "",
        page=found.page,
        bbox=pack_box(found.bbox) if found.bbox else None,
        message=found.message[:300],
        recommendation=found.recommendation[:300],
        fix=(found.fix or "")[:300],
        evidence=[evidence],
    )


def mark_resolved(ref: RunRef, findings: CheckFindings) -> None:
    """Mark the run's issues that the checks, run again with a person's values, no longer find."""
    answered = answered_checks(findings)
    left = {(issue.code, issue.field or "") for issue in findings.issues}
    rows = list(Issue.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run))
    for row in rows:
        row.resolved = row.code in answered and (row.code, row.field) not in left
    Issue.objects.bulk_update(rows, ["resolved"])


def write_assessment(
    ref: RunRef,
    score: QualityScore,
    results: Sequence[CheckResult],
    decision: Decision,
    model_version: str,
    *,
    after_human: bool = False,
) -> None:
    """Write scores, every check's outcome and the decision."""
    row = Assessment(
        tenant_id=ref.tenant_id,
        document_id=ref.document_id,
        run=ref.run,
        after_human=after_human,
        overall=score.overall,
        **{dimension.value: score.dimensions.get(dimension) for dimension in Dimension},
        coverage=score.coverage,
        ocr_confidence=score.ocr_confidence,
        waterfall=[asdict(cost) for cost in score.waterfall],
        outcomes=[_outcome(result) for result in results],
        decision=decision.outcome.value,
        reasons=[asdict(reason) for reason in decision.reasons],
        error_probability=decision.p_error,
        rule_set=score.rules_version,
        model_version=model_version,
    )
    insert_rows([row], unique=ASSESSMENT_KEYS, replace=ASSESSMENT_COLUMNS)


def _outcome(result: CheckResult) -> dict[str, Any]:
    return {
        "check": result.check,
        "version": result.version,
        "tier": result.tier.value,
        "dimension": result.dimension.value,
        "verdict": result.outcome.verdict.value,
        "score": round(result.outcome.score, 4),
        "note": result.outcome.note,
        "shadow": result.shadow,
    }
