"""Repeated reading of a region of a page for a waiting user; results are stored for some minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ingestion.contracts import RegionRequest, RegionSource
from ingestion.domain.layout.analysis import mean_word_confidence
from ingestion.domain.page.elements import Word
from ingestion.domain.page.rotation import unpack_rotations
from ingestion.domain.page.serialization import pack_box, pack_word, packed_page_orientation
from ingestion.models import Document, Page, RegionReading
from ingestion.selectors.splits import split_source_of
from ingestion.services.workflow_signals import START_TOPIC
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.services import OutgoingMessage, enqueue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.types import BoundingBox, TenantId
from refinery.core.web.live_events import LiveEvent, announce, document_group

REGION_TTL = timedelta(minutes=10)
MAX_PENDING_REGIONS = 8
REGION_PRIORITY = 10
REGION_ENGINES = ("rapidocr", "tesseract")


class TooManyPendingRegions(Exception):
    """The actor already has the maximum number of unanswered regions."""


def request_region_reading(*, actor: Actor, request: RegionRequest) -> RegionReading:
    """Queue the reading; raises Document.DoesNotExist, Page.DoesNotExist, TooManyPendingRegions."""
    actor.require(Permission.REVIEW_WORK)
    now = timezone.now()
    with transaction.atomic():
        document = Document.objects.only("id", "run").get_permitted(
            actor, Permission.REVIEW_WORK, pk=request.document_id
        )
        Page.objects.visible_to(actor).only("id").get(document=document, run=document.run, number=request.page)
        if RegionReading.objects.requested_by(actor).waiting(now).count() >= MAX_PENDING_REGIONS:
            raise TooManyPendingRegions
        region = RegionReading.objects.create(
            tenant_id=actor.tenant_id,
            document=document,
            run=document.run,
            page=request.page,
            bbox=pack_box(request.bbox),
            engine=request.engine,
            requested_by_id=actor.user_id,
            expires_at=now + REGION_TTL,
        )
        _start_region_workflow(actor.tenant_id, region.id)
        record_event(actor.audit, "document.region_requested", "document", document.id, page=request.page)
    return region


def _start_region_workflow(tenant_id: TenantId, region_id: UUID) -> None:
    workflow_id = f"region/{region_id}"
    payload = {
        "workflow": "region",
        "id": workflow_id,
        "tenant": str(tenant_id),
        "region": str(region_id),
        "priority": REGION_PRIORITY,
    }
    enqueue(OutgoingMessage(START_TOPIC, payload, tenant_id), key=workflow_id)


def region_source(*, tenant_id: TenantId, region_id: UUID) -> RegionSource | None:
    """Return the source of a region; None if it is already read or expired."""
    with tenant_scope(tenant_id):
        region = _pending_region(tenant_id, region_id)
        if region is None:
            return None
        page = Page.objects.only("image_key", "image_type", "original_number", "words", "width", "height").get(
            tenant_id=tenant_id, document_id=region.document_id, run=region.run, number=region.page
        )
        document = region.document
        return RegionSource(
            blob_key=document.blob_key,
            media_type=document.media_type,
            page=page.original_number or region.page,
            bbox=BoundingBox(*region.bbox),
            engines=(region.engine,) if region.engine else REGION_ENGINES,
            image_key=page.image_key,
            image_type=page.image_type,
            rotation=unpack_rotations(split_source_of(document).rotations).get(page.original_number or region.page, 0),
            quarter_turns=packed_page_orientation(page.width, page.height, page.words),
        )


def finish_region(*, tenant_id: TenantId, region_id: UUID, words: Sequence[Word]) -> None:
    """Store the result and publish it; idempotent."""
    text = " ".join(word.text for word in words)
    confidence = mean_word_confidence(tuple(words)) if words else None
    packed = [pack_word(word) for word in words]
    _finish_region(tenant_id, region_id, status="done", text=text, words=packed, confidence=confidence)


def fail_region(*, tenant_id: TenantId, region_id: UUID, code: str) -> None:
    """Mark the region as failed, with the reason."""
    _finish_region(tenant_id, region_id, status="failed", error_code=code[:24])


def delete_expired_regions(*, tenant_id: TenantId, at: datetime) -> int:
    """Delete expired regions; returns their number."""
    deleted, _ = RegionReading.objects.filter(tenant_id=tenant_id).expired(at).delete()
    return deleted


def _pending_region(tenant_id: TenantId, region_id: UUID) -> RegionReading | None:
    rows = RegionReading.objects.select_related("document").filter(tenant_id=tenant_id, id=region_id)
    return rows.waiting(timezone.now()).first()


def _finish_region(tenant_id: TenantId, region_id: UUID, *, status: str, **found: object) -> None:
    """Finish a region once; the event carries only ids, and the requester fetches the words."""
    with tenant_scope(tenant_id):
        region = _pending_region(tenant_id, region_id)
        if region is None:
            return
        for name, value in {"status": status, "finished_at": timezone.now(), **found}.items():
            setattr(region, name, value)
        region.save(update_fields=["status", "finished_at", *found])
        announce(LiveEvent("region.read", str(region_id), stage=status), document_group(region.document_id))
