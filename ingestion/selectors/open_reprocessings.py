"""Open reprocessing runs of many documents: the changes of each, and their totals."""

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
    """Open reprocessing runs, those ready for a choice first; `remaining` counts further ones."""

    comparisons: tuple[ReprocessingComparison, ...]
    remaining: int
    batch: Batch | None = None

    @property
    def ready(self) -> list[ReprocessingComparison]:
        """Return the runs that are ready for a choice."""
        return [one for one in self.comparisons if one.ready]

    @property
    def improvements(self) -> list[ReprocessingComparison]:
        """Return the runs that only improve."""
        return [one for one in self.comparisons if one.is_improvement]

    @property
    def in_progress(self) -> int:
        """Return the number of runs still being read."""
        return sum(one.in_progress for one in self.comparisons)

    @property
    def fields_changed(self) -> int:
        """Return the number of fields whose value would change."""
        return sum(one.fields_changed for one in self.comparisons)

    @property
    def words_changed(self) -> int:
        """Return the number of words that differ."""
        return sum(one.words_changed for one in self.comparisons)

    @property
    def pages_failed(self) -> int:
        """Return the number of pages that could not be read."""
        return sum(one.pages_failed for one in self.ready)


def open_reprocessings(actor: Actor, batch_id: UUID | None = None) -> OpenReprocessings:
    """Return the open runs, optionally of one batch, in three queries; raises as open_reprocessing_runs."""
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
    """Return all runs that only improve, without a limit; raises as open_reprocessing_runs."""
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
    """Filter runs that are in progress or wait for a decision and are not superseded, optionally of one batch.

    Raises NotAllowed and Batch.DoesNotExist for the batch.
    """
    return _open_runs_of(actor, visible_batch(actor, batch_id))


def visible_batch(actor: Actor, batch_id: UUID | None) -> Batch | None:
    """Return the requested batch, None without one; raises NotAllowed, Batch.DoesNotExist."""
    if batch_id is None:
        return None
    actor.require(Permission.BATCH_VIEW)
    return Batch.objects.visible_to(actor).get(pk=batch_id)


def _open_runs_of(actor: Actor, batch: Batch | None) -> ReprocessingQuerySet[ReprocessingRun]:
    rows = ReprocessingRun.objects.visible_to(actor).current()
    rows = rows.filter(document__in=Document.objects.visible_to(actor))
    return rows.filter(document__batch=batch) if batch else rows


def _current_fields_by_document(actor: Actor, rows: Sequence[ReprocessingRun]) -> dict[UUID, list[Field]]:
    """Return the fields that each run is compared with, in their order."""
    wanted = Q(pk__in=[])
    for run in {row.base_run for row in rows}:
        wanted |= Q(run=run, document_id__in=[row.document_id for row in rows if row.base_run == run])
    found: dict[UUID, list[Field]] = defaultdict(list)
    for field in Field.objects.visible_to(actor).filter(wanted).order_by("position"):
        found[field.document_id].append(field)
    return found
