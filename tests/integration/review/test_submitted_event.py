"""`review.submitted`: told after the grace, once for each decision, and not at all of one that was undone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ingestion.services.schemas import default_schemas
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.contracts import ClaimedTask, Submission
from review.domain.lifecycle import Verdict
from review.services.claims import claim_next
from review.services.submit import submit_review
from review.services.tasks import TaskRequest, open_task
from review.services.undo import undo_review
from tests.factories.documents import Sheet, make_document
from tests.factories.people import House, make_house


@pytest.fixture
def house(db: None) -> House:
    """A tenant with its schemas."""
    house = make_house()
    with tenant_scope(house.tenant_id):
        default_schemas(tenant_id=house.tenant_id)
    return house


@pytest.fixture
def reviewer(house: House) -> Iterator[Actor]:
    """A reviewer within their tenant's scope, whose tenant wants to hear of decisions."""
    actor = house.actor(Role.REVIEWER)
    with tenant_scope(house.tenant_id):
        WebhookEndpoint.objects.create(
            tenant_id=house.tenant_id,
            url="https://hooks.example.org/r",
            events=["review.submitted"],
            secret="whsec_AA==",
        )
        yield actor


def claimed(house: House, reviewer: Actor) -> ClaimedTask:
    """Put a document on the desk and claim it."""
    document = make_document(house, fields=(Sheet("total", "120.00"),))
    open_task(TaskRequest(house.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    found = claim_next(actor=reviewer)
    assert found is not None
    return found


def approve(reviewer: Actor, task: ClaimedTask) -> None:
    """Approve it."""
    submission = Submission(Verdict.APPROVE)
    submit_review(actor=reviewer, task_id=task.task_id, token=task.lease.token, submission=submission)


def test_a_decision_is_told_when_it_can_no_longer_be_undone(house: House, reviewer: Actor) -> None:
    """Ids and codes alone; the message leaves the outbox after the grace."""
    task = claimed(house, reviewer)
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
    grace = timedelta(seconds=settings.UNDO_GRACE_SECONDS)
    assert message.available_at - message.created_at == pytest.approx(grace, abs=grace / 2)


def test_a_decision_that_was_undone_is_not_told(house: House, reviewer: Actor) -> None:
    """The next decision on the same task is an event of its own."""
    task = claimed(house, reviewer)
    approve(reviewer, task)
    first = WebhookDelivery.objects.get(event="review.submitted").id
    again = undo_review(actor=reviewer, task_id=task.task_id)
    assert not WebhookDelivery.objects.filter(event="review.submitted").exists()
    assert not OutboxMessage.objects.filter(topic="webhook.event").exists()
    approve(reviewer, again)
    assert WebhookDelivery.objects.get(event="review.submitted").id != first
