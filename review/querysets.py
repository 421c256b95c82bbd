"""Querysets of queues and tasks by visibility and state."""

from datetime import datetime
from typing import Final, Self, TypeVar

from django.db import models
from django.db.models import Exists, Q

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import FourEyes, Tenant
from refinery.core.tenancy.querysets import TenantQuerySet
from refinery.core.tenancy.roles import Permission
from review.domain.lifecycle import TaskState

DECIDES_ESCALATIONS: Final = Permission.REVIEW_ASSIGN
Row = TypeVar("Row", bound=models.Model)


class QueueQuerySet(TenantQuerySet[Row]):
    """Queues: open to all reviewers, to one of the actor's teams, or to the actor by a grant."""

    def workable_by(self, actor: Actor) -> Self:
        """Filter queues whose tasks the actor may review."""
        return self.visible_to(actor).filter(
            Q(team_id__isnull=True) | Q(team_id__in=actor.team_ids) | Q(user_grants__user_id=actor.user_id)
        )


class TaskQuerySet(TenantQuerySet[Row]):
    """Review tasks, filtered by tenant first."""

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
