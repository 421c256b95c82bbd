"""The last moment of an undo: either the decision is announced and final, or it is undone and nothing is sent."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.models import Document
from ingestion.services.schemas import create_default_schemas
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.contracts import ClaimedTask, Submission
from review.domain.lifecycle import ReviewVerdict
from review.services.claims import claim_next
from review.services.submit import submit_review
from review.services.tasks import TaskRequest, open_task
from review.services.undo import UndoExpired, undo_review
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant
from workers.activities.review_steps import HumanTaskActivities

COMPLETED, CORRECTED = "document.completed", "document.corrected"


@pytest.fixture
def tenant(db: None) -> Iterator[TenantFixture]:
    """Yield a tenant with a receiver, in its scope."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
        WebhookEndpoint.objects.create(
            tenant_id=tenant.tenant_id, url="https://r.example", events=[COMPLETED, CORRECTED], secret="whsec_AA=="
        )
        yield tenant


@pytest.fixture
def reviewer(tenant: TenantFixture) -> Actor:
    """Return the reviewer."""
    return tenant.actor(Role.REVIEWER)


@pytest.fixture
def decided(tenant: TenantFixture, reviewer: Actor) -> ClaimedTask:
    """Return the task of a document that the reviewer has just approved."""
    document = make_document(tenant, pages=0)  # the reading is not scored here
    open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    task = claim_next(actor=reviewer)
    assert task is not None
    approve(reviewer, task)
    return task


def approve(reviewer: Actor, task: ClaimedTask) -> None:
    """Approve the document."""
    submission = Submission(ReviewVerdict.APPROVE)
    submit_review(actor=reviewer, task_id=task.task_id, token=task.lease.token, submission=submission)


def let_grace_pass() -> None:
    """Move the decision back, to just beyond the grace period."""
    passed = timezone.now() - timedelta(seconds=settings.UNDO_GRACE_SECONDS + 1)
    Document.objects.update(decided_at=passed)


def finalize(tenant: TenantFixture, config: AssessmentConfig) -> bool | None:
    """Run the activity that announces the decision."""
    document = Document.objects.get()
    ref = RunRef(tenant.tenant_id, document.id, document.run)
    announced: bool | None = run_activity(HumanTaskActivities(config).finalize, document_input(ref))
    return announced


def statuses_sent(event: str = COMPLETED) -> list[str]:
    """Return the statuses that receivers are told."""
    return [row.payload["data"]["status"] for row in WebhookDelivery.objects.filter(event=event)]


def test_finalize_after_grace_announces_decision(
    tenant: TenantFixture, decided: ClaimedTask, assessment_engine: AssessmentConfig
) -> None:
    """Once, however often the activity is repeated."""
    let_grace_pass()
    assert [finalize(tenant, assessment_engine) for _ in range(2)] == [True, True]
    assert statuses_sent() == ["APPROVED"]


def test_finalize_of_undone_decision_sends_nothing(
    tenant: TenantFixture, reviewer: Actor, decided: ClaimedTask, assessment_engine: AssessmentConfig
) -> None:
    """The undo came after the workflow had found the grace period over, and before the announcement."""
    let_grace_pass()
    again = undo_review(actor=reviewer, task_id=decided.task_id)
    assert finalize(tenant, assessment_engine) is False
    assert statuses_sent() == []
    approve(reviewer, again)
    assert finalize(tenant, assessment_engine) is True
    assert statuses_sent() == ["APPROVED"]


def test_announced_decision_is_not_undone(
    tenant: TenantFixture, reviewer: Actor, decided: ClaimedTask, assessment_engine: AssessmentConfig
) -> None:
    """Although the task was submitted within the grace period: the clocks of the processes differ."""
    let_grace_pass()
    assert finalize(tenant, assessment_engine) is True
    with pytest.raises(UndoExpired):
        undo_review(actor=reviewer, task_id=decided.task_id)
    assert Document.objects.get().status == "APPROVED"


def test_finalize_correction_of_undone_decision_sends_nothing(
    tenant: TenantFixture, reviewer: Actor, decided: ClaimedTask, assessment_engine: AssessmentConfig
) -> None:
    """The same for a document that was decided before."""
    let_grace_pass()
    undo_review(actor=reviewer, task_id=decided.task_id)
    document = Document.objects.get()
    ref = RunRef(tenant.tenant_id, document.id, document.run)
    assert run_activity(HumanTaskActivities(assessment_engine).finalize_correction, document_input(ref)) is False
    assert statuses_sent(CORRECTED) == []


def test_each_correction_of_a_document_is_reported(
    tenant: TenantFixture, decided: ClaimedTask, assessment_engine: AssessmentConfig
) -> None:
    """Two changes of an approved document under one decision are two events; a repetition is none."""
    let_grace_pass()
    document = Document.objects.get()
    ref = RunRef(tenant.tenant_id, document.id, document.run)
    for version in (7, 7, 8):
        Document.objects.update(version=version)
        assert run_activity(HumanTaskActivities(assessment_engine).finalize_correction, document_input(ref)) is True
    assert statuses_sent(CORRECTED) == ["APPROVED", "APPROVED"]
