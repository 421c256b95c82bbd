"""Change one field outside of a review task: guarded by the version that the caller saw."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, Field
from quality.contracts import ExpertLabel, LabelKind, Labelling
from quality.services.training_examples import record_examples
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.webhooks.services import Event, emit
from review.contracts import FieldEdit, Submission
from review.domain.lifecycle import Verdict
from review.models import ReviewTask
from review.services.submit import DocumentMovedOn, apply_edits

EDITABLE = frozenset({DocumentStatus.IN_REVIEW, DocumentStatus.APPROVED})


class StaleVersion(Exception):
    """The field has changed since the caller read it; `current` is its version now."""

    def __init__(self, current: int) -> None:
        """Keep the version, so that the answer can name it."""
        super().__init__("the field has changed")
        self.current = current


class InOtherHands(Exception):
    """A reviewer has the document under a live lease."""


@dataclass(frozen=True, slots=True)
class EditRequest:
    """Which field of which document, seen at which version, and why."""

    document_id: UUID
    edit: FieldEdit
    version: int
    reason: str = ""


def edit_field(*, actor: Actor, request: EditRequest) -> Field:
    """Change a field.

    Raises Document.DoesNotExist, Field.DoesNotExist, StaleVersion, InOtherHands, DocumentMovedOn.
    """
    actor.require(Verb.DOCUMENT_EDIT_FIELD)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=request.document_id)
        row = Field.objects.visible_to(actor).get(document=document, run=document.run, name=request.edit.field)
        if row.version != request.version:
            raise StaleVersion(row.version)
        if document.status not in EDITABLE:
            raise DocumentMovedOn
        held = ReviewTask.objects.visible_to(actor).in_hand().filter(document=document)
        if held.exclude(assignee_id=actor.user_id).exists():
            raise InOtherHands
        submission = Submission(Verdict.NEEDS_SECOND_REVIEW, request.reason, (request.edit,))
        changes = apply_edits(actor, document, submission, None)
        labels = [ExpertLabel(c.field, LabelKind(c.kind.value), c.after) for c in changes.values()]
        record_examples(
            Labelling(actor.tenant_id, document.id, document.run, labels, actor.user_id, actor.role.value)
        )
        Document.objects.filter(pk=document.pk).update(version=F("version") + 1)
        record(actor.audit, "field.edited", "document", document.id, field=request.edit.field)
        if document.status == DocumentStatus.APPROVED:
            row.refresh_from_db()
            data = {"document": str(document.id), "run": document.run, "field": request.edit.field}
            once = f"{row.id}/{row.version}"
            emit(Event("document.corrected", actor.tenant_id, once, data, document.webhook_url))
    row.refresh_from_db()
    return row
