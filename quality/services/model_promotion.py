"""Promotion and rollback of models: a person's decision, audited; it voids all certificates."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quality.models import Certificate, ModelVersion
from quality.services.champion import FIELD_CONFIDENCE
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission


class CannotPromote(ValueError):
    """The model is the champion already, or there is no champion to roll back."""


def promote_model(*, actor: Actor, model_id: UUID) -> ModelVersion:
    """Make a candidate or a retired model the champion; raises ModelVersion.DoesNotExist, CannotPromote."""
    actor.require(Permission.MODEL_PROMOTE)
    with transaction.atomic():
        row = ModelVersion.objects.visible_to(actor).select_for_update().get(pk=model_id)
        if row.state == "champion":
            message = "the model is already the champion"
            raise CannotPromote(message)
        _make_champion(actor, row, "model.promoted", timezone.now())
    return row


def roll_back(*, actor: Actor) -> ModelVersion | None:
    """Roll back to the previous champion, None for the reader's own estimate; raises CannotPromote."""
    actor.require(Permission.MODEL_PROMOTE)
    with transaction.atomic():
        models = ModelVersion.objects.visible_to(actor).filter(name=FIELD_CONFIDENCE).select_for_update()
        current = models.filter(state="champion").first()
        if current is None:
            message = "no trained model is active"
            raise CannotPromote(message)
        before = models.filter(state="retired", promoted_at__lt=current.promoted_at).order_by("-promoted_at").first()
        if before is not None:
            # Keep its promotion date, so that another rollback leads to the champion before it.
            _make_champion(actor, before, "model.rolled_back", before.promoted_at or timezone.now())
            return before
        ModelVersion.objects.filter(pk=current.pk).update(state="retired")
        _void_certificates(actor)
        record_event(actor.audit, "model.rolled_back", "model", current.id, to="prior")
    return None


def _make_champion(actor: Actor, row: ModelVersion, action: str, at: datetime) -> None:
    ModelVersion.objects.visible_to(actor).filter(name=row.name, state="champion").update(state="retired")
    row.state, row.promoted_at = "champion", at
    row.save(update_fields=["state", "promoted_at"])
    _void_certificates(actor)
    record_event(actor.audit, action, "model", row.id, number=row.number)


def _void_certificates(actor: Actor) -> None:
    """Void all certificates: they were proven with the previous model."""
    valid = Certificate.objects.visible_to(actor).exclude(state="void")
    valid.update(state="void", ended_at=timezone.now())
