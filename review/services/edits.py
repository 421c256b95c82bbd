"""Edits of one field outside of a review task, guarded by the version that the caller saw."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, Field
from ingestion.services.review_port import ClaimedByOther
from quality.contracts import ExpertLabel, LabelKind, ReviewLabels
from quality.services.training_examples import record_examples
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.webhooks.services import WebhookEvent, emit
from review.contracts import FieldEdit, Submission
from review.domain.lifecycle import ReviewVerdict
from review.models import ReviewTask
from review.services.submit import DocumentNotInReview, apply_edits

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
    """Change a field.

    Raises Document.DoesNotExist, Field.DoesNotExist, StaleVersion, ClaimedByOther, DocumentNotInReview.
    """
    actor.require(Permission.DOCUMENT_EDIT_FIELD)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=request.document_id)
        row = Field.objects.visible_to(actor).get(document=document, run=document.run, name=request.edit.field)
        if row.version != request.version:
            raise StaleVersion(row.version)
        if document.status not in EDITABLE:
            raise DocumentNotInReview
        claimed_tasks = ReviewTask.objects.visible_to(actor).claimed().filter(document=document)
        if claimed_tasks.exclude(assignee_id=actor.user_id).exists():
            raise ClaimedByOther
        submission = Submission(ReviewVerdict.NEEDS_SECOND_REVIEW, request.reason, (request.edit,))
        changes = apply_edits(actor, document, submission, None)
        labels = [ExpertLabel(c.field, LabelKind(c.kind.value), c.after) for c in changes.values()]
        record_examples(
            ReviewLabels(actor.tenant_id, document.id, document.run, labels, actor.user_id, actor.role.value)
        )
        Document.objects.filter(pk=document.pk).update(version=F("version") + 1)
        record_event(actor.audit, "field.edited", "document", document.id, field=request.edit.field)
        if document.status == DocumentStatus.APPROVED:
            row.refresh_from_db()
            data = {"document": str(document.id), "run": document.run, "field": request.edit.field}
            once = f"{row.id}/{row.version}"
            emit(WebhookEvent("document.corrected", actor.tenant_id, once, data, document.webhook_url))
    row.refresh_from_db()
    return row
