"""Put a model in charge, or go back to the one before: a person's decision, audited; promises begin anew."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quality.models import Certificate, ModelVersion
from quality.services.champion import FIELD_CONFIDENCE
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb


class CannotPromote(ValueError):
    """The model is in charge already, or there is none to go back to."""


def promote_model(*, actor: Actor, model_id: UUID) -> ModelVersion:
    """Make a candidate or a retired model the champion; raises ModelVersion.DoesNotExist, CannotPromote."""
    actor.require(Verb.MODEL_PROMOTE)
    with transaction.atomic():
        row = ModelVersion.objects.visible_to(actor).select_for_update().get(pk=model_id)
        if row.state == "champion":
            message = "the model is in charge already"
            raise CannotPromote(message)
        _take_charge(actor, row, "model.promoted", timezone.now())
    return row


def roll_back(*, actor: Actor) -> ModelVersion | None:
    """Go back to the champion before this one, None for the reader's own estimate; raises CannotPromote."""
    actor.require(Verb.MODEL_PROMOTE)
    with transaction.atomic():
        models = ModelVersion.objects.visible_to(actor).filter(name=FIELD_CONFIDENCE).select_for_update()
        current = models.filter(state="champion").first()
        if current is None:
            message = "no trained model is in charge"
            raise CannotPromote(message)
        before = (
            models.filter(state="retired", promoted_at__lt=current.promoted_at).order_by("-promoted_at").first()
        )
        if before is not None:
            # Its day of promotion stays: going back once more leads to the one before it.
            _take_charge(actor, before, "model.rolled_back", before.promoted_at or timezone.now())
            return before
        ModelVersion.objects.filter(pk=current.pk).update(state="retired")
        _void_promises(actor)
        record(actor.audit, "model.rolled_back", "model", current.id, to="prior")
    return None


def _take_charge(actor: Actor, row: ModelVersion, action: str, at: datetime) -> None:
    ModelVersion.objects.visible_to(actor).filter(name=row.name, state="champion").update(state="retired")
    row.state, row.promoted_at = "champion", at
    row.save(update_fields=["state", "promoted_at"])
    _void_promises(actor)
    record(actor.audit, action, "model", row.id, number=row.number)


def _void_promises(actor: Actor) -> None:
    """A certificate was proven with the model before: it says nothing about this one."""
    valid = Certificate.objects.visible_to(actor).exclude(state="void")
    valid.update(state="void", ended_at=timezone.now())
