"""Bulk choices between reprocessing runs: each is applied or dropped separately and does not block the others."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from ingestion.contracts import BulkChoiceResult
from ingestion.domain.lifecycle import InvalidDocumentTransition
from ingestion.models import Document, ReprocessingRun
from ingestion.selectors.open_reprocessings import improvement_ids, open_reprocessing_runs
from ingestion.services.reprocessings import MOST_AT_ONCE, ReprocessingClosed, apply_reprocessing, drop_reprocessing
from ingestion.services.review_port import DocumentClaimed
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission

REFUSALS: Final[dict[type[Exception], str]] = {
    DocumentClaimed: "claimed",
    ReprocessingClosed: "not-ready",
    InvalidDocumentTransition: "not-ready",
    Document.DoesNotExist: "not-found",
    ReprocessingRun.DoesNotExist: "not-found",
}
Choice = Callable[..., object]  # apply_reprocessing or drop_reprocessing


def apply_improvements(*, actor: Actor, batch_id: UUID | None = None) -> BulkChoiceResult:
    """Apply every reprocessing run that only improves, optionally of one batch, MOST_AT_ONCE at a time.

    Raises NotAllowed and Batch.DoesNotExist for the batch.
    """
    actor.require(Permission.DOCUMENT_RERUN)
    improving_ids = improvement_ids(actor, batch_id)
    chosen = apply_many_reprocessings(actor=actor, reprocessing_ids=improving_ids[:MOST_AT_ONCE])
    return BulkChoiceResult(chosen.done, chosen.refused, max(0, len(improving_ids) - MOST_AT_ONCE))


def apply_many_reprocessings(*, actor: Actor, reprocessing_ids: Sequence[UUID]) -> BulkChoiceResult:
    """Apply the listed reprocessing runs, at most MOST_AT_ONCE; failures are returned with their reasons."""
    actor.require(Permission.DOCUMENT_RERUN)
    return _choose_each(actor, reprocessing_ids, apply_reprocessing)


def drop_many_reprocessings(*, actor: Actor, reprocessing_ids: Sequence[UUID]) -> BulkChoiceResult:
    """Drop the listed reprocessing runs, finished or not; otherwise as apply_many_reprocessings."""
    actor.require(Permission.DOCUMENT_RERUN)
    return _choose_each(actor, reprocessing_ids, drop_reprocessing)


def drop_all_reprocessings(*, actor: Actor, batch_id: UUID | None = None) -> BulkChoiceResult:
    """Drop every open reprocessing run; otherwise as apply_improvements."""
    actor.require(Permission.DOCUMENT_RERUN)
    rows = open_reprocessing_runs(actor, batch_id)
    keys = list(rows.order_by("id").values_list("id", flat=True)[: MOST_AT_ONCE + 1])
    chosen = drop_many_reprocessings(actor=actor, reprocessing_ids=keys[:MOST_AT_ONCE])
    return BulkChoiceResult(chosen.done, chosen.refused, rows.count() if len(keys) > MOST_AT_ONCE else 0)


def _choose_each(actor: Actor, keys: Sequence[UUID], choose: Choice) -> BulkChoiceResult:
    """Choose in the order of the documents' ids, so that concurrent requests lock them in the same order."""
    rows = ReprocessingRun.objects.visible_to(actor).filter(pk__in=keys[:MOST_AT_ONCE])
    places = dict(rows.order_by("document_id").values_list("id", "document_id"))
    refused = {key: "not-found" for key in keys if key not in places}
    done = []
    for key, document_id in places.items():
        try:
            choose(actor=actor, document_id=document_id, reprocessing_id=key)
        except tuple(REFUSALS) as reason:
            refused[key] = REFUSALS[type(reason)]
        else:
            done.append(key)
    return BulkChoiceResult(tuple(done), refused)
