"""The clock on a reviewer's task: a reminder at three quarters of its time, then it is raised above the others."""

from ingestion.models import Document
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.services.tasks import ESCALATED
from tests.workflows.papers import open_office
from tests.workflows.plant import Plant


def test_a_task_is_reminded_of_and_raised(plant: Plant) -> None:
    """Reminder, breach with its event, and then patience: the document still waits for its person."""
    office = open_office()
    with tenant_scope(office.tenant_id):
        Tenant.objects.update(sla_seconds=1)
        WebhookEndpoint.objects.create(
            tenant_id=office.tenant_id,
            url="https://127.0.0.1:9/",
            events=["review.sla_breached"],
            secret="whsec_c2VjcmV0",
        )
    ref = office.upload()
    plant.watch.wait_for("press", ref.workflow_id, 2)
    task = office.task(ref)
    assert (task.state, task.priority) == ("OPEN", ESCALATED)
    assert task.reminded_at
    assert task.escalated_at
    with tenant_scope(office.tenant_id):
        actions = list(
            AuditEvent.objects.filter(object_id=task.id).order_by("at").values_list("action", flat=True)
        )
        assert actions == ["task.opened", "task.reminded", "task.sla_breached"]
        assert WebhookDelivery.objects.get().payload["data"]["task"] == str(task.id)
        assert Document.objects.get().status == "IN_REVIEW"
    office.decide(ref)
    assert plant.result(ref.workflow_id) == "APPROVED"
