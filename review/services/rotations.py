"""A person turns pages of a file, for good: they are drawn and read anew, all others are taken over."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import MENDABLE, DocumentStatus, move
from ingestion.domain.page.rotation import merged, pack_turns, unpack_turns
from ingestion.models import Document
from ingestion.services.child_documents import file_of, parts_of
from ingestion.services.discarded_runs import forget_candidate
from ingestion.services.reruns import restart
from ingestion.services.workflow_signals import start_run
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from review.domain.lifecycle import UNFINISHED
from review.models import ReviewTask
from review.services.edit_split import NotMendable
from review.services.split_document import check_hands, lock_tasks
from review.services.tasks import cancel_tasks
from review.services.workflow_signals import tell


def turn_pages(*, actor: Actor, document_id: UUID, turns: Mapping[int, int]) -> Document:
    """Turn pages of a document's file by quarters, clockwise, and have them read as they lie then.

    What people said of fields stays. Raises Document.DoesNotExist, NotAllowed (a decided document needs who may
    reopen it), InvalidTurn, NotMendable, InOtherHands, FourEyes.
    """
    actor.require(Verb.REVIEW_WORK)
    with transaction.atomic():
        asked = file_of(Document.objects.visible_to(actor).get(pk=document_id))
        lock_tasks(actor.tenant_id, asked.pk)
        file = Document.objects.visible_to(actor).select_for_update().get(pk=asked.pk)
        if DocumentStatus(file.status) not in MENDABLE:
            raise NotMendable
        stand = merged(unpack_turns(file.turns), turns, file.pages)
        touched = (row for row in parts_of(file) if set(row.parent_pages or ()) & set(turns))
        check_hands(actor, [file, *touched])
        _leave_desk(actor, file)
        forget_candidate(file)
        pages = file.pages
        restart(file, move(DocumentStatus(file.status), DocumentStatus.READING))
        turned = {"run": file.run, "pages": pack_turns(turns)}
        Document.objects.filter(pk=file.pk).update(turns=pack_turns(stand), turned=turned, pages=pages)
        file.refresh_from_db()
        record(actor.audit, "document.pages_turned", "document", file.id, run=file.run, pages=sorted(turns))
        start_run(RunRef(actor.tenant_id, file.id, file.run))
        event = LiveEvent("document.status", str(file.id), file.status, file.stage, 0.0)
        announce(event, document_group(file.id), queue_group(actor.tenant_id))
    return file


def _leave_desk(actor: Actor, file: Document) -> None:
    """Take the file from its desk, and let the workflow that waits for it end."""
    tasks = list(ReviewTask.objects.visible_to(actor).filter(document=file, state__in=UNFINISHED))
    cancel_tasks(actor.tenant_id, file.id)
    for task in tasks:
        tell(file, task, "rerun")
