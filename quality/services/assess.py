"""Judge one run of a document: fields, facts, checks, scores and the decision, in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.schemas.fields import SchemaSpec
from ingestion.models import Document
from ingestion.services.human_values import keep_words_of_people, standing, words_of_people
from ingestion.services.progress import StaleAttempt, advance
from quality.domain.checks.runner import find_issues
from quality.domain.fields_for_review import fields_for_people
from quality.domain.routing import Decision, Route, decide, document_risk, picked_for_audit
from quality.domain.scoring import score_document
from quality.models import Assessment
from quality.services.assessments import write_assessment, write_fields, write_issues
from quality.services.certificates import certificate_for
from quality.services.document_facts import facts_of
from quality.services.fields_read import read_fields
from quality.services.related_documents import keep_print
from quality.services.rule_set import Engine

S = DocumentStatus
LEADS_TO = {Route.APPROVE: S.APPROVED, Route.REJECT: S.REJECTED, Route.REVIEW: S.IN_REVIEW}
STAGES = {S.APPROVED: "decided", S.REJECTED: "decided", S.IN_REVIEW: "review"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a document: the decision, its schema, and whether a blind audit was drawn."""

    decision: Decision
    status: DocumentStatus
    schema_key: str
    priority: int
    audit: bool = False


def assess_document(ref: RunRef, engine: Engine, *, at: datetime, people_of: int | None = None) -> Judgement:
    """Judge the run and move its document on; raises StaleAttempt unless it waits to be judged.

    Needs an open tenant scope. Everything written names the run, so that a second judgement replaces the first.
    `people_of` is an earlier run whose fields keep what a person confirmed or corrected, whatever was read now.
    """
    document = Document.objects.select_for_update().get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
    if document.status != S.ASSESSING:
        raise StaleAttempt
    if people_of is None and document.parent_pages is not None:  # what people said of its pages came along
        people_of = ref.run
    people = words_of_people(ref, people_of) if people_of else {}
    found = read_fields(ref, document, at.date(), kind_stands=bool(people))
    pages, schema, champion = found.pages, found.schema, found.champion
    fields = standing(found.fields, people)
    facts, taken = facts_of(document, pages, schema, fields, engine)
    facts = found.xml.joined_to(facts)
    findings = find_issues(facts, engine.registry, engine.rules)
    score = score_document(facts, findings.results, engine.rules)
    risk = document_risk(fields, schema, champion.version)
    policy = engine.policy_with(champion.version)
    decision = decide(
        facts, score, findings.issues, risk, policy, certificate_for(ref.tenant_id, facts.schema_key)
    )
    write_fields(ref, found.fields, champion.version, fields_for_people(fields, findings.issues, schema))
    keep_words_of_people(ref, people)
    write_issues(ref, findings.issues)
    write_assessment(ref, score, findings.results, decision, champion.version)
    keep_print(taken)
    status = _move(ref, document, schema, found.schema_confidence, decision, at)
    audit = status is S.APPROVED and picked_for_audit(str(document.id), engine.audit_secret, policy.audit_share)
    return Judgement(decision, status, facts.schema_key, document.priority, audit)


def _move(
    ref: RunRef,
    document: Document,
    schema: SchemaSpec | None,
    confidence: float | None,
    decision: Decision,
    at: datetime,
) -> DocumentStatus:
    status = LEADS_TO[decision.outcome]
    changes: dict[str, Any] = {
        "schema_key": schema.key if schema else document.schema_key,
        "schema_confidence": confidence,
    }
    if status is not S.IN_REVIEW:
        changes["decided_at"] = at
    advance(ref, S.ASSESSING, status, stage=STAGES[status], **changes)
    return status


def leave_to_people(ref: RunRef) -> str | None:
    """Send a document that could not be judged to a person; gives its schema's key, None when it was before."""
    document = Document.objects.select_for_update().get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
    if document.status != S.ASSESSING:
        return None
    advance(ref, S.ASSESSING, S.IN_REVIEW, stage="review")
    return document.schema_key


def judged_before(ref: RunRef) -> tuple[str, str] | None:
    """Give decision and status when an earlier attempt has judged the run; None while it waits."""
    decision = Assessment.objects.filter(
        tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run, after_human=False
    ).values_list("decision", "document__status", "document__run")
    found = decision.first()
    return (found[0], found[1]) if found and found[1] != S.ASSESSING and found[2] == ref.run else None
