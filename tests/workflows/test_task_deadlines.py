"""Deadline of a review task: a reminder at three quarters of the time, then escalation."""

from ingestion.models import Document
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.services.tasks import OVERDUE_PRIORITY
from tests.support.ingest_harness import make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness


def test_task_deadline_sends_reminder_then_escalates(harness: TemporalHarness) -> None:
    """Reminder, then breach with its event; the document stays in review."""
    ingest = make_ingest_harness()
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.update(sla_seconds=1)
        WebhookEndpoint.objects.create(
            tenant_id=ingest.tenant_id,
            url="https://127.0.0.1:9/",
            events=["review.sla_breached"],
            secret="whsec_c2VjcmV0",
        )
    ref = ingest.upload()
    harness.activity_log.wait_for("remind_or_escalate", ref.workflow_id, 2)
    task = ingest.task(ref)
    assert (task.state, task.priority) == ("OPEN", OVERDUE_PRIORITY)
    assert task.reminded_at
    assert task.escalated_at
    with tenant_scope(ingest.tenant_id):
        actions = list(AuditEvent.objects.filter(object_id=task.id).order_by("at").values_list("action", flat=True))
        assert actions == ["task.opened", "task.reminded", "task.sla_breached"]
        assert WebhookDelivery.objects.get().payload["data"]["task"] == str(task.id)
        assert Document.objects.get().status == "IN_REVIEW"
    ingest.decide(ref)
    assert harness.result(ref.workflow_id) == "APPROVED"
