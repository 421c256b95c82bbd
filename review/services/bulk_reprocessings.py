"""Choose between readings of many documents: each is taken or dropped by itself, and holds up no other one."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from ingestion.domain.lifecycle import InvalidMove
from ingestion.models import Document
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from review.contracts import ChosenMany
from review.models import Rereading
from review.selectors.bulk_reprocessings import better_ids, open_rows
from review.services.reprocessings import (
    MOST_AT_ONCE,
    InReview,
    RereadingOver,
    apply_rereading,
    drop_rereading,
)

REFUSALS: Final[dict[type[Exception], str]] = {
    InReview: "in-hand",
    RereadingOver: "not-ready",
    InvalidMove: "not-ready",
    Document.DoesNotExist: "not-found",
    Rereading.DoesNotExist: "not-found",
}
Choice = Callable[[UUID, UUID], object]


def take_better(*, actor: Actor, batch_id: UUID | None = None) -> ChosenMany:
    """Take every candidate that only improves, of a batch alone where one is named, MOST_AT_ONCE at a time.

    Raises NotAllowed and Batch.DoesNotExist over the batch.
    """
    actor.require(Verb.DOCUMENT_RERUN)
    better = better_ids(actor, batch_id)
    chosen = take_many(actor=actor, rereading_ids=better[:MOST_AT_ONCE])
    return ChosenMany(chosen.done, chosen.refused, max(0, len(better) - MOST_AT_ONCE))


def take_many(*, actor: Actor, rereading_ids: Sequence[UUID]) -> ChosenMany:
    """Take the candidates named, MOST_AT_ONCE at most; what cannot be taken is named with its reason."""
    actor.require(Verb.DOCUMENT_RERUN)
    return _each(
        actor,
        rereading_ids,
        lambda document, key: apply_rereading(actor=actor, document_id=document, rereading_id=key),
    )


def drop_many(*, actor: Actor, rereading_ids: Sequence[UUID]) -> ChosenMany:
    """Drop the candidates named, read or not; as take_many."""
    actor.require(Verb.DOCUMENT_RERUN)
    return _each(
        actor,
        rereading_ids,
        lambda document, key: drop_rereading(actor=actor, document_id=document, rereading_id=key),
    )


def drop_all(*, actor: Actor, batch_id: UUID | None = None) -> ChosenMany:
    """Drop every open candidate, as take_better those that only improve."""
    actor.require(Verb.DOCUMENT_RERUN)
    rows = open_rows(actor, batch_id)
    keys = list(rows.order_by("id").values_list("id", flat=True)[: MOST_AT_ONCE + 1])
    chosen = drop_many(actor=actor, rereading_ids=keys[:MOST_AT_ONCE])
    return ChosenMany(chosen.done, chosen.refused, rows.count() if len(keys) > MOST_AT_ONCE else 0)


def _each(actor: Actor, keys: Sequence[UUID], choose: Choice) -> ChosenMany:
    """Choose one after the other, by their documents' order: whoever else chooses locks them in the same one."""
    rows = Rereading.objects.visible_to(actor).filter(pk__in=keys[:MOST_AT_ONCE])
    places = dict(rows.order_by("document_id").values_list("id", "document_id"))
    refused = {key: "not-found" for key in keys if key not in places}
    done = []
    for key, document_id in places.items():
        try:
            choose(document_id, key)
        except tuple(REFUSALS) as reason:
            refused[key] = REFUSALS[type(reason)]
        else:
            done.append(key)
    return ChosenMany(tuple(done), refused)
