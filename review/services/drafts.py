"""Keep what a reviewer types: durable within a second, and told apart when two tabs write."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from review.models import Draft, ReviewTask


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft as stored: `values` maps a field's name to what was typed."""

    revision: int
    values: dict[str, Any]


class DraftConflict(Exception):
    """Another tab has saved a later revision; `current` is that one."""

    def __init__(self, current: DraftState) -> None:
        """Keep what is stored, so that the caller can show the difference."""
        super().__init__("a later draft is stored")
        self.current = current


def save_draft(*, actor: Actor, task_id: UUID, revision: int, values: dict[str, Any]) -> DraftState:
    """Store revision + 1 over `revision`; raises ReviewTask.DoesNotExist, DraftConflict.

    No lease is asked for: what was typed is kept even when the lease was lost.
    """
    actor.require(Verb.REVIEW_WORK)
    with transaction.atomic():
        task = ReviewTask.objects.visible_to(actor).only("pk", "tenant_id").get(pk=task_id)
        draft, _ = Draft.objects.select_for_update().get_or_create(
            tenant_id=actor.tenant_id, task=task, user_id=actor.user_id
        )
        if draft.revision != revision:
            if draft.values == values:
                return DraftState(draft.revision, draft.values)
            raise DraftConflict(DraftState(draft.revision, draft.values))
        draft.revision += 1
        draft.values = values
        draft.save()
    return DraftState(draft.revision, draft.values)


def draft_of(actor: Actor, task_id: UUID) -> DraftState:
    """Give the actor's draft of a task, an empty one when there is none."""
    found = Draft.objects.visible_to(actor).filter(task_id=task_id, user_id=actor.user_id).first()
    return DraftState(found.revision, found.values) if found else DraftState(0, {})
