"""Take a decision back: by its reviewer within the grace, by a manager at any time."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ingestion.domain.lifecycle import DECIDED, DocumentStatus, move
from ingestion.models import Document, Field
from quality.models import Issue
from quality.services.training_examples import withdraw_examples
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.webhooks.services import take_back
from review.contracts import ClaimedTask
from review.domain.lease_errors import MAX_LIVE_LEASES
from review.domain.lifecycle import TaskKind, TaskState, Verdict, transition
from review.models import Correction, Draft, ReviewTask
from review.services.claims import claim_task
from review.services.submit import RESTORED, submitted_event
from review.services.workflow_signals import tell


class TooLate(Exception):
    """The grace is over, or the decision was another person's."""


def undo_review(*, actor: Actor, task_id: UUID) -> ClaimedTask:
    """Reopen the actor's own decision with a lease on it; raises ReviewTask.DoesNotExist, TooLate."""
    actor.require(Verb.REVIEW_WORK)
    with transaction.atomic():
        task = ReviewTask.objects.visible_to(actor).select_for_update().get(pk=task_id)
        grace = timedelta(seconds=settings.UNDO_GRACE_SECONDS)
        own = task.assignee_id == actor.user_id and task.state == TaskState.SUBMITTED
        if not own or task.submitted_at is None or timezone.now() - task.submitted_at > grace:
            raise TooLate
        document = Document.objects.visible_to(actor).select_for_update().get(pk=task.document_id)
        _reopen_document(actor, document, task)
        take_back(submitted_event(task))
        _restore_fields(actor, task)
        withdraw_examples(tenant_id=actor.tenant_id, document_id=document.id, task_id=task.id)
        task.state = transition(TaskState.SUBMITTED, TaskState.OPEN)
        task.verdict, task.reason, task.submitted_at, task.assignee_id = "", "", None, None
        task.save()
        record(actor.audit, "review.undone", "document", document.id, task=str(task.id))
        tell(document, task, "undone")
        _make_room(actor)
        return claim_task(actor=actor, task_id=task.id)


def _make_room(actor: Actor) -> None:
    """Give back the newest of two live leases: the reopened task comes before one claimed ahead."""
    live = ReviewTask.objects.visible_to(actor).in_hand().filter(assignee_id=actor.user_id)
    held = list(live.order_by("-claimed_at").values_list("id", flat=True))
    if len(held) >= MAX_LIVE_LEASES:
        ReviewTask.objects.visible_to(actor).filter(pk=held[0]).update(
            state=TaskState.OPEN, assignee_id=None, lease_token=None, lease_expires_at=None
        )


def _reopen_document(actor: Actor, document: Document, task: ReviewTask) -> None:
    if task.verdict == Verdict.NEEDS_SECOND_REVIEW:
        second = ReviewTask.objects.visible_to(actor).filter(document=document, kind=TaskKind.SECOND)
        # Nobody is kept from what was never asked: a later parting of the file looks at whom this one excluded.
        taken_back = second.filter(state=TaskState.OPEN).update(state=TaskState.CANCELLED, excluded_id=None)
        if not taken_back:
            raise TooLate
        return
    if document.status not in DECIDED:  # its file was parted otherwise meanwhile
        raise TooLate
    locked = task.kind == TaskKind.PASSWORD
    target = DocumentStatus.NEEDS_PASSWORD if locked else DocumentStatus.IN_REVIEW
    document.status = move(DocumentStatus(document.status), target)
    document.stage, document.decided_at, document.decided_by_id = "review", None, None
    if locked:
        document.stage = "waiting_for_password"
    document.version = F("version") + 1
    document.save(update_fields=["status", "stage", "decided_at", "decided_by_id", "version", "updated_at"])


def _restore_fields(actor: Actor, task: ReviewTask) -> None:
    """Put back what was there before; the draft keeps what the reviewer had typed."""
    corrections = list(Correction.objects.visible_to(actor).filter(task=task, undone_at=None))
    rows = {
        row.name: row for row in Field.objects.visible_to(actor).filter(document_id=task.document_id, run=task.run)
    }
    typed = {}
    touched = []
    for correction in corrections:
        row = rows[correction.field]
        typed[row.name] = {"value": correction.after}
        for name, value in correction.restore.items():
            setattr(row, name, value)
        row.version += 1
        touched.append(row)
    Field.objects.bulk_update(touched, [*RESTORED, "version"])
    Issue.objects.visible_to(actor).filter(document_id=task.document_id, run=task.run).update(overturned=None)
    Correction.objects.visible_to(actor).filter(task=task, undone_at=None).update(undone_at=timezone.now())
    draft, _ = Draft.objects.get_or_create(tenant_id=actor.tenant_id, task=task, user_id=actor.user_id)
    draft.values, draft.revision = {**draft.values, **typed}, draft.revision + 1
    draft.save()
