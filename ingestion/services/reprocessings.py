"""Reprocessing of documents with other options: nothing is replaced before the differences were shown."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ingestion.contracts import FIRST_RUN, BulkReprocessingResult, ReprocessingOptions, RunRef
from ingestion.domain.lifecycle import (
    REPROCESSABLE_STATUSES,
    DocumentStatus,
    InvalidDocumentTransition,
    transition_document,
)
from ingestion.domain.reprocessing_status import THIRD_ENGINE_NAME, ReprocessingStatus
from ingestion.models import Document, ReprocessingRun
from ingestion.querysets import ReprocessingQuerySet
from ingestion.selectors.open_reprocessings import visible_batch
from ingestion.services.discarded_runs import discard_reprocessed_pages
from ingestion.services.reruns import reset_for_next_run
from ingestion.services.review_port import review_tasks
from ingestion.services.workflow_signals import START_TOPIC, start_run
from refinery.core.audit.services import record_event
from refinery.core.outbox.services import OutgoingMessage, enqueue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from refinery.core.web.sealed_secrets import encrypt_secret

S = ReprocessingStatus
MOST_AT_ONCE: Final = 200  # documents of one request
MOST_OPEN: Final = 1000  # reprocessing runs of a tenant that wait for a worker or for a decision
BULK_PRIORITY: Final = -5  # bulk requests are read after new uploads


class ReprocessingInProgress(Exception):
    """The document is already being reprocessed, or a finished reprocessing waits for a decision."""


class TooManyReprocessings(Exception):
    """Too many of the tenant's reprocessing runs wait for workers or decisions."""


class NoSuchEngine(Exception):
    """The requested engine is not installed."""


class ReprocessingClosed(Exception):
    """The reprocessing run cannot be chosen: it is not finished, was already chosen, or another run superseded it."""


def request_reprocessing(
    *, actor: Actor, document_id: UUID, options: ReprocessingOptions, priority: int = 0, password: str = ""
) -> ReprocessingRun:
    """Queue a reprocessing run; `password` opens a locked original, is sent encrypted and not stored.

    Raises Document.DoesNotExist, InvalidDocumentTransition for a document without a finished reading,
    ReprocessingInProgress, TooManyReprocessings, NoSuchEngine.
    """
    actor.require(Permission.DOCUMENT_RERUN)
    if THIRD_ENGINE_NAME in options.engines and not settings.THIRD_ENGINE:
        raise NoSuchEngine
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        if document.status not in REPROCESSABLE_STATUSES or document.parent_pages is not None:
            message = f"a document that is {document.status}, or part of a split file, cannot be reprocessed"
            raise InvalidDocumentTransition(message)
        rows = ReprocessingRun.objects.visible_to(actor)
        _drop_stale_runs(rows.filter(document=document))
        if rows.filter(document=document).open().exists():
            raise ReprocessingInProgress
        if rows.current().count() >= MOST_OPEN:
            raise TooManyReprocessings
        row = rows.create(
            tenant_id=actor.tenant_id,
            document=document,
            base_run=document.run,
            mode=options.mode,
            engines=list(options.engines),
            requested_by_id=actor.user_id,
        )
        _start_workflow(actor, row, priority, password)
        detail = {"mode": options.mode, "engines": ",".join(options.engines)}
        record_event(
            actor.audit, "document.reprocessing_requested", "document", document.id, reprocessing=str(row.id), **detail
        )
    return row


def request_many_reprocessings(
    *, actor: Actor, document_ids: Sequence[UUID], batch_id: UUID | None, options: ReprocessingOptions
) -> BulkReprocessingResult:
    """Queue a reprocessing run for each of the documents, or for those of a batch, at most MOST_AT_ONCE.

    Raises NotAllowed and Batch.DoesNotExist for the batch, NoSuchEngine. Documents that cannot be reprocessed are
    returned with their reasons and do not delay others.
    """
    actor.require(Permission.DOCUMENT_RERUN)
    remaining = 0
    if batch_id is not None:
        document_ids, remaining = _reprocessable_in_batch(actor, batch_id)
    started: dict[UUID, UUID] = {}
    refused: dict[UUID, str] = {}
    # each once and in a fixed order, because one transaction locks all of them until its end
    for document_id in sorted(set(document_ids[:MOST_AT_ONCE])):
        try:
            row = request_reprocessing(actor=actor, document_id=document_id, options=options, priority=BULK_PRIORITY)
        except (
            Document.DoesNotExist,
            InvalidDocumentTransition,
            ReprocessingInProgress,
            TooManyReprocessings,
        ) as reason:
            refused[document_id] = REFUSALS[type(reason)]
        else:
            started[document_id] = row.id
    return BulkReprocessingResult(started, refused, remaining)


REFUSALS: Final[dict[type[Exception], str]] = {
    Document.DoesNotExist: "not-found",
    InvalidDocumentTransition: "not-read",
    ReprocessingInProgress: "in-progress",
    TooManyReprocessings: "too-many",
}


def _reprocessable_in_batch(actor: Actor, batch_id: UUID) -> tuple[list[UUID], int]:
    """Return documents of a batch that can be reprocessed now, and the number of further ones."""
    batch = visible_batch(actor, batch_id)
    waiting = ReprocessingRun.objects.visible_to(actor).current().filter(document__batch=batch).values("document_id")
    able = (
        Document.objects.visible_to(actor)
        .filter(batch=batch, parent_pages__isnull=True)
        .in_status(*REPROCESSABLE_STATUSES)
        .exclude(pk__in=waiting)
    )
    ids = list(able.order_by("id").values_list("id", flat=True)[:MOST_AT_ONCE])
    return ids, max(0, able.count() - len(ids))


def _drop_stale_runs(rows: "ReprocessingQuerySet[ReprocessingRun]") -> None:
    ids = list(rows.stale().values_list("id", flat=True))
    ReprocessingRun.objects.filter(pk__in=ids).update(
        status=S.DROPPED, finished_at=timezone.now(), fields=[], page_changes=[]
    )


def _start_workflow(actor: Actor, row: ReprocessingRun, priority: int, password: str) -> None:
    workflow_id = f"reprocessing/{row.id}"
    payload = {
        "workflow": "reprocessing",
        "id": workflow_id,
        "tenant": str(actor.tenant_id),
        "reprocessing": str(row.id),
        "priority": priority,
    }
    more = {
        "third_engine": third_engine_scope(row.mode, row.engines),
        "sealed": encrypt_secret(password) if password else "",
    }
    payload |= {name: value for name, value in more.items() if value}
    enqueue(OutgoingMessage(START_TOPIC, payload, actor.tenant_id), key=workflow_id)


def third_engine_scope(mode: str, engines: Sequence[str]) -> str:
    """Return which lines a third engine reads: `every` line, the `doubted` ones, or "" for none."""
    if THIRD_ENGINE_NAME in engines:
        return "every"
    return "doubted" if settings.THIRD_ENGINE and mode == "thorough" and not engines else ""


def apply_reprocessing(*, actor: Actor, document_id: UUID, reprocessing_id: UUID) -> Document:
    """Make the reprocessed pages the document's next run, which is then assessed again; human values are kept.

    Raises Document.DoesNotExist, ReprocessingRun.DoesNotExist, ReprocessingClosed, InvalidDocumentTransition,
    DocumentClaimed.
    """
    actor.require(Permission.DOCUMENT_RERUN)
    with transaction.atomic():
        review_tasks().lock(actor.tenant_id, document_id)  # before the document, in the same order as a decision
        document, row = _lock_document_and_run(actor, document_id, reprocessing_id)
        if row.status != S.READY or row.base_run != document.run:
            raise ReprocessingClosed
        if document.status not in REPROCESSABLE_STATUSES:
            message = f"a document that is {document.status} cannot get another reading"
            raise InvalidDocumentTransition(message)
        review_tasks().cancel_for_rerun(actor, document, unless_claimed=True)
        attachments = document.attachments
        reset_for_next_run(document, transition_document(DocumentStatus(document.status), DocumentStatus.READING))
        Document.objects.filter(pk=document.pk).update(pages=row.pages, attachments=attachments)
        document.refresh_from_db()
        _finish_run(row, S.APPLIED)
        record_event(
            actor.audit, "document.reprocessing_applied", "document", document.id, reprocessing=str(row.id), run=row.run
        )
        start_run(RunRef(actor.tenant_id, document.id, document.run))
        event = LiveEvent("document.status", str(document.id), document.status, document.stage, 0.0)
        announce(event, document_group(document.id), queue_group(actor.tenant_id))
    return document


def drop_reprocessing(*, actor: Actor, document_id: UUID, reprocessing_id: UUID) -> ReprocessingRun:
    """Drop the reprocessing run, finished or not; raises as apply_reprocessing does."""
    actor.require(Permission.DOCUMENT_RERUN)
    with transaction.atomic():
        document, row = _lock_document_and_run(actor, document_id, reprocessing_id)
        if row.status in {S.APPLIED, S.DROPPED, S.FAILED}:
            raise ReprocessingClosed
        if row.base_run == document.run:  # otherwise the pages belong to another run
            discard_reprocessed_pages(document)
        _finish_run(row, S.DROPPED)
        record_event(actor.audit, "document.reprocessing_dropped", "document", document.id, reprocessing=str(row.id))
    return row


def _lock_document_and_run(actor: Actor, document_id: UUID, reprocessing_id: UUID) -> tuple[Document, ReprocessingRun]:
    """Lock the document, then its reprocessing run; callers that change tasks must have locked these before."""
    document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
    rows = ReprocessingRun.objects.visible_to(actor).select_for_update(of=("self",))
    return document, rows.get(pk=reprocessing_id, document=document)


def _finish_run(row: ReprocessingRun, status: ReprocessingStatus) -> None:
    row.status, row.finished_at = status.value, timezone.now()
    if status is S.DROPPED:
        row.fields, row.page_changes = [], []  # results of a dropped run are not kept
    row.save(update_fields=["status", "finished_at", "fields", "page_changes"])


def run_before_reprocessing(ref: RunRef) -> int | None:
    """Return the run whose human values are copied to this one, which was a reprocessing; None for any other run."""
    if ref.run == FIRST_RUN:
        return None
    applied = ReprocessingRun.objects.filter(
        tenant_id=ref.tenant_id, document_id=ref.document_id, base_run=ref.run - 1, status=S.APPLIED.value
    )
    return ref.run - 1 if applied.exists() else None
