"""`review.submitted`: sent after the grace period, once per decision, never for an undone one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ingestion.services.schemas import create_default_schemas
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.contracts import ClaimedTask, Submission
from review.domain.lifecycle import ReviewVerdict
from review.services.claims import claim_next
from review.services.submit import submit_review
from review.services.tasks import TaskRequest, open_task
from review.services.undo import undo_review
from tests.support.factories.documents import FieldSample, make_document
from tests.support.factories.tenants import TenantFixture, make_tenant


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant with its schemas."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
    return tenant


@pytest.fixture
def reviewer(tenant: TenantFixture) -> Iterator[Actor]:
    """Yield a reviewer in the tenant's scope; the tenant has a receiver for decisions."""
    actor = tenant.actor(Role.REVIEWER)
    with tenant_scope(tenant.tenant_id):
        WebhookEndpoint.objects.create(
            tenant_id=tenant.tenant_id,
            url="https://hooks.example.org/r",
            events=["review.submitted"],
            secret="whsec_AA==",
        )
        yield actor


def claim_new_document(tenant: TenantFixture, reviewer: Actor) -> ClaimedTask:
    """Create a document in review and claim its task."""
    document = make_document(tenant, fields=(FieldSample("total", "120.00"),))
    open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    found = claim_next(actor=reviewer)
    assert found is not None
    return found


def approve(reviewer: Actor, task: ClaimedTask) -> None:
    """Approve the document."""
    submission = Submission(ReviewVerdict.APPROVE)
    submit_review(actor=reviewer, task_id=task.task_id, token=task.lease.token, submission=submission)


def test_submitted_event_is_sent_after_grace(tenant: TenantFixture, reviewer: Actor) -> None:
    """Ids and codes only; the message leaves the outbox after the grace period."""
    task = claim_new_document(tenant, reviewer)
    approve(reviewer, task)
    delivery = WebhookDelivery.objects.get(event="review.submitted")
    assert delivery.payload["data"] == {
        "document": str(task.document_id),
        "run": 1,
        "task": str(task.task_id),
        "kind": "review",
        "verdict": "approve",
    }
    message = OutboxMessage.objects.get(topic="webhook.event", key=str(delivery.id))
    held_back = message.available_at - message.created_at
    assert timedelta(seconds=settings.UNDO_GRACE_SECONDS) < held_back < timedelta(minutes=1)


def test_submitted_event_of_undone_decision_is_not_sent(tenant: TenantFixture, reviewer: Actor) -> None:
    """The next decision on the same task is a new event."""
    task = claim_new_document(tenant, reviewer)
    approve(reviewer, task)
    first = WebhookDelivery.objects.get(event="review.submitted").id
    again = undo_review(actor=reviewer, task_id=task.task_id)
    assert not WebhookDelivery.objects.filter(event="review.submitted").exists()
    assert not OutboxMessage.objects.filter(topic="webhook.event").exists()
    approve(reviewer, again)
    assert WebhookDelivery.objects.get(event="review.submitted").id != first
