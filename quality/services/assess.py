"""Assessment of one run of a document: fields, facts, checks, scores and the decision, in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.schemas.fields import SchemaSpec
from ingestion.models import Document
from ingestion.services.extraction import extract_document_fields
from ingestion.services.human_values import human_values, save_human_values, with_human_values
from ingestion.services.progress import StaleAttempt, advance_document
from quality.domain.checks.runner import find_issues
from quality.domain.fields_for_review import fields_needing_review
from quality.domain.refuted_values import with_refuted_confidence
from quality.domain.routing import Decision, Route, decide, document_risk, selected_for_audit
from quality.domain.scoring import score_document
from quality.models import Assessment
from quality.services.assessments import write_assessment, write_fields, write_issues
from quality.services.certificates import certificate_for
from quality.services.champion import load_champion
from quality.services.document_facts import load_facts
from quality.services.related_documents import save_fingerprint
from quality.services.rule_set import AssessmentConfig
from refinery.core.tenancy.compiled_queries import compiled_query

S = DocumentStatus
STATUS_BY_ROUTE = {Route.APPROVE: S.APPROVED, Route.REJECT: S.REJECTED, Route.REVIEW: S.IN_REVIEW}
STAGES = {S.APPROVED: "decided", S.REJECTED: "decided", S.IN_REVIEW: "review"}


@dataclass(frozen=True, slots=True)
class DocumentAssessment:
    """Result of an assessment: the decision, the schema, and whether the document was selected for a blind audit."""

    decision: Decision
    status: DocumentStatus
    schema_key: str
    priority: int
    audit: bool = False


def assess_document(
    ref: RunRef, config: AssessmentConfig, *, at: datetime, human_values_run: int | None = None
) -> DocumentAssessment:
    """Assess the run and advance its document; raises StaleAttempt unless its status is ASSESSING.

    Needs an open tenant scope. Everything written refers to the run, so that a second assessment replaces the first.
    `human_values_run` is an earlier run whose confirmed or corrected values are kept, regardless of the new reading.
    """
    document = _locked_document(ref)
    if document.status != S.ASSESSING:
        raise StaleAttempt
    if human_values_run is None and document.parent_pages is not None:  # values from people were copied with its pages
        human_values_run = ref.run
    humans = human_values(ref, human_values_run) if human_values_run else {}
    champion = load_champion(ref.tenant_id)
    found = extract_document_fields(ref, document, at.date(), champion, keep_schema=bool(humans))
    schema = found.schema
    fields = with_human_values(found.fields, humans)
    facts, fingerprint = load_facts(document, found.doc, schema, fields, found.einvoice, config)
    findings = find_issues(facts, config.registry, config.rules)
    score = score_document(facts, findings.results, config.rules)
    fields = with_refuted_confidence(fields, findings.issues, humans=humans)
    risk = document_risk(fields, schema, champion.version)
    policy = config.policy_for_model(champion.version)
    decision = decide(facts, score, findings.issues, risk, policy, certificate_for(ref.tenant_id, facts.schema_key))
    read = with_refuted_confidence(found.fields, findings.issues)
    write_fields(ref, read, champion.version, fields_needing_review(fields, findings.issues, schema))
    save_human_values(ref, humans)
    write_issues(ref, findings.issues)
    write_assessment(ref, score, findings.results, decision, champion.version)
    save_fingerprint(fingerprint)
    status = _advance_document(ref, document, schema, found.schema_confidence, decision, at)
    audit = status is S.APPROVED and selected_for_audit(str(document.id), config.audit_secret, policy.audit_share)
    return DocumentAssessment(decision, status, facts.schema_key, document.priority, audit)


def _advance_document(
    ref: RunRef,
    document: Document,
    schema: SchemaSpec | None,
    confidence: float | None,
    decision: Decision,
    at: datetime,
) -> DocumentStatus:
    status = STATUS_BY_ROUTE[decision.outcome]
    changes: dict[str, Any] = {
        "schema_key": schema.key if schema else document.schema_key,
        "schema_confidence": confidence,
    }
    if status is not S.IN_REVIEW:
        changes["decided_at"] = at
    advance_document(ref, S.ASSESSING, status, stage=STAGES[status], **changes)
    return status


def send_to_review(ref: RunRef) -> str | None:
    """Route a document that could not be assessed to review.

    Return its schema key, or None if it has left the assessment already.
    """
    document = _locked_document(ref)
    if document.status != S.ASSESSING:
        return None
    advance_document(ref, S.ASSESSING, S.IN_REVIEW, stage="review")
    return document.schema_key


def existing_decision(ref: RunRef) -> tuple[str, str] | None:
    """Return decision and status if an earlier attempt has assessed the run; else None."""
    found = _decisions.first(ref.tenant_id, ref.document_id, ref.run)
    return (found[0], found[1]) if found and found[1] != S.ASSESSING and found[2] == ref.run else None


@compiled_query
def _decisions(tenant_id: UUID, document_id: UUID, run: int) -> "QuerySet[Assessment, Any]":
    rows = Assessment.objects.filter(tenant_id=tenant_id, document_id=document_id, run=run, after_human=False)
    return rows.values_list("decision", "document__status", "document__run")


def _locked_document(ref: RunRef) -> Document:
    """Return the run's document, locked; raises Document.DoesNotExist if it was erased or has a newer run."""
    document = _documents_to_lock.first(ref.tenant_id, ref.document_id, ref.run)
    if document is None:
        raise Document.DoesNotExist
    return document


@compiled_query
def _documents_to_lock(tenant_id: UUID, document_id: UUID, run: int) -> "QuerySet[Document]":
    return Document.objects.select_for_update().filter(tenant_id=tenant_id, id=document_id, run=run)
