"""Ask for an export that needs a heavy package: a worker makes it, the caller gets its link at once."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from ingestion.models import Document
from refinery.audit.services import record
from refinery.outbox.services import Message, enqueue
from refinery.tenancy.actor import Actor
from refinery.tenancy.roles import Verb
from refinery.types import TenantId
from review.models import Artefact

FORMATS = {"label-studio": "application/json", "pdf": "application/pdf"}


def request_export(*, actor: Actor, document_id: UUID, form: str) -> Artefact:
    """Queue an export of the current run; raises Document.DoesNotExist, KeyError for an unknown format."""
    actor.require(Verb.DOCUMENT_EXPORT)
    media_type = FORMATS[form]
    with transaction.atomic():
        document = Document.objects.visible_to(actor).get(pk=document_id)
        artefact = Artefact.objects.create(
            tenant_id=actor.tenant_id,
            document=document,
            run=document.run,
            format=form,
            media_type=media_type,
            requested_by_id=actor.user_id,
        )
        payload = {
            "workflow": "export",
            "id": f"export/{artefact.id}",
            "tenant": str(actor.tenant_id),
            "artefact": str(artefact.id),
        }
        enqueue(Message("workflow.start", payload, actor.tenant_id), key=f"export/{artefact.id}")
        record(actor.audit, "document.export_asked", "document", document.id, format=form)
    return artefact


def finish_export(*, tenant_id: TenantId, artefact_id: UUID, content: bytes) -> None:
    """Store what the worker made; a second time changes nothing."""
    artefact = Artefact.objects.get(tenant_id=tenant_id, id=artefact_id)
    if artefact.status == "done":
        return
    key = f"tenants/{tenant_id}/exports/{artefact.id}"
    default_storage.save(key, ContentFile(content))
    artefact.blob_key, artefact.status, artefact.finished_at = key, "done", timezone.now()
    artefact.save(update_fields=["blob_key", "status", "finished_at"])


def fail_export(*, tenant_id: TenantId, artefact_id: UUID, detail: str) -> None:
    """Say that it could not be made, and why."""
    waiting = Artefact.objects.filter(tenant_id=tenant_id, id=artefact_id, status="queued")
    waiting.update(status="failed", detail=detail[:200], finished_at=timezone.now())
