"""Which tasks an actor sees, and which of them wait."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.querysets import TenantQuerySet
from review.domain.lifecycle import TaskState
from review.domain.reprocessing_status import OPEN

Row = TypeVar("Row", bound=models.Model)


class QueueQuerySet(TenantQuerySet[Row]):
    """Queues: those open to all, to one of the actor's teams, or granted to the actor."""

    def workable_by(self, actor: Actor) -> Self:
        """Keep queues whose tasks the actor may do."""
        return self.visible_to(actor).filter(
            Q(team_id__isnull=True) | Q(team_id__in=actor.team_ids) | Q(user_grants__user_id=actor.user_id)
        )


class TaskQuerySet(TenantQuerySet[Row]):
    """Tasks, tenant first, by the order in which they should be done."""

    def awaiting_review(self) -> Self:
        """Keep tasks that anyone could take: open, or claimed under a lease that may have run out."""
        return self.filter(state=TaskState.OPEN)

    def in_hand(self) -> Self:
        """Keep tasks on which someone holds a claim."""
        return self.filter(state=TaskState.CLAIMED)

    def overdue(self, at: datetime) -> Self:
        """Keep unfinished tasks whose time has run out."""
        return self.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED]).filter(due_at__lt=at)

    def by_urgency(self) -> Self:
        """Order as the next-task rule does: priority, then due time, then age."""
        return self.order_by("-priority", "due_at", "id")


class RereadingQuerySet(TenantQuerySet[Row]):
    """Candidate readings, tenant first."""

    def open(self) -> Self:
        """Keep those that are under way, or wait for a word."""
        return self.filter(status__in=OPEN)

    def overtaken(self) -> Self:
        """Keep those whose document was read anew meanwhile: nothing can be compared any more."""
        return self.open().exclude(base_run=F("document__run"))

    def standing(self) -> Self:
        """Keep those that are open beside the run that their document has: the others hold nobody up."""
        return self.open().filter(base_run=F("document__run"))

    def newest_first(self) -> Self:
        """Order by the time of asking: the id carries it."""
        return self.order_by("-id")
