"""Activities alone: the engine's test environment, the real database, files as in the workflow tests."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from temporalio.testing import ActivityEnvironment

from ingestion.contracts import RunRef
from quality.services.rule_set import Engine
from tests.workflows.papers import Office, open_office
from tests.workflows.readers import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import DocumentOrder, ReadOrder


@pytest.fixture(autouse=True)
def quiet_channels(settings: Settings) -> None:
    """Live events stay in this process."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


@pytest.fixture
def office(db: None) -> Office:
    """A tenant with its schemas."""
    return open_office()


@pytest.fixture
def engine() -> Engine:
    """What judging needs; no code table."""
    return Engine(codes=lambda: None, audit_secret=b"test")


def order_of(ref: RunRef) -> DocumentOrder:
    """Give what travels of a run."""
    return DocumentOrder(str(ref.tenant_id), str(ref.document_id), ref.run)


def perform(step: Callable[..., Any], message: object, **info: Any) -> Any:  # noqa: ANN401 - any activity
    """Run an activity as the engine would, with changes to what it knows of itself."""
    environment = ActivityEnvironment()
    if info:
        environment.info = type(environment.info)(**{**vars(environment.info), **info})
    return environment.run(step, message)


def read(office: Office, text: str, engine: Engine, **options: object) -> RunRef:
    """Take a file in and bring it as far as its judgement."""
    ref = office.upload(text, **options)
    judge(ref, engine)
    return ref


def judge(ref: RunRef, engine: Engine) -> None:
    """Bring a file that was taken in as far as its judgement."""
    order = order_of(ref)
    steps = DocumentActivities(engine)
    perform(steps.begin, order)
    perform(ReadingActivities(TextReader()).read_pages, ReadOrder(order))
    perform(steps.assess, order)
