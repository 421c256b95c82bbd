"""One real Temporal server for the whole run, and a harness for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from temporalio.client import Client

from quality.services.rule_set import AssessmentConfig
from refinery.stack.services import PostgresServer, TemporalServer, start_temporal
from refinery.stack.temporal_binary import find_temporal
from tests.support.text_reader import InProcessUnpacker, TextReader
from tests.workflows.temporal_harness import Connect, TemporalHarness, io_activities
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.activities.unpack_container import ContainerActivities
from workers.codec import data_converter


@pytest.fixture(scope="session")
def temporal(run_folder: Path) -> Iterator[TemporalServer]:
    """Start the real Temporal server on a file database."""
    server = start_temporal(run_folder / "temporal", find_temporal(lambda _: None))
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def in_memory_channels(settings: Settings) -> None:
    """Keep live events in this process."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.UNDO_GRACE_SECONDS = 0


@pytest.fixture
def connect(temporal: TemporalServer) -> Connect:
    """Return a function that connects to Temporal with encrypted payloads, as in production."""

    async def connect_to_temporal() -> Client:
        return await Client.connect(temporal.address, namespace=temporal.namespace, data_converter=data_converter())

    return connect_to_temporal


@pytest.fixture
def assessment_engine() -> AssessmentConfig:
    """Return the assessment configuration without code tables, whose checks return UNKNOWN."""
    return AssessmentConfig(codes=lambda: None, audit_secret=b"test")


@pytest.fixture
def reader() -> TextReader:
    """Return the reader of test files."""
    return TextReader()


@pytest.fixture
def idle_harness(committed_db: None, connect: Connect, postgres: PostgresServer) -> Iterator[TemporalHarness]:
    """Yield a harness to which the test adds its workers."""
    made = TemporalHarness(connect, postgres.url_app)
    yield made
    made.close()


@pytest.fixture
def harness(idle_harness: TemporalHarness, assessment_engine: AssessmentConfig, reader: TextReader) -> TemporalHarness:
    """Yield a harness with a relay and workers for all steps of a document, using the reader of test files."""
    idle_harness.add_worker(queues.IO, *io_activities(assessment_engine))
    containers = ContainerActivities(InProcessUnpacker())
    idle_harness.add_worker(
        queues.CPU, ReadingActivities(reader).read_pages, containers.unpack, containers.skip_attachments
    )
    idle_harness.add_relay()
    return idle_harness
