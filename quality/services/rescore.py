"""Score a document once more after a human's decision: for the record, and for its neighbours to be compared with.

The decision itself stands: a human outranks checks that still fail.
"""

from ingestion.contracts import RunRef
from ingestion.models import Document
from ingestion.selectors.stored_readings import NoSuchSchema, schema_spec
from quality.domain.checks.runner import find_issues
from quality.domain.routing import Decision, Reason, Route, document_risk
from quality.domain.scoring import QualityScore, score_document
from quality.services.assessments import write_assessment
from quality.services.champion import champion_of
from quality.services.document_facts import facts_of, fields_of, pages_of
from quality.services.einvoice_fields import compared, xml_of
from quality.services.related_documents import keep_print
from quality.services.rule_set import Engine

ROUTES = {"APPROVED": Route.APPROVE, "REJECTED": Route.REJECT}


def score_after_review(ref: RunRef, engine: Engine) -> QualityScore | None:
    """Write the scores that the corrected fields get; None when the document is not decided.

    Needs an open tenant scope; in a worker, after the grace: it reads every page again.
    """
    document = Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
    route = ROUTES.get(document.status)
    pages = pages_of(ref)
    if route is None or not pages:
        return None
    try:
        schema = schema_spec(ref.tenant_id, document.schema_key)
    except NoSuchSchema:
        schema = None
    fields = fields_of(ref)
    facts, taken = facts_of(document, pages, schema, fields, engine)
    facts = compared(xml_of(ref), pages, schema, facts.today).joined_to(facts)
    findings = find_issues(facts, engine.registry, engine.rules)
    score = score_document(facts, findings.results, engine.rules)
    champion = champion_of(ref.tenant_id)
    risk = document_risk(fields, schema, champion.version)
    decision = Decision(route, (Reason("human", "A person decided"),), risk.p_error)
    write_assessment(ref, score, findings.results, decision, champion.version, after_human=True)
    keep_print(taken)
    return score
