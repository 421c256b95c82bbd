"""Passwords for locked documents: encrypted in transit, deleted after use, never logged."""

from uuid import UUID

from django.db import transaction

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus, InvalidDocumentTransition
from ingestion.models import Document
from ingestion.services.workflow_signals import signal_run
from refinery.core.audit.services import record_event
from refinery.core.database.ids import new_id
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.sealed_secrets import encrypt_secret


def submit_password(*, actor: Actor, document_id: UUID, password: str) -> Document:
    """Resume the run with a password.

    Raises Document.DoesNotExist, InvalidDocumentTransition for a document that is not waiting for a password.
    """
    if not actor.can(Permission.DOCUMENT_UPLOAD):
        actor.require(Permission.REVIEW_WORK)
    with transaction.atomic():
        document = Document.objects.select_for_update().get_permitted(actor, Permission.REVIEW_WORK, pk=document_id)
        if document.status != DocumentStatus.NEEDS_PASSWORD:
            message = "the document asks for no password"
            raise InvalidDocumentTransition(message)
        record_event(actor.audit, "document.password_given", "document", document.id)
        ref = RunRef(actor.tenant_id, document.id, document.run)
        signal_run(ref, "password", new_id(), sealed=encrypt_secret(password))
    return document
