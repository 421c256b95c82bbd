"""Implementation of ingestion's port to review tasks."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from ingestion.models import Document
from ingestion.services.review_port import ClaimedByOther, DocumentClaimed, FourEyesViolation
from quality.domain.checks.several_documents import MULTIPLE_DOCUMENTS
from quality.models import Issue
from refinery.core.tenancy.actor import Actor
from refinery.core.types import TenantId
from review.domain.lifecycle import UNFINISHED, TaskState
from review.models import ReviewTask
from review.services.tasks import cancel_tasks
from review.services.workflow_signals import signal_task_workflows


class DocumentTasks:
    """Implementation of ingestion.services.review_port.ReviewTasks."""

    def lock(self, tenant_id: UUID, file_id: UUID) -> None:
        """Lock the tasks of the file and its child documents before the documents, in the same order as a decision."""
        about = Q(document_id=file_id) | Q(document__parent_id=file_id, document__parent_pages__isnull=False)
        tasks = ReviewTask.objects.filter(about, tenant_id=tenant_id, state__in=UNFINISHED).order_by("id")
        list(tasks.select_for_update(of=("self",)).values_list("id", flat=True))

    def check_free(self, actor: Actor, document_ids: Sequence[UUID]) -> None:
        """Raise ClaimedByOther for a live lease of another user, FourEyesViolation for an excluded actor."""
        tasks = ReviewTask.objects.visible_to(actor).filter(document__in=document_ids)
        if tasks.claimed().filter(lease_expires_at__gte=timezone.now()).exclude(assignee_id=actor.user_id).exists():
            raise ClaimedByOther
        if tasks.filter(state__in=UNFINISHED, excluded_id=actor.user_id).exists():
            raise FourEyesViolation

    def cancel(self, tenant_id: TenantId, document_id: UUID) -> None:
        """Cancel the unfinished tasks of a document."""
        cancel_tasks(tenant_id, document_id)

    def cancel_for_rerun(self, actor: Actor, document: Document, *, unless_claimed: bool = False) -> None:
        """Cancel the unfinished tasks and signal their workflows; `unless_claimed` raises DocumentClaimed for a live
        lease.
        """
        rows = ReviewTask.objects.visible_to(actor).filter(document=document, state__in=UNFINISHED)
        tasks = list(rows.select_for_update())
        now = timezone.now()
        if unless_claimed and any(
            task.state == TaskState.CLAIMED and (task.lease_expires_at or now) > now for task in tasks
        ):
            raise DocumentClaimed
        cancel_tasks(actor.tenant_id, document.id)
        for task in tasks:
            signal_task_workflows(document, task, "rerun")

    def resolve_split_suggestions(self, document_ids: Sequence[UUID]) -> None:
        """Mark the suggestions to split these documents as resolved."""
        suggestions = Issue.objects.filter(document_id__in=document_ids, code=MULTIPLE_DOCUMENTS, overturned=None)
        suggestions.update(overturned=True)
