"""Issues after a decision: those that corrected values resolve, and those that a person approved over."""

import pytest

from ingestion.models import Field
from quality.domain.refuted_values import REFUTED_CONFIDENCE
from quality.models import Issue
from quality.selectors.issues import issues_of
from quality.services.rescore import score_after_review
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.contracts import FieldEdit
from review.domain.lifecycle import ReviewVerdict
from tests.integration.workers.activity_steps import read_and_assess
from tests.support.ingest_harness import INVOICE, IngestHarness

WRONG_IBAN = "DE89370400440532013001"
RIGHT_IBAN = "DE89370400440532013000"


@pytest.mark.parametrize(("typed", "state"), [(RIGHT_IBAN, "resolved"), (WRONG_IBAN, "accepted")])
def test_issue_is_resolved_by_correction_and_accepted_by_approval(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, typed: str, state: str
) -> None:
    """The checks run again with the decided values; whoever approved over an issue is named."""
    ref = read_and_assess(ingest, f"{INVOICE}\nIBAN {WRONG_IBAN}", assessment_engine)
    with tenant_scope(ingest.tenant_id):
        found = Field.objects.get(name="iban")
        assert (found.value, found.needs_human) == (WRONG_IBAN, True)
        assert found.confidence <= REFUTED_CONFIDENCE
    ingest.decide(ref, ReviewVerdict.APPROVE, FieldEdit("iban", typed))
    actor = ingest.tenant.actor(Role.REVIEWER)
    with tenant_scope(ingest.tenant_id):
        assert score_after_review(ref, assessment_engine) is not None
        (issue,) = [one for one in issues_of(actor, ingest.document(ref), 1) if one["code"] == "iban_valid"]
        assert issue["state"] == state
        assert issue["accepted_by"] == ("Acme reviewer" if state == "accepted" else "")
        assert Issue.objects.filter(code="iban_valid").count() == 1
