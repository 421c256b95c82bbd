"""Factories of documents with reading results, built by the ORM in the tenant's scope."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zlib import compress, crc32

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Batch, Document, Field, Page, Schema
from quality.models import Assessment, Issue
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from review.models import Queue, ReviewTask
from tests.support.factories.tenants import TenantFixture

WORDS = [
    {"text": "Total", "bbox": [0.1, 0.8, 0.2, 0.82], "confidence": 0.99, "source": "native", "line": 0},
    {"text": "120.00", "bbox": [0.3, 0.8, 0.4, 0.82], "confidence": 0.71, "source": "rapidocr", "line": 0},
]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + crc32(kind + data).to_bytes(4)


PIXEL = (  # a PNG of one white pixel
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    + _chunk(b"IDAT", compress(b"\x00\xff"))
    + _chunk(b"IEND", b"")
)


@dataclass(frozen=True, slots=True)
class FieldSample:
    """Values of one field that a test needs."""

    name: str
    value: str
    confidence: float = 0.99
    needs_human: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


INVOICE = (
    FieldSample("invoice_number", "INV-2041"),
    FieldSample("issue_date", "2026-03-02"),
    FieldSample("total", "120.00", 0.71, needs_human=True),
)


def make_schema(tenant: TenantFixture, key: str = "invoice", **changes: Any) -> Schema:
    """Create a schema whose definition has one field."""
    with tenant_scope(tenant.tenant_id):
        return Schema.objects.create(
            tenant_id=tenant.tenant_id,
            key=key,
            **{"title": key.title(), "definition": {"key": key, "fields": [{"name": "total"}]}, **changes},
        )


def make_batch(tenant: TenantFixture, name: str = "March", **changes: Any) -> Batch:
    """Create a batch."""
    with tenant_scope(tenant.tenant_id):
        return Batch.objects.create(tenant_id=tenant.tenant_id, name=name, **changes)


def make_document(
    tenant: TenantFixture,
    *,
    status: DocumentStatus = DocumentStatus.IN_REVIEW,
    fields: tuple[FieldSample, ...] = INVOICE,
    pages: int = 1,
    **changes: Any,
) -> Document:
    """Create a document with `pages` pages (image and thumbnail stored), fields, one assessment and one issue."""
    content = changes.pop("content", b"%PDF-1.7 " + new_id().bytes)
    key = f"{tenant.tenant_id}/{new_id()}"
    default_storage.save(key, ContentFile(content))
    values: dict[str, Any] = {
        "filename": "invoice.pdf",
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "media_type": "application/pdf",
        "blob_key": key,
        "schema_key": "invoice",
        "pages": pages,
        "stage": "done",
        **changes,
    }
    with tenant_scope(tenant.tenant_id):
        document = Document.objects.create(tenant_id=tenant.tenant_id, status=status.value, **values)
        for number in range(1, pages + 1):
            make_page(tenant, document, number)
        for position, sheet in enumerate(fields):
            make_field(tenant, document, sheet, position)
        make_assessment(tenant, document)
    return document


def make_page(tenant: TenantFixture, document: Document, number: int) -> Page:
    """Create a page whose image and thumbnail are the same stored one-pixel PNG."""
    image_key = f"{tenant.tenant_id}/{document.id}/{number}.png"
    default_storage.save(image_key, ContentFile(PIXEL))
    with tenant_scope(tenant.tenant_id):
        return Page.objects.create(
            tenant_id=tenant.tenant_id,
            document=document,
            run=document.run,
            number=number,
            width=1240,
            height=1754,
            source="text",
            confidence=0.98,
            words=WORDS,
            blocks=[{"kind": "paragraph", "bbox": [0.1, 0.8, 0.4, 0.82], "words": [0, 1]}],
            image_key=image_key,
            image_type="image/png",
            thumbnail_key=image_key,
        )


def make_field(tenant: TenantFixture, document: Document, sample: FieldSample, position: int = 0) -> Field:
    """Create a field on page 1."""
    with tenant_scope(tenant.tenant_id):
        return Field.objects.create(
            tenant_id=tenant.tenant_id,
            document=document,
            run=document.run,
            position=position,
            **{
                "name": sample.name,
                "value": sample.value,
                "normalized": sample.value,
                "model_value": sample.value,
                "model_normalized": sample.value,
                "confidence": sample.confidence,
                "needs_human": sample.needs_human,
                "page": 1,
                "bbox": [0.3, 0.8, 0.4, 0.82],
                "source": "text",
                **sample.extra,
            },
        )


def make_assessment(
    tenant: TenantFixture, document: Document, *, overall: float = 82.0, decision: str = "review"
) -> Assessment:
    """Create the run's assessment and one issue on `total`."""
    with tenant_scope(tenant.tenant_id):
        Issue.objects.create(
            tenant_id=tenant.tenant_id,
            document=document,
            run=document.run,
            code="total.mismatch",
            tier="domain",
            dimension="content",
            severity="major",
            field="total",
            page=1,
            bbox=[0.3, 0.8, 0.4, 0.82],
            message="The total does not match the sum of the lines.",
            recommendation="Compare the total with the lines.",
        )
        return Assessment.objects.create(
            tenant_id=tenant.tenant_id,
            document=document,
            run=document.run,
            overall=overall,
            structural=90.0,
            content=overall,
            compliance=100.0,
            freshness=100.0,
            coverage=1.0,
            ocr_confidence=95.0,
            decision=decision,
            reasons=[{"code": "total.mismatch", "text": "The total does not match."}],
            rule_set="test",
        )


def make_queue(tenant: TenantFixture, name: str = "Invoices", **changes: Any) -> Queue:
    """Return the tenant's queue with that name; create it if missing."""
    with tenant_scope(tenant.tenant_id):
        queue, _ = Queue.objects.get_or_create(tenant_id=tenant.tenant_id, name=name, defaults=changes)
    return queue


def make_task(tenant: TenantFixture, document: Document | None = None, **changes: Any) -> ReviewTask:
    """Create an open review task, with a new document unless one is passed."""
    document = document or make_document(tenant)
    queue = changes.pop("queue", None) or make_queue(tenant)
    with tenant_scope(tenant.tenant_id):
        return ReviewTask.objects.create(
            tenant_id=tenant.tenant_id,
            document=document,
            run=document.run,
            queue=queue,
            **{
                "schema_key": document.schema_key,
                "reasons": ["total.mismatch"],
                "due_at": timezone.now() + timedelta(hours=4),
                **changes,
            },
        )


def claim_for(tenant: TenantFixture, task: ReviewTask, user_id: UUID, *, seconds: int = 120) -> ReviewTask:
    """Claim a task for a person with an unexpired lease."""
    with tenant_scope(tenant.tenant_id):
        task.state, task.assignee_id, task.lease_token = "CLAIMED", user_id, new_id()
        task.lease_expires_at = timezone.now() + timedelta(seconds=seconds)
        task.claimed_at = timezone.now()
        task.fence += 1
        task.save()
    return task
