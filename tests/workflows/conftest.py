"""The real engine for the whole run, and the plant of each test beside it."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django import Settings
from temporalio.client import Client

from ingestion.domain.ports import VirusScanner
from quality.services.rule_set import Engine
from refinery.stack.services import PostgresServer, TemporalServer, start_temporal
from refinery.stack.temporal_binary import find_temporal
from tests.workflows.plant import Plant
from tests.workflows.readers import OpenUnpacker, TextReader
from workers import queues
from workers.activities.deliver_webhook import WebhookActivities
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.review_steps import DeskActivities
from workers.activities.split_document import SplitActivities
from workers.activities.train_model import TrainingRecords
from workers.activities.unpack_container import ContainerActivities
from workers.codec import data_converter

Connect = Callable[[], Coroutine[Any, Any, Client]]


@pytest.fixture(scope="session")
def temporal(folder: Path) -> Iterator[TemporalServer]:
    """Start the real engine on a file database."""
    server = start_temporal(folder / "temporal", find_temporal(lambda _: None))
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def in_memory_channels(settings: Settings) -> None:
    """Live events stay in this process."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.UNDO_GRACE_SECONDS = 0


@pytest.fixture
def connect(temporal: TemporalServer) -> Connect:
    """Give the way to the engine, with payloads encrypted as in production."""

    async def to_engine() -> Client:
        return await Client.connect(
            temporal.address, namespace=temporal.namespace, data_converter=data_converter(settings.SECRET_KEY)
        )

    return to_engine


@pytest.fixture
def engine() -> Engine:
    """What judging needs; no code table, whose checks then answer UNKNOWN."""
    return Engine(codes=lambda: None, audit_secret=b"test")


@pytest.fixture
def reader() -> TextReader:
    """The reader of test files."""
    return TextReader()


def io_activities(engine: Engine, scanner: VirusScanner | None = None) -> list[Callable[..., Any]]:
    """All steps of the io queue."""
    owners = (
        DocumentActivities(engine, scanner),
        DeskActivities(engine),
        SplitActivities(),
        WebhookActivities(),
        TrainingRecords(),
    )
    return [
        getattr(owner, name)
        for owner in owners
        for name, member in vars(type(owner)).items()
        if hasattr(member, "__temporal_activity_definition")
    ]


@pytest.fixture
def idle_plant(committed_db: None, connect: Connect, postgres: PostgresServer) -> Iterator[Plant]:
    """A plant to which a test adds its own workers."""
    made = Plant(connect, postgres.url_app)
    yield made
    made.close()


@pytest.fixture
def plant(idle_plant: Plant, engine: Engine, reader: TextReader) -> Plant:
    """Relay and workers for all of a document's way, with the reader of test files."""
    idle_plant.work(queues.IO, *io_activities(engine))
    boxes = ContainerActivities(OpenUnpacker())
    idle_plant.work(queues.CPU, ReadingActivities(reader).read_pages, boxes.unpack, boxes.leave_attachments)
    idle_plant.relay()
    return idle_plant
