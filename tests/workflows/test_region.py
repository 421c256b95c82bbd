"""Regions on Temporal: read on a separate queue, or failed with a code."""

import asyncio
from pathlib import Path

import pytest
from channels.layers import get_channel_layer

from ingestion.contracts import RegionRequest
from ingestion.domain.errors import CorruptFile, NeedsPassword
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.ports import ReadingOptions
from ingestion.models import Document, RegionReading
from ingestion.services.regions import request_region_reading
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from refinery.core.web.live_events import document_group
from tests.support.factories.documents import PIXEL, make_document
from tests.support.ingest_harness import IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness
from workers import queues
from workers.activities.read_region import RegionActivities, RegionRecords

REGION_BOX = BoundingBox(0.1, 0.1, 0.4, 0.2)


class FakeRegionReader:
    """RegionReader: `b"broken"` raises an error, `b"locked"` requires a password, anything else is read."""

    def __init__(self) -> None:
        """Start without requests."""
        self.asked: list[tuple[bytes, int, ReadingOptions]] = []

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Return one word."""
        content = source.read_bytes()
        self.asked.append((content, page, options))
        if content == b"broken":
            raise CorruptFile("This file says: secret.")
        if content == b"locked":
            raise NeedsPassword
        return (Word("237.21", bbox, 0.9, WordSource.RAPIDOCR, 0),)


@pytest.fixture
def reader(idle_harness: TemporalHarness) -> FakeRegionReader:
    """Start workers for regions only; no worker polls the queue of batches."""
    reader = FakeRegionReader()
    idle_harness.add_worker(queues.IO, RegionRecords().give_up)
    idle_harness.add_worker(queues.INTERACTIVE, RegionActivities(reader).read_region)
    idle_harness.add_relay()
    return reader


@pytest.fixture
def ingest(idle_harness: TemporalHarness) -> IngestHarness:
    """Return a tenant."""
    return make_ingest_harness()


def request_region(ingest: IngestHarness, content: bytes, engine: str = "") -> RegionReading:
    """Request a region of a document's only page."""
    document = make_document(ingest.tenant, content=content)
    actor = ingest.tenant.actor(Role.REVIEWER)
    with tenant_scope(ingest.tenant_id):
        return request_region_reading(actor=actor, request=RegionRequest(document.id, 1, REGION_BOX, engine))


def region_row(ingest: IngestHarness, region: RegionReading) -> RegionReading:
    """Return the current row."""
    with tenant_scope(ingest.tenant_id):
        return RegionReading.objects.get(pk=region.pk)


def test_region_is_read_on_its_own_queue(
    idle_harness: TemporalHarness, reader: FakeRegionReader, ingest: IngestHarness
) -> None:
    """The words of the requested engine are stored."""
    region = request_region(ingest, b"paper", engine="tesseract")
    assert idle_harness.result(f"region/{region.id}") == "done"
    found = region_row(ingest, region)
    assert (found.status, found.text, found.confidence) == ("done", "237.21", 0.9)
    content, page, options = reader.asked[0]
    assert (content, page, options.engines, options.media_type) == (b"paper", 1, ("tesseract",), "application/pdf")


def test_region_of_encrypted_original_uses_page_image(
    idle_harness: TemporalHarness, reader: FakeRegionReader, ingest: IngestHarness
) -> None:
    """The password is not stored, but the page image is."""
    region = request_region(ingest, b"locked")
    assert idle_harness.result(f"region/{region.id}") == "done"
    assert [(content, page) for content, page, _ in reader.asked] == [(b"locked", 1), (PIXEL, 1)]
    assert reader.asked[1][2].media_type == "image/png"


def test_region_failure_is_reported_by_code(
    idle_harness: TemporalHarness, reader: FakeRegionReader, ingest: IngestHarness
) -> None:
    """The failure has a code and is published once, so that no client keeps waiting."""
    region = request_region(ingest, b"broken")
    assert idle_harness.result(f"region/{region.id}") == "failed"
    assert (region_row(ingest, region).status, region_row(ingest, region).error_code) == ("failed", "corrupt")
    assert len(reader.asked) == 1


def test_region_of_erased_document_reads_nothing(
    idle_harness: TemporalHarness, reader: FakeRegionReader, ingest: IngestHarness
) -> None:
    """Nothing is read."""
    document = make_document(ingest.tenant, content=b"paper")
    with tenant_scope(ingest.tenant_id):
        request = RegionRequest(document.id, 1, REGION_BOX)
        region = request_region_reading(actor=ingest.tenant.actor(Role.REVIEWER), request=request)
        Document.objects.filter(pk=document.id).delete()
    assert idle_harness.result(f"region/{region.id}") == "over"
    assert reader.asked == []


def test_region_event_contains_id_but_no_text(
    idle_harness: TemporalHarness, reader: FakeRegionReader, ingest: IngestHarness
) -> None:
    """The event contains the region's id; clients fetch the text."""
    document = make_document(ingest.tenant, content=b"paper")
    layer = get_channel_layer()
    assert layer is not None

    async def watched() -> dict[str, object]:
        channel = await layer.new_channel()
        await layer.group_add(document_group(document.id), channel)
        ready.set()
        message = await layer.receive(channel)
        return dict(message["event"])

    ready = asyncio.Event()
    heard = asyncio.run_coroutine_threadsafe(watched(), idle_harness.loop)
    idle_harness.call(ready.wait())
    with tenant_scope(ingest.tenant_id):
        request = RegionRequest(document.id, 1, REGION_BOX)
        region = request_region_reading(actor=ingest.tenant.actor(Role.REVIEWER), request=request)
    event = heard.result(60)
    assert (event["type"], event["id"], event["stage"]) == ("region.read", str(region.id), "done")
    assert "237.21" not in str(event)
