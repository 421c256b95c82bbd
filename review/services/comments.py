"""Remarks on a document."""

from uuid import UUID

from django.db import transaction

from ingestion.models import Document
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from review.models import Comment


def add_comment(*, actor: Actor, document_id: UUID, text: str) -> Comment:
    """Write a remark; raises Document.DoesNotExist."""
    actor.require(Verb.REVIEW_WORK)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).only("pk", "tenant_id").get(pk=document_id)
        comment = Comment.objects.create(
            tenant_id=actor.tenant_id, document=document, author_id=actor.user_id, text=text
        )
        record(actor.audit, "document.commented", "document", document_id)
    return comment
