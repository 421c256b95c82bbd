"""Drafts of typed values: stored within a second, with conflict detection between two tabs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from review.models import Draft, ReviewTask


@dataclass(frozen=True, slots=True)
class DraftState:
    """Stored draft: `values` maps field names to typed values."""

    revision: int
    values: dict[str, Any]


class DraftConflict(Exception):
    """Another tab has saved a later revision, which is `current`."""

    def __init__(self, current: DraftState) -> None:
        """Store the saved draft, so that the caller can show the difference."""
        super().__init__("a later draft is stored")
        self.current = current


def save_draft(*, actor: Actor, task_id: UUID, revision: int, values: dict[str, Any]) -> DraftState:
    """Store revision + 1 over `revision`; raises ReviewTask.DoesNotExist, DraftConflict.

    No lease is required: typed values are stored even if the lease was lost.
    """
    actor.require(Permission.REVIEW_WORK)
    with transaction.atomic():
        task = ReviewTask.objects.only("pk", "tenant_id").get_permitted(actor, Permission.REVIEW_WORK, pk=task_id)
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
