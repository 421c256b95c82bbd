"""Corrections of approved documents on real Temporal: scored again, and reported once the decision is final."""

import pytest
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.models import Field
from quality.models import Assessment
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import FourEyes, Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery
from review.contracts import FieldEdit
from review.domain.lifecycle import ReviewVerdict, TaskKind
from review.services.edits import EditRequest, edit_field
from review.services.tasks import TaskRequest, open_task
from review.services.workflow_signals import audit_workflow_id, review_workflow_id
from tests.support.ingest_harness import IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness

WRONG_TOTAL = "999.00"


@pytest.fixture
def ingest(harness: TemporalHarness) -> IngestHarness:
    """Return a tenant with a running harness."""
    return make_ingest_harness()


@pytest.fixture
def approved(harness: TemporalHarness, ingest: IngestHarness) -> RunRef:
    """Return a document whose approval was announced."""
    ref = ingest.upload(webhook_url="https://127.0.0.1:9/")
    harness.activity_log.wait_for("load_wait_state", ref.workflow_id)
    ingest.decide(ref)
    assert harness.result(ref.workflow_id) == "APPROVED"
    return ref


def change_total(ingest: IngestHarness, ref: RunRef) -> Field:
    """Change the approved total to one that contradicts the lines, as a manager."""
    with tenant_scope(ingest.tenant_id):
        version = Field.objects.get(name="total").version
        request = EditRequest(ref.document_id, FieldEdit("total", WRONG_TOTAL), version)
        return edit_field(actor=ingest.tenant.actor(Role.MANAGER), request=request)


def final_score(ingest: IngestHarness) -> float | None:
    """Return the overall score after people's decisions."""
    with tenant_scope(ingest.tenant_id):
        return Assessment.objects.get(after_human=True).overall


def reported_statuses(ingest: IngestHarness) -> list[str]:
    """Return the statuses in the reported corrections."""
    with tenant_scope(ingest.tenant_id):
        found = WebhookDelivery.objects.filter(event="document.corrected").order_by("created_at")
        return [row.payload["data"]["status"] for row in found]


def test_changed_approved_value_is_scored_and_reported_after_second_review(
    harness: TemporalHarness, ingest: IngestHarness, approved: RunRef
) -> None:
    """In review until another person approves."""
    before = final_score(ingest)
    change_total(ingest, approved)
    assert ingest.document(approved).status == "IN_REVIEW"
    second = ingest.task(approved)
    harness.activity_log.wait_for("load_wait_state", review_workflow_id(second.id))
    assert reported_statuses(ingest) == []
    ingest.decide(approved)
    assert harness.result(review_workflow_id(second.id)) == "APPROVED"
    assert before is not None
    assert (final_score(ingest) or 0) < before
    assert reported_statuses(ingest) == ["APPROVED"]


def test_changed_approved_value_without_four_eyes_is_scored_and_reported_at_once(
    harness: TemporalHarness, ingest: IngestHarness, approved: RunRef
) -> None:
    """The document stays approved."""
    before = final_score(ingest)
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.update(four_eyes=FourEyes.OFF)
    row = change_total(ingest, approved)
    assert harness.result(f"correction/{row.id}/{row.version}") == "APPROVED"
    assert before is not None
    assert (final_score(ingest) or 0) < before
    assert reported_statuses(ingest) == ["APPROVED"]


def test_audit_that_corrects_is_scored_and_reported(
    harness: TemporalHarness, ingest: IngestHarness, approved: RunRef
) -> None:
    """The document stays approved."""
    before = final_score(ingest)
    with tenant_scope(ingest.tenant_id):
        request = TaskRequest(ingest.tenant_id, approved.document_id, approved.run, "invoice", TaskKind.AUDIT)
        open_task(request, at=timezone.now())
    ingest.decide(approved, ReviewVerdict.APPROVE, FieldEdit("total", WRONG_TOTAL))
    assert harness.result(audit_workflow_id(ingest.task(approved))) == "APPROVED"
    assert before is not None
    assert (final_score(ingest) or 0) < before
    assert reported_statuses(ingest) == ["APPROVED"]
