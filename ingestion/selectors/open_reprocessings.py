"""Candidates of many documents: what all of them would change in sum, and each of them by itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from ingestion.domain.reprocessing_status import ReprocessingStatus
from ingestion.models import Batch, Document, Field, ReprocessingRun
from ingestion.querysets import ReprocessingQuerySet
from ingestion.selectors.reprocessings import ReprocessingComparison, build_comparison
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission

SHOWN: Final = 200  # documents of one page


@dataclass(frozen=True, slots=True)
class OpenReprocessings:
    """Candidates that are open, those that can be chosen first; `left` counts what is not among them."""

    comparisons: tuple[ReprocessingComparison, ...]
    remaining: int
    batch: Batch | None = None

    @property
    def ready(self) -> list[ReprocessingComparison]:
        """Give those that someone can choose."""
        return [one for one in self.comparisons if one.ready]

    @property
    def improvements(self) -> list[ReprocessingComparison]:
        """Give those that only improve."""
        return [one for one in self.comparisons if one.is_improvement]

    @property
    def in_progress(self) -> int:
        """Count those that are still being read."""
        return sum(one.in_progress for one in self.comparisons)

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


def open_reprocessings(actor: Actor, batch_id: UUID | None = None) -> OpenReprocessings:
    """Give the open candidates, or those of a batch alone, in three queries; raises as open_rows."""
    batch = visible_batch(actor, batch_id)
    rows = _open_runs_of(actor, batch)
    found = list(rows.select_related("document").order_by("-status", "id")[: SHOWN + 1])
    remaining = rows.count() - SHOWN if len(found) > SHOWN else 0
    shown = found[:SHOWN]
    fields_by_document = _current_fields_by_document(actor, shown)
    lines = [build_comparison(actor, row.document, row, fields_by_document[row.document_id]) for row in shown]
    lines.sort(key=lambda one: (not one.ready, one.is_improvement, one.document.filename))
    return OpenReprocessings(tuple(lines), remaining, batch)


def improvement_ids(actor: Actor, batch_id: UUID | None = None) -> list[UUID]:
    """Give all candidates that only improve, however many others stand before them; raises as open_rows."""
    rows = (
        open_reprocessing_runs(actor, batch_id)
        .filter(status=ReprocessingStatus.READY)
        .select_related("document")
        .order_by("id")
    )
    found: list[UUID] = []
    some = list(rows[:SHOWN])
    while some:
        fields_by_document = _current_fields_by_document(actor, some)
        lines = [build_comparison(actor, row.document, row, fields_by_document[row.document_id]) for row in some]
        found += [one.id for one in lines if one.is_improvement]
        some = list(rows.filter(id__gt=some[-1].id)[:SHOWN])
    return found


def open_reprocessing_runs(actor: Actor, batch_id: UUID | None) -> ReprocessingQuerySet[ReprocessingRun]:
    """Keep the candidates that are under way or wait for a word, and that no other run has overtaken.

    Of a batch alone where one is named; raises NotAllowed and Batch.DoesNotExist over that.
    """
    return _open_runs_of(actor, visible_batch(actor, batch_id))


def visible_batch(actor: Actor, batch_id: UUID | None) -> Batch | None:
    """Give the batch that someone names, if any; raises NotAllowed, Batch.DoesNotExist."""
    if batch_id is None:
        return None
    actor.require(Permission.BATCH_VIEW)
    return Batch.objects.visible_to(actor).get(pk=batch_id)


def _open_runs_of(actor: Actor, batch: Batch | None) -> ReprocessingQuerySet[ReprocessingRun]:
    rows = ReprocessingRun.objects.visible_to(actor).current()
    rows = rows.filter(document__in=Document.objects.visible_to(actor))
    return rows.filter(document__batch=batch) if batch else rows


def _current_fields_by_document(actor: Actor, rows: Sequence[ReprocessingRun]) -> dict[UUID, list[Field]]:
    """Give the fields that each candidate is laid beside, in their order."""
    wanted = Q(pk__in=[])
    for run in {row.base_run for row in rows}:
        wanted |= Q(run=run, document_id__in=[row.document_id for row in rows if row.base_run == run])
    found: dict[UUID, list[Field]] = defaultdict(list)
    for field in Field.objects.visible_to(actor).filter(wanted).order_by("position"):
        found[field.document_id].append(field)
    return found
