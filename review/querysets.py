"""Querysets of queues and tasks by visibility and state."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, Q

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import FourEyes, Tenant
from refinery.core.tenancy.querysets import TenantQuerySet
from review.domain.lifecycle import TaskState

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
        """Filter tasks from which the actor is not excluded by four eyes."""
        off = Tenant.objects.filter(pk=actor.tenant_id, four_eyes=FourEyes.OFF)
        uninvolved = ~Q(involved_ids__contains=[actor.user_id]) | Exists(off)
        return self.filter(Q(excluded_id__isnull=True) | ~Q(excluded_id=actor.user_id), uninvolved)

    def overdue(self, at: datetime) -> Self:
        """Filter unfinished tasks that are past their due time."""
        return self.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED]).filter(due_at__lt=at)

    def by_urgency(self) -> Self:
        """Order as the next-task rule does: priority, then due time, then age."""
        return self.order_by("-priority", "due_at", "id")
