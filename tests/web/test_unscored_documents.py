"""Scores that could not be judged: stored as null, shown as such, and never included in means."""

import pytest

from ingestion.contracts import RunRef
from ingestion.models import Document
from quality.domain.checks.examples.builders import document as facts_of
from quality.domain.checks.examples.builders import page
from quality.domain.outcomes import CheckResult, Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.routing import Decision, Route
from quality.domain.scoring import score_document
from quality.models import Assessment
from quality.services.assessments import write_assessment
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant
from workers.activities.outcome_events import emit_run_completed

FACTS_WITHOUT_WORDS = facts_of(pages=[page(words=())])


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


def result(dimension: Dimension, outcome: Outcome) -> CheckResult:
    """Return a check result."""
    return CheckResult(f"a_check_of_{dimension}", 1, Tier.DOMAIN, dimension, Severity.MAJOR, outcome)


PARTIAL_RESULT = result(Dimension.CONTENT, Outcome.failed(Evidence(), score=0.5))
UNKNOWN_RESULT = result(Dimension.FRESHNESS, Outcome.unknown("no date"))


def make_scored_document(tenant: TenantFixture, *results: CheckResult) -> Document:
    """Create a document without words whose run has these check results."""
    made = make_document(tenant)
    with tenant_scope(tenant.tenant_id):
        score = score_document(FACTS_WITHOUT_WORDS, results)
        write_assessment(ref_of(tenant, made), score, results, Decision(Route.REVIEW, (), 1.0), "prior")
    return made


def ref_of(tenant: TenantFixture, document: Document) -> RunRef:
    """Return a reference to the document's run."""
    return RunRef(tenant.tenant_id, document.id, document.run)


def test_status_unscored_document_has_null_scores(tenant: TenantFixture) -> None:
    """In the status and in the JSON export; judged scores keep their values."""
    document = make_scored_document(tenant, PARTIAL_RESULT, UNKNOWN_RESULT)
    client = tenant.api(Role.OPERATOR)
    for address in ("status", "export?format=json"):
        answer = client.get(f"/v1/documents/{document.id}/{address}").json()
        assert answer["scores"] == {
            "overall": 50.0,
            "structural": None,
            "content": 50.0,
            "compliance": None,
            "freshness": None,
        }
        assert answer["ocr_confidence"] is None


def test_openapi_scores_are_nullable(tenant: TenantFixture) -> None:
    """OpenAPI 3.1 expresses it as a second type."""
    scores = tenant.api(Role.VIEWER).get("/v1/schema?format=json").json()["components"]["schemas"]["ScoresResponse"]
    assert {tuple(member["type"]) for member in scores["properties"].values()} == {("number", "null")}


def test_record_unscored_dimension_shows_not_judged(tenant: TenantFixture) -> None:
    """Three dimensions show a label without a number; a document with no judged dimension has no score."""
    client = tenant.client(Role.MANAGER)
    some = client.get(f"/documents/{make_scored_document(tenant, PARTIAL_RESULT, UNKNOWN_RESULT).id}/").content.decode()
    assert some.count("\N{EN DASH} not scored") == 3
    assert '<span class="figure-number">50</span>' in some
    none = make_scored_document(tenant, UNKNOWN_RESULT)
    page_of_none = client.get(f"/documents/{none.id}/").content.decode()
    assert "of 100" not in page_of_none
    assert page_of_none.count("not scored") == 5
    rows = client.get("/documents/?part=rows").content.decode()
    assert rows.count("\N{EN DASH} not scored") == 1
    with tenant_scope(tenant.tenant_id):
        Assessment.objects.filter(document=none).delete()
    assert "none yet" in client.get("/documents/?part=rows").content.decode()


def test_metrics_means_exclude_unscored_documents(tenant: TenantFixture) -> None:
    """The mean of nothing is null."""
    make_scored_document(tenant, PARTIAL_RESULT)
    make_scored_document(tenant, UNKNOWN_RESULT)
    scores = tenant.api(Role.OPERATOR).get("/v1/metrics/quality").json()["scores"]
    assert (scores["overall"], scores["content"]) == pytest.approx((50.0, 50.0))
    assert scores["freshness"] is None
    assert scores["ocr_confidence"] is None


def test_webhook_unscored_document_has_null_score(tenant: TenantFixture) -> None:
    """The completion event contains no invented score."""
    document = make_scored_document(tenant, UNKNOWN_RESULT)
    with tenant_scope(tenant.tenant_id):
        Document.objects.update(webhook_url="https://receiver.example/hook")
        emit_run_completed(ref_of(tenant, document))
        assert WebhookDelivery.objects.get().payload["data"]["overall"] is None
