"""Edits of one field outside of a review task, guarded by the version that the caller saw.

Four eyes: whoever changes a value does not approve it. A changed value of an approved document puts it into review
again.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, Field
from ingestion.services.review_port import ClaimedByOther
from quality.services.training_examples import record_examples
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import FourEyes
from refinery.core.tenancy.roles import Permission
from review.contracts import FieldEdit, Submission
from review.domain.lifecycle import UNFINISHED, ReviewVerdict, TaskKind
from review.models import ReviewTask
from review.services.field_states import field_rows
from review.services.four_eyes import add_involved, four_eyes_of
from review.services.reopen import FurtherReview, return_to_review, start_correction
from review.services.submit import DocumentNotInReview, apply_edits, labels_of

CHANGED_REASON = "changed after approval"
EDITABLE = frozenset({DocumentStatus.IN_REVIEW, DocumentStatus.APPROVED})


class StaleVersion(Exception):
    """The field has changed since the caller read it; `current` is its present version."""

    def __init__(self, current: int) -> None:
        """Store the version for the response."""
        super().__init__("the field has changed")
        self.current = current


@dataclass(frozen=True, slots=True)
class EditRequest:
    """Edit of a document's field, with the version that the caller saw and the reason."""

    document_id: UUID
    edit: FieldEdit
    version: int
    reason: str = ""


def edit_field(*, actor: Actor, request: EditRequest) -> Field:
    """Change a field; that of an approved document needs the permission to reopen it.

    Raises Document.DoesNotExist, Field.DoesNotExist, StaleVersion, ClaimedByOther, DocumentNotInReview, NotAllowed.
    """
    actor.require(Permission.DOCUMENT_EDIT_FIELD)
    with transaction.atomic():
        document, row = _lock_field(actor, request)
        submission = Submission(ReviewVerdict.NEEDS_SECOND_REVIEW, request.reason, (request.edit,))
        rows = field_rows(actor, document)
        changes = apply_edits(actor, document, rows, submission, None)
        record_examples(labels_of(actor, document, changes), document, rows.values())
        Document.objects.filter(pk=document.pk).update(version=F("version") + 1)
        record_event(actor.audit, "field.edited", "document", document.id, field=request.edit.field)
        row.refresh_from_db()
        if any(change.edited for change in changes.values()):
            add_involved(actor, document.id)
            if document.status == DocumentStatus.APPROVED:
                _review_again(actor, document, row)
    return row


def _lock_field(actor: Actor, request: EditRequest) -> tuple[Document, Field]:
    """Lock tasks, then the document, in the order of a decision; check that the actor may change the field."""
    tasks = ReviewTask.objects.visible_to(actor).filter(document_id=request.document_id, state__in=UNFINISHED)
    list(tasks.order_by("id").select_for_update().values_list("id", flat=True))
    document = Document.objects.select_for_update().get_permitted(
        actor, Permission.DOCUMENT_EDIT_FIELD, pk=request.document_id
    )
    row = Field.objects.visible_to(actor).get(document=document, run=document.run, name=request.edit.field)
    if document.status == DocumentStatus.APPROVED:
        actor.require(Permission.REVIEW_REOPEN)
    if row.version != request.version:
        raise StaleVersion(row.version)
    if document.status not in EDITABLE:
        raise DocumentNotInReview
    claimed_tasks = ReviewTask.objects.visible_to(actor).claimed().filter(document=document)
    if claimed_tasks.exclude(assignee_id=actor.user_id).exists():
        raise ClaimedByOther
    return document, row


def _review_again(actor: Actor, document: Document, row: Field) -> None:
    """Have a second person look at the changed value, or, without four eyes, score and report it at once."""
    if four_eyes_of(actor.tenant_id) is FourEyes.OFF:
        start_correction(document, f"correction/{row.id}/{row.version}")
        return
    return_to_review(actor, document, FurtherReview(TaskKind.SECOND, (CHANGED_REASON,), actor.user_id))
