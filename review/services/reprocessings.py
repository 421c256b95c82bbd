"""Have documents read again by other means, and choose: nothing is replaced before its differences were shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus, InvalidMove, move
from ingestion.models import Document
from ingestion.services.discarded_runs import forget_candidate
from ingestion.services.reruns import restart
from ingestion.services.workflow_signals import START, start_run
from refinery.core.audit.services import record
from refinery.core.outbox.services import Message, enqueue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from refinery.core.web.sealed_secrets import seal
from review.contracts import AskedMany, Means
from review.domain.lifecycle import UNFINISHED, TaskState
from review.domain.reprocessing_status import ASKED_FROM, THIRD, RereadingStatus
from review.models import Rereading, ReviewTask
from review.querysets import RereadingQuerySet
from review.selectors.bulk_reprocessings import named_batch
from review.services.split_document import lock_tasks
from review.services.tasks import cancel_tasks
from review.services.workflow_signals import tell

S = RereadingStatus
MOST_AT_ONCE: Final = 200  # documents of one request
MOST_OPEN: Final = 1000  # candidates of a tenant that wait for a worker or for a word
BEHIND: Final = -5  # many at once are read behind what arrives


class RereadingUnderWay(Exception):
    """The document is being read again already, or such a reading waits for a word."""


class TooManyRereadings(Exception):
    """The tenant's candidates wait for workers or for people."""


class NoSuchEngine(Exception):
    """The engine asked for is not set up here."""


class RereadingOver(Exception):
    """The candidate is not there to be chosen: not read yet, chosen before, or overtaken by another run."""


class InReview(Exception):
    """A reviewer has the document in hand."""


def ask_rereading(
    *, actor: Actor, document_id: UUID, means: Means, priority: int = 0, password: str = ""
) -> Rereading:
    """Queue a candidate; `password` opens a locked original, travels sealed and is not kept.

    Raises Document.DoesNotExist, InvalidMove for a document without a finished reading, RereadingUnderWay,
    TooManyRereadings, NoSuchEngine.
    """
    actor.require(Verb.DOCUMENT_RERUN)
    if THIRD in means.engines and not settings.THIRD_ENGINE:
        raise NoSuchEngine
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        if document.status not in ASKED_FROM or document.parent_pages is not None:
            message = f"a document that is {document.status}, or a part of a file, has no reading of its own"
            raise InvalidMove(message)
        rows = Rereading.objects.visible_to(actor)
        _close_overtaken(rows.filter(document=document))
        if rows.filter(document=document).open().exists():
            raise RereadingUnderWay
        if rows.standing().count() >= MOST_OPEN:
            raise TooManyRereadings
        row = rows.create(
            tenant_id=actor.tenant_id,
            document=document,
            base_run=document.run,
            mode=means.mode,
            engines=list(means.engines),
            requested_by_id=actor.user_id,
        )
        _start(actor, row, priority, password)
        detail = {"mode": means.mode, "engines": ",".join(means.engines)}
        record(actor.audit, "document.rereading_asked", "document", document.id, rereading=str(row.id), **detail)
    return row


def ask_many(*, actor: Actor, document_ids: Sequence[UUID], batch_id: UUID | None, means: Means) -> AskedMany:
    """Queue a candidate for each of the documents, or for those of a batch, MOST_AT_ONCE at most.

    Raises NotAllowed and Batch.DoesNotExist over the batch, NoSuchEngine. What cannot be read again is named with
    its reason and keeps nobody else waiting.
    """
    actor.require(Verb.DOCUMENT_RERUN)
    left = 0
    if batch_id is not None:
        document_ids, left = _of_batch(actor, batch_id)
    asked: dict[UUID, UUID] = {}
    refused: dict[UUID, str] = {}
    # in one order, each once: whoever asks within one transaction holds them all until its end
    for document_id in sorted(set(document_ids[:MOST_AT_ONCE])):
        try:
            row = ask_rereading(actor=actor, document_id=document_id, means=means, priority=BEHIND)
        except (Document.DoesNotExist, InvalidMove, RereadingUnderWay, TooManyRereadings) as reason:
            refused[document_id] = REFUSALS[type(reason)]
        else:
            asked[document_id] = row.id
    return AskedMany(asked, refused, left)


REFUSALS: Final[dict[type[Exception], str]] = {
    Document.DoesNotExist: "not-found",
    InvalidMove: "not-read",
    RereadingUnderWay: "under-way",
    TooManyRereadings: "too-many",
}


def _of_batch(actor: Actor, batch_id: UUID) -> tuple[list[UUID], int]:
    """Give those of a batch's documents that can be asked for now, and how many more there are."""
    batch = named_batch(actor, batch_id)
    waiting = Rereading.objects.visible_to(actor).standing().filter(document__batch=batch).values("document_id")
    able = (
        Document.objects.visible_to(actor)
        .filter(batch=batch, parent_pages__isnull=True)
        .in_status(*ASKED_FROM)
        .exclude(pk__in=waiting)
    )
    ids = list(able.order_by("id").values_list("id", flat=True)[:MOST_AT_ONCE])
    return ids, max(0, able.count() - len(ids))


def _close_overtaken(rows: "RereadingQuerySet[Rereading]") -> None:
    ids = list(rows.overtaken().values_list("id", flat=True))
    Rereading.objects.filter(pk__in=ids).update(
        status=S.DROPPED, finished_at=timezone.now(), fields=[], page_changes=[]
    )


def _start(actor: Actor, row: Rereading, priority: int, password: str) -> None:
    workflow_id = f"rereading/{row.id}"
    payload = {
        "workflow": "reading_candidate",
        "id": workflow_id,
        "tenant": str(actor.tenant_id),
        "rereading": str(row.id),
        "priority": priority,
    }
    more = {"third": third_of(row.mode, row.engines), "sealed": seal(password) if password else ""}
    payload |= {name: value for name, value in more.items() if value}
    enqueue(Message(START, payload, actor.tenant_id), key=workflow_id)


def third_of(mode: str, engines: Sequence[str]) -> str:
    """Say what a third engine is shown of a candidate: `every` line, the `doubted` ones, or "" for nothing."""
    if THIRD in engines:
        return "every"
    return "doubted" if settings.THIRD_ENGINE and mode == "thorough" and not engines else ""


def apply_rereading(*, actor: Actor, document_id: UUID, rereading_id: UUID) -> Document:
    """Make the candidate's pages the document's next run, which is then judged anew; people's words stay.

    Raises Document.DoesNotExist, Rereading.DoesNotExist, RereadingOver, InvalidMove, InReview.
    """
    actor.require(Verb.DOCUMENT_RERUN)
    with transaction.atomic():
        lock_tasks(actor.tenant_id, document_id)  # before the document, as a decision does
        document, row = _locked(actor, document_id, rereading_id)
        if row.status != S.READY or row.base_run != document.run:
            raise RereadingOver
        if document.status not in ASKED_FROM:
            message = f"a document that is {document.status} cannot take another reading"
            raise InvalidMove(message)
        _leave_desk(actor, document, timezone.now())
        attachments = document.attachments
        restart(document, move(DocumentStatus(document.status), DocumentStatus.READING))
        Document.objects.filter(pk=document.pk).update(pages=row.pages, attachments=attachments)
        document.refresh_from_db()
        _end(row, S.APPLIED)
        record(
            actor.audit, "document.rereading_applied", "document", document.id, rereading=str(row.id), run=row.run
        )
        start_run(RunRef(actor.tenant_id, document.id, document.run))
        event = LiveEvent("document.status", str(document.id), document.status, document.stage, 0.0)
        announce(event, document_group(document.id), queue_group(actor.tenant_id))
    return document


def drop_rereading(*, actor: Actor, document_id: UUID, rereading_id: UUID) -> Rereading:
    """Forget the candidate, read or not; raises as apply_rereading does."""
    actor.require(Verb.DOCUMENT_RERUN)
    with transaction.atomic():
        document, row = _locked(actor, document_id, rereading_id)
        if row.status in {S.APPLIED, S.DROPPED, S.FAILED}:
            raise RereadingOver
        if row.base_run == document.run:  # else what lies under its run is another's
            forget_candidate(document)
        _end(row, S.DROPPED)
        record(actor.audit, "document.rereading_dropped", "document", document.id, rereading=str(row.id))
    return row


def _locked(actor: Actor, document_id: UUID, rereading_id: UUID) -> tuple[Document, Rereading]:
    """Lock the document, then its candidate; who changes tasks as well has locked them before."""
    document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
    rows = Rereading.objects.visible_to(actor).select_for_update(of=("self",))
    return document, rows.get(pk=rereading_id, document=document)


def _leave_desk(actor: Actor, document: Document, now: datetime) -> None:
    """Take the document from its desk, unless a reviewer has it in hand; raises InReview."""
    tasks = list(
        ReviewTask.objects.visible_to(actor).select_for_update().filter(document=document, state__in=UNFINISHED)
    )
    if any(task.state == TaskState.CLAIMED and (task.lease_expires_at or now) > now for task in tasks):
        raise InReview
    cancel_tasks(actor.tenant_id, document.id)
    for task in tasks:
        tell(document, task, "rerun")


def _end(row: Rereading, status: RereadingStatus) -> None:
    row.status, row.finished_at = status.value, timezone.now()
    if status is S.DROPPED:
        row.fields, row.page_changes = [], []  # what nobody wanted is not kept
    row.save(update_fields=["status", "finished_at", "fields", "page_changes"])


def run_before_rereading(ref: RunRef) -> int | None:
    """Give the run whose human words go over to this one, which was a candidate; None for any other run."""
    applied = Rereading.objects.filter(
        tenant_id=ref.tenant_id, document_id=ref.document_id, base_run=ref.run - 1, status=S.APPLIED.value
    )
    return ref.run - 1 if applied.exists() else None
