"""Blind audits: a task on an approved document confirms it, corrects it, or returns it to review."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, Field
from ingestion.services.schemas import create_default_schemas
from quality.models import TrainingExample
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Role
from review.contracts import ClaimedTask, FieldEdit, Submission
from review.domain.lifecycle import ReviewVerdict, TaskKind, TaskState
from review.models import ReviewTask
from review.services.claims import claim_next
from review.services.submit import DocumentNotInReview, submit_review
from review.services.tasks import TaskRequest, open_task
from review.services.undo import UndoExpired, undo_review
from tests.support.factories.documents import FieldSample, make_document
from tests.support.factories.tenants import TenantFixture, make_tenant

DECIDED_AT = timezone.now() - timedelta(days=1)


@pytest.fixture
def tenant(db: None) -> Iterator[TenantFixture]:
    """Yield a tenant in its scope."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
        yield tenant


@pytest.fixture
def auditor(tenant: TenantFixture) -> Actor:
    """Return the reviewer who audits."""
    return tenant.actor(Role.REVIEWER)


@pytest.fixture
def audit(tenant: TenantFixture, auditor: Actor) -> ClaimedTask:
    """Return a claimed audit of a document that was approved and announced without a person."""
    fields = (FieldSample("invoice_number", "INV-2041"), FieldSample("total", "120.00"))
    document = make_document(
        tenant,
        fields=fields,
        status=DocumentStatus.APPROVED,
        stage="decided",
        decided_at=DECIDED_AT,
        announced_decision=DECIDED_AT,
    )
    request = TaskRequest(tenant.tenant_id, document.id, document.run, "invoice", TaskKind.AUDIT)
    open_task(request, at=timezone.now())
    found = claim_next(actor=auditor)
    assert found is not None
    return found


def decide(actor: Actor, task: ClaimedTask, verdict: ReviewVerdict, *edits: FieldEdit) -> str:
    """Submit a verdict; return the document's status."""
    submission = Submission(verdict, "looked at", edits)
    return submit_review(
        actor=actor, task_id=task.task_id, token=task.lease.token, submission=submission
    ).document_status


def correction_starts() -> list[OutboxMessage]:
    """Return the starts of workflows that report a correction."""
    return list(OutboxMessage.objects.filter(topic="workflow.start", payload__workflow="review"))


def test_audit_confirms_approved_document(auditor: Actor, audit: ClaimedTask) -> None:
    """The document stays approved without a person's decision, and nothing is reported."""
    assert decide(auditor, audit, ReviewVerdict.APPROVE, FieldEdit("total", "120.00")) == "APPROVED"
    task, document = ReviewTask.objects.get(), Document.objects.get()
    assert (task.state, task.verdict) == (TaskState.SUBMITTED, "approve")
    assert (document.decided_at, document.decided_by_id) == (DECIDED_AT, None)
    assert TrainingExample.objects.get().kind == "confirmed"
    assert correction_starts() == []


def test_audit_corrects_approved_document(auditor: Actor, audit: ClaimedTask) -> None:
    """The value changes at once; it is scored and reported after the grace period."""
    before = Document.objects.get().version
    assert decide(auditor, audit, ReviewVerdict.APPROVE, FieldEdit("total", "1,120.00")) == "APPROVED"
    assert Field.objects.get(name="total").normalized == "1120.00"
    assert Document.objects.get().version > before
    (start,) = correction_starts()
    assert start.available_at - start.created_at >= timedelta(seconds=settings.UNDO_GRACE_SECONDS - 1)


@pytest.mark.parametrize("verdict", [ReviewVerdict.REJECT, ReviewVerdict.NEEDS_SECOND_REVIEW])
def test_audit_with_other_verdict_returns_document_to_review(
    tenant: TenantFixture, auditor: Actor, audit: ClaimedTask, verdict: ReviewVerdict
) -> None:
    """A person other than the auditor decides it; the receivers get the correction."""
    assert decide(auditor, audit, verdict) == "IN_REVIEW"
    assert claim_next(actor=auditor) is None
    manager = tenant.actor(Role.MANAGER)
    second = claim_next(actor=manager)
    assert second is not None
    assert ReviewTask.objects.get(pk=second.task_id).kind == TaskKind.SECOND
    assert [start.key for start in correction_starts()] == [f"review/{second.task_id}"]
    assert decide(manager, second, ReviewVerdict.REJECT) == "REJECTED"


@pytest.mark.parametrize("verdict", list(ReviewVerdict))
def test_undone_audit_restores_approved_document(auditor: Actor, audit: ClaimedTask, verdict: ReviewVerdict) -> None:
    """With its decision, and nothing is reported; the audit can be decided again, which is reported."""
    decide(auditor, audit, verdict, FieldEdit("total", "99.00"))
    again = undo_review(actor=auditor, task_id=audit.task_id)
    document = Document.objects.get()
    assert (document.status, document.stage, document.decided_at) == ("APPROVED", "decided", DECIDED_AT)
    assert Field.objects.get(name="total").value == "120.00"
    assert correction_starts() == []
    assert not ReviewTask.objects.filter(kind=TaskKind.SECOND).exclude(state=TaskState.CANCELLED).exists()
    decide(auditor, again, ReviewVerdict.APPROVE, FieldEdit("total", "98.00"))
    assert len(correction_starts()) == 1


@pytest.mark.parametrize("verdict", list(ReviewVerdict))
def test_audit_whose_correction_was_reported_is_not_undone(
    auditor: Actor, audit: ClaimedTask, verdict: ReviewVerdict
) -> None:
    """The workflow has started."""
    decide(auditor, audit, verdict, FieldEdit("total", "99.00"))
    sent = OutboxMessage.objects.filter(topic="workflow.start", payload__workflow="review")
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_outbox_sent(%s)", [[row.id for row in sent]])
    with pytest.raises(UndoExpired):
        undo_review(actor=auditor, task_id=audit.task_id)


def test_audit_of_reread_document_is_refused(auditor: Actor, audit: ClaimedTask) -> None:
    """Its pages were read again meanwhile."""
    Document.objects.update(run=2)
    with pytest.raises(DocumentNotInReview):
        decide(auditor, audit, ReviewVerdict.APPROVE)


def test_audit_of_document_in_review_is_refused(auditor: Actor, audit: ClaimedTask) -> None:
    """Another person reopened it."""
    Document.objects.update(status="IN_REVIEW")
    with pytest.raises(DocumentNotInReview):
        decide(auditor, audit, ReviewVerdict.APPROVE)
