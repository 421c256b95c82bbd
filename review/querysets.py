"""Querysets of queues and tasks by visibility and state."""

from datetime import datetime
from typing import Final, Self, TypeVar

from django.db import models
from django.db.models import Exists, Q

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.grants import Ids, granted_ids, related_model, related_rows
from refinery.core.tenancy.models import FourEyes, Tenant
from refinery.core.tenancy.querysets import TenantQuerySet
from refinery.core.tenancy.roles import Permission
from review.domain.lifecycle import UNFINISHED, TaskState

DECIDES_ESCALATIONS: Final = Permission.REVIEW_ASSIGN
Row = TypeVar("Row", bound=models.Model)


class QueueQuerySet(TenantQuerySet[Row]):
    """Queues: open to all reviewers, to one of the actor's teams, or to the actor by a grant."""

    def workable_by(self, actor: Actor) -> Self:
        """Filter queues with tasks that the actor may review: a guest perhaps not all of them."""
        if actor.is_restricted:
            return self.permitted(actor, Permission.REVIEW_WORK)
        granted = Q(pk__in=granted_ids(self.model, actor, Permission.REVIEW_WORK))
        return self.visible_to(actor).filter(Q(team_id__isnull=True) | Q(team_id__in=actor.team_ids) | granted)

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter queues with a grant to the actor, and those that contain a task of a granted document."""
        tasks = related_rows(self.model, "tasks").filter(state__in=UNFINISHED)
        shared = tasks.permitted(actor, permission or Permission.REVIEW_VIEW).values("queue_id")
        return self.filter(Q(pk__in=granted_ids(self.model, actor, permission)) | Q(pk__in=shared))


class TaskQuerySet(TenantQuerySet[Row]):
    """Review tasks, filtered by tenant first."""

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter tasks whose queue, document or batch is granted to the actor."""
        rows = self.model._default_manager.filter(tenant_id=actor.tenant_id)  # noqa: SLF001 - Django's documented manager
        shared = related_rows(self.model, "document").shared_with(actor, permission).values("pk")
        by_queue = rows.filter(queue_id__in=self.granted_queues(actor, permission)).values("pk")
        return self.filter(pk__in=by_queue.union(rows.filter(document_id__in=shared).values("pk"), all=True))

    def granted_queues(self, actor: Actor, permission: Permission | None = None) -> Ids:
        """Return the ids of queues with a grant to the actor."""
        return granted_ids(related_model(self.model, "queue"), actor, permission)

    def of_granted_queues(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter tasks that are, or were until submitted, in a queue with a grant to the actor."""
        here = self.filter(tenant_id=actor.tenant_id).exclude(state=TaskState.CANCELLED)
        return here.filter(queue_id__in=self.granted_queues(actor, permission))

    def claimed(self) -> Self:
        """Filter tasks in state CLAIMED."""
        return self.filter(state=TaskState.CLAIMED)

    def decidable_by(self, actor: Actor) -> Self:
        """Filter tasks from which the actor is not excluded by four eyes, nor because they were escalated."""
        off = Tenant.objects.filter(pk=actor.tenant_id, four_eyes=FourEyes.OFF)
        uninvolved = ~Q(involved_ids__contains=[actor.user_id]) | Exists(off)
        raised = Q() if actor.can(DECIDES_ESCALATIONS) else Q(raised_at__isnull=True)
        return self.filter(Q(excluded_id__isnull=True) | ~Q(excluded_id=actor.user_id), uninvolved, raised)

    def overdue(self, at: datetime) -> Self:
        """Filter unfinished tasks that are past their due time."""
        return self.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED]).filter(due_at__lt=at)

    def by_urgency(self) -> Self:
        """Order as the next-task rule does: priority, then due time, then age."""
        return self.order_by("-priority", "due_at", "id")
