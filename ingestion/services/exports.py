"""Exports that need a heavy package: a worker makes them, the caller gets the link at once."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from ingestion.blobs import export_folder, open_blob
from ingestion.domain.exporting import ExportedPage, ExportedValue, ExportedWord, ExportFacts
from ingestion.domain.page.serialization import packed_page_orientation
from ingestion.models import Artefact, Document, Field, Page
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.services import OutgoingMessage, enqueue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.types import BoundingBox, TenantId

FORMATS = {"label-studio": "application/zip", "pdf": "application/pdf"}


def request_export(*, actor: Actor, document_id: UUID, form: str) -> Artefact:
    """Queue an export of the current run; raises Document.DoesNotExist, KeyError for an unknown format."""
    actor.require(Permission.DOCUMENT_EXPORT)
    media_type = FORMATS[form]
    with transaction.atomic():
        document = Document.objects.get_permitted(actor, Permission.DOCUMENT_EXPORT, pk=document_id)
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
        enqueue(OutgoingMessage("workflow.start", payload, actor.tenant_id), key=f"export/{artefact.id}")
        record_event(actor.audit, "document.export_requested", "document", document.id, format=form)
    return artefact


def build_export_facts(*, tenant_id: TenantId, artefact_id: UUID) -> tuple[str, ExportFacts] | None:
    """Return the format and the facts for an export; None if it is already done."""
    artefact = Artefact.objects.select_related("document").get(tenant_id=tenant_id, id=artefact_id)
    if artefact.status == "done":
        return None
    document = artefact.document
    kept = {"tenant_id": tenant_id, "document": document, "run": artefact.run}
    pages = Page.objects.filter(**kept, error="").order_by("number")
    rows = list(Field.objects.filter(**kept).order_by("position"))
    return artefact.format, ExportFacts(
        document_id=str(document.id),
        filename=document.filename,
        schema=document.schema_key,
        model_version=next((row.model_version for row in rows if row.model_version), "prior"),
        pages=tuple(_page(page) for page in pages),
        values=tuple(_value(row) for row in rows),
    )


def _page(page: Page) -> ExportedPage:
    with open_blob(page.image_key) as picture:
        content = picture.read()
    words = tuple(ExportedWord(word["text"], BoundingBox(*word["bbox"])) for word in page.words)
    quarter_turns = packed_page_orientation(page.width, page.height, page.words)
    return ExportedPage(page.number, page.width, page.height, content, words, quarter_turns)


def _value(row: Field) -> ExportedValue:
    bbox = BoundingBox(*row.bbox) if row.bbox else None
    human = row.value if row.human else None
    return ExportedValue(row.name, row.name, row.model_value, row.confidence, human, row.page, bbox)


def finish_export(*, tenant_id: TenantId, document_id: UUID, artefact_id: UUID, content: bytes) -> None:
    """Store the file that the worker made; idempotent. For an erased document nothing is kept.

    Needs no open scope: the file is stored first, and deleted again if its row is gone.
    """
    key = f"{export_folder(tenant_id, document_id)}/{artefact_id}"
    with tenant_scope(tenant_id):
        waiting = Artefact.objects.filter(tenant_id=tenant_id, id=artefact_id).exclude(status="done").exists()
    if not waiting:
        return
    stored = default_storage.save(key, ContentFile(content))  # another name if an earlier attempt left one
    with tenant_scope(tenant_id):
        rows = Artefact.objects.filter(tenant_id=tenant_id, id=artefact_id)
        if not rows.update(blob_key=stored, status="done", finished_at=timezone.now()):
            transaction.on_commit(lambda: default_storage.delete(stored))


def fail_export(*, tenant_id: TenantId, artefact_id: UUID, detail: str) -> None:
    """Mark the export as failed, with the reason."""
    waiting = Artefact.objects.filter(tenant_id=tenant_id, id=artefact_id, status="queued")
    waiting.update(status="failed", detail=detail[:200], finished_at=timezone.now())
