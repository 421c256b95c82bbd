"""Announcement and undo at the same moment: the later one waits for the document's lock and sees the other's result."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.services.schemas import create_default_schemas
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery
from review.contracts import Submission
from review.domain.lifecycle import ReviewVerdict
from review.services.claims import claim_next
from review.services.submit import submit_review
from review.services.tasks import TaskRequest, open_task
from review.services.undo import undo_review
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import make_tenant
from workers.activities.review_steps import HumanTaskActivities

WAITING_QUERY = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def is_waiting_for_lock() -> bool:
    """Return whether another connection waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING_QUERY)
        row = cursor.fetchone()
    return bool(row and row[0])


@pytest.mark.usefixtures("committed_db")
def test_announcement_waits_for_undo_that_began_before(assessment_engine: AssessmentConfig) -> None:
    """The undo has not committed when the announcement begins: nothing is announced."""
    tenant = make_tenant()
    reviewer = tenant.actor(Role.REVIEWER)
    document = make_document(tenant, pages=0, webhook_url="https://receiver.example/hook")
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
        open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    with tenant_scope(tenant.tenant_id):
        task = claim_next(actor=reviewer)
        assert task is not None
        approval = Submission(ReviewVerdict.APPROVE)
        submit_review(actor=reviewer, task_id=task.task_id, token=task.lease.token, submission=approval)

    def announce() -> object:
        ref = RunRef(tenant.tenant_id, document.id, document.run)
        try:
            return run_activity(HumanTaskActivities(assessment_engine).finalize, document_input(ref))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        with tenant_scope(tenant.tenant_id):
            undo_review(actor=reviewer, task_id=task.task_id)
            announced: Future[object] = threads.submit(announce)
            while not announced.done() and not is_waiting_for_lock():
                pass
        assert announced.result() is False
    with tenant_scope(tenant.tenant_id):
        assert not WebhookDelivery.objects.filter(event="document.completed").exists()
