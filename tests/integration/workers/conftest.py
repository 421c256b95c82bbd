"""Single activities: Temporal's test environment, the real database, files as in the workflow tests."""

import pytest
from pytest_django import Settings

from quality.services.rule_set import AssessmentConfig
from tests.support.ingest_harness import IngestHarness, make_ingest_harness


@pytest.fixture(autouse=True)
def in_memory_channels(settings: Settings) -> None:
    """Keep live events in this process."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


@pytest.fixture
def ingest(db: None) -> IngestHarness:
    """Return a tenant with its schemas."""
    return make_ingest_harness()


@pytest.fixture
def assessment_engine() -> AssessmentConfig:
    """Return the assessment configuration without code tables."""
    return AssessmentConfig(codes=lambda: None, audit_secret=b"test")
