"""Comments on a document."""

from uuid import UUID

from django.db import transaction

from ingestion.models import Document
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from review.models import Comment


def add_comment(*, actor: Actor, document_id: UUID, text: str) -> Comment:
    """Add a comment; raises Document.DoesNotExist."""
    actor.require(Permission.REVIEW_WORK)
    with transaction.atomic():
        document = Document.objects.only("pk", "tenant_id").get_permitted(actor, Permission.REVIEW_WORK, pk=document_id)
        comment = Comment.objects.create(
            tenant_id=actor.tenant_id, document=document, author_id=actor.user_id, text=text
        )
        record_event(actor.audit, "document.commented", "document", document_id)
    return comment
