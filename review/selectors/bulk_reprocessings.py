"""Candidates of many documents: what all of them would change in sum, and each of them by itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from ingestion.models import Batch, Document, Field
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from review.domain.reprocessing_status import RereadingStatus
from review.models import Rereading
from review.querysets import RereadingQuerySet
from review.selectors.reprocessings import Comparison, compared

SHOWN: Final = 200  # documents of one page


@dataclass(frozen=True, slots=True)
class Waiting:
    """Candidates that are open, those that can be chosen first; `left` counts what is not among them."""

    comparisons: tuple[Comparison, ...]
    left: int
    batch: Batch | None = None

    @property
    def ready(self) -> list[Comparison]:
        """Give those that someone can choose."""
        return [one for one in self.comparisons if one.ready]

    @property
    def better(self) -> list[Comparison]:
        """Give those that only improve."""
        return [one for one in self.comparisons if one.better]

    @property
    def under_way(self) -> int:
        """Count those that are still being read."""
        return sum(one.under_way for one in self.comparisons)

    @property
    def fields_changed(self) -> int:
        """Count the fields that would have another value."""
        return sum(one.fields_changed for one in self.comparisons)

    @property
    def words_changed(self) -> int:
        """Count the words that differ."""
        return sum(one.words_changed for one in self.comparisons)

    @property
    def pages_failed(self) -> int:
        """Count the pages that could not be read."""
        return sum(one.pages_failed for one in self.ready)


def waiting(actor: Actor, batch_id: UUID | None = None) -> Waiting:
    """Give the open candidates, or those of a batch alone, in three queries; raises as open_rows."""
    batch = named_batch(actor, batch_id)
    rows = _open_rows(actor, batch)
    found = list(rows.select_related("document").order_by("-status", "id")[: SHOWN + 1])
    left = rows.count() - SHOWN if len(found) > SHOWN else 0
    shown = found[:SHOWN]
    standing = _standing(actor, shown)
    lines = [compared(actor, row.document, row, standing[row.document_id]) for row in shown]
    lines.sort(key=lambda one: (not one.ready, one.better, one.document.filename))
    return Waiting(tuple(lines), left, batch)


def better_ids(actor: Actor, batch_id: UUID | None = None) -> list[UUID]:
    """Give all candidates that only improve, however many others stand before them; raises as open_rows."""
    rows = (
        open_rows(actor, batch_id).filter(status=RereadingStatus.READY).select_related("document").order_by("id")
    )
    found: list[UUID] = []
    some = list(rows[:SHOWN])
    while some:
        standing = _standing(actor, some)
        lines = [compared(actor, row.document, row, standing[row.document_id]) for row in some]
        found += [one.id for one in lines if one.better]
        some = list(rows.filter(id__gt=some[-1].id)[:SHOWN])
    return found


def open_rows(actor: Actor, batch_id: UUID | None) -> RereadingQuerySet[Rereading]:
    """Keep the candidates that are under way or wait for a word, and that no other run has overtaken.

    Of a batch alone where one is named; raises NotAllowed and Batch.DoesNotExist over that.
    """
    return _open_rows(actor, named_batch(actor, batch_id))


def named_batch(actor: Actor, batch_id: UUID | None) -> Batch | None:
    """Give the batch that someone names, if any; raises NotAllowed, Batch.DoesNotExist."""
    if batch_id is None:
        return None
    actor.require(Verb.BATCH_VIEW)
    return Batch.objects.visible_to(actor).get(pk=batch_id)


def _open_rows(actor: Actor, batch: Batch | None) -> RereadingQuerySet[Rereading]:
    rows = Rereading.objects.visible_to(actor).standing()
    rows = rows.filter(document__in=Document.objects.visible_to(actor))
    return rows.filter(document__batch=batch) if batch else rows


def _standing(actor: Actor, rows: Sequence[Rereading]) -> dict[UUID, list[Field]]:
    """Give the fields that each candidate is laid beside, in their order."""
    wanted = Q(pk__in=[])
    for run in {row.base_run for row in rows}:
        wanted |= Q(run=run, document_id__in=[row.document_id for row in rows if row.base_run == run])
    found: dict[UUID, list[Field]] = defaultdict(list)
    for field in Field.objects.visible_to(actor).filter(wanted).order_by("position"):
        found[field.document_id].append(field)
    return found
