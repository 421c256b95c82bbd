"""Rescoring of a document after a human's decision, for the record and for comparison with related documents.

The decision itself is not changed: a human outranks checks that still fail.
"""

from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.models import Document
from ingestion.selectors.run_contents import load_fields, load_pages
from ingestion.selectors.stored_readings import find_schema_spec
from ingestion.services.einvoice_fields import compare_einvoice, load_einvoice_facts
from quality.domain.checks.runner import find_issues
from quality.domain.routing import Decision, Reason, Route, document_risk
from quality.domain.scoring import QualityScore, score_document
from quality.services.assessments import mark_resolved, write_assessment
from quality.services.champion import load_champion
from quality.services.document_facts import load_facts
from quality.services.related_documents import save_fingerprint
from quality.services.rule_set import AssessmentConfig

ROUTES = {"APPROVED": Route.APPROVE, "REJECTED": Route.REJECT}


def score_after_review(ref: RunRef, config: AssessmentConfig) -> QualityScore | None:
    """Write the scores of the corrected fields; None when the document is not decided.

    Needs an open tenant scope. Run by a worker after the grace period, because it reads every page from the database.
    """
    document = Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
    route = ROUTES.get(document.status)
    pages = load_pages(ref)
    if route is None or not pages:
        return None
    doc, fields = build_document_rows(pages), load_fields(ref)
    schema = find_schema_spec(ref.tenant_id, document.schema_key)
    einvoice = compare_einvoice(load_einvoice_facts(ref), doc, schema, timezone.localdate())
    facts, fingerprint = load_facts(document, doc, schema, fields, einvoice, config)
    findings = find_issues(facts, config.registry, config.rules)
    score = score_document(facts, findings.results, config.rules)
    champion = load_champion(ref.tenant_id)
    risk = document_risk(fields, schema, champion.version)
    decision = Decision(route, (Reason("human", "A person decided"),), risk.p_error)
    write_assessment(ref, score, findings.results, decision, champion.version, after_human=True)
    save_fingerprint(fingerprint)
    mark_resolved(ref, findings)
    return score
