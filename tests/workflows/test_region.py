"""A region on the real engine: read on a queue of its own, and ended with a word where it cannot be."""

import asyncio
from pathlib import Path

import pytest
from channels.layers import get_channel_layer

from ingestion.contracts import RegionRequest
from ingestion.domain.errors import CorruptFile, NeedsPassword
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.ports import ReadingOptions
from ingestion.models import Document, RegionReading
from ingestion.services.regions import reread_region
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from refinery.core.web.live_events import document_group
from tests.factories.documents import PIXEL, make_document
from tests.workflows.papers import Office, open_office
from tests.workflows.plant import Plant
from workers import queues
from workers.activities.read_region import RegionActivities, RegionRecords

PLACE = BoundingBox(0.1, 0.1, 0.4, 0.2)


class Reader:
    """Implements ports.RegionReader: `b"broken"` breaks it, `b"locked"` asks for a password, else it reads."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.asked: list[tuple[bytes, int, ReadingOptions]] = []

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Give one word."""
        content = source.read_bytes()
        self.asked.append((content, page, options))
        if content == b"broken":
            raise CorruptFile("This file says: secret.")
        if content == b"locked":
            raise NeedsPassword
        return (Word("237.21", bbox, 0.9, WordSource.RAPIDOCR, 0),)


@pytest.fixture
def reader(idle_plant: Plant) -> Reader:
    """Workers for regions alone: nobody polls the queue of batches."""
    reader = Reader()
    idle_plant.work(queues.IO, RegionRecords().give_up)
    idle_plant.work(queues.NOW, RegionActivities(reader).read_region)
    idle_plant.relay()
    return reader


@pytest.fixture
def office(idle_plant: Plant) -> Office:
    """A tenant."""
    return open_office()


def ask(office: Office, content: bytes, engine: str = "") -> RegionReading:
    """Ask for a place on a document's only page."""
    document = make_document(office.house, content=content)
    actor = office.house.actor(Role.REVIEWER)
    with tenant_scope(office.tenant_id):
        return reread_region(actor=actor, request=RegionRequest(document.id, 1, PLACE, engine))


def ended(office: Office, region: RegionReading) -> RegionReading:
    """Read the row again."""
    with tenant_scope(office.tenant_id):
        return RegionReading.objects.get(pk=region.pk)


def test_a_region_is_read_beside_the_batches(idle_plant: Plant, reader: Reader, office: Office) -> None:
    """The words are kept, by the engine that was asked for."""
    region = ask(office, b"paper", engine="tesseract")
    assert idle_plant.result(f"region/{region.id}") == "done"
    found = ended(office, region)
    assert (found.status, found.text, found.confidence) == ("done", "237.21", 0.9)
    content, page, options = reader.asked[0]
    assert (content, page, options.engines, options.media_type) == (b"paper", 1, ("tesseract",), "application/pdf")


def test_a_locked_original_is_read_from_its_picture(idle_plant: Plant, reader: Reader, office: Office) -> None:
    """Its password is not kept, what it looks like is."""
    region = ask(office, b"locked")
    assert idle_plant.result(f"region/{region.id}") == "done"
    assert [(content, page) for content, page, _ in reader.asked] == [(b"locked", 1), (PIXEL, 1)]
    assert reader.asked[1][2].media_type == "image/png"


def test_a_reading_that_fails_says_so(idle_plant: Plant, reader: Reader, office: Office) -> None:
    """By its code, once, and nobody waits on."""
    region = ask(office, b"broken")
    assert idle_plant.result(f"region/{region.id}") == "failed"
    assert (ended(office, region).status, ended(office, region).error_code) == ("failed", "corrupt")
    assert len(reader.asked) == 1


def test_a_region_of_an_erased_document_is_over(idle_plant: Plant, reader: Reader, office: Office) -> None:
    """Nothing is read."""
    document = make_document(office.house, content=b"paper")
    with tenant_scope(office.tenant_id):
        request = RegionRequest(document.id, 1, PLACE)
        region = reread_region(actor=office.house.actor(Role.REVIEWER), request=request)
        Document.objects.filter(pk=document.id).delete()
    assert idle_plant.result(f"region/{region.id}") == "over"
    assert reader.asked == []


def test_who_watches_the_document_is_told_without_a_word_of_it(
    idle_plant: Plant, reader: Reader, office: Office
) -> None:
    """The event holds the region's id; its text is fetched."""
    document = make_document(office.house, content=b"paper")
    layer = get_channel_layer()
    assert layer is not None

    async def watched() -> dict[str, object]:
        channel = await layer.new_channel()
        await layer.group_add(document_group(document.id), channel)
        ready.set()
        message = await layer.receive(channel)
        return dict(message["event"])

    ready = asyncio.Event()
    heard = asyncio.run_coroutine_threadsafe(watched(), idle_plant.loop)
    idle_plant.call(ready.wait())
    with tenant_scope(office.tenant_id):
        request = RegionRequest(document.id, 1, PLACE)
        region = reread_region(actor=office.house.actor(Role.REVIEWER), request=request)
    event = heard.result(60)
    assert (event["type"], event["id"], event["stage"]) == ("region.read", str(region.id), "done")
    assert "237.21" not in str(event)
