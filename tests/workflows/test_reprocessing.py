"""Reprocessing on Temporal: read next to the current run, compared, and applied without another reading."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from ingestion.adapters.ocr.trocr import WeightsMissing
from ingestion.contracts import ReprocessingOptions, RunRef
from ingestion.models import Page, ReprocessingRun
from ingestion.services.reprocessings import apply_reprocessing
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness
from tests.support.reprocessing import FakeThirdEngine, ThoroughReader, queue_reprocessing
from tests.workflows.temporal_harness import TemporalHarness, io_activities
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.activities.reprocess_document import ReprocessingActivities, ReprocessingRecords
from workers.activities.third_engine_lines import ThirdEngineActivities


@pytest.fixture
def reader() -> ThoroughReader:
    """Return the reader of a test."""
    return ThoroughReader()


@pytest.fixture
def reprocessing_harness(
    idle_harness: TemporalHarness, assessment_engine: AssessmentConfig, reader: ThoroughReader
) -> TemporalHarness:
    """Start workers for documents and reprocessing runs."""
    return start_workers(idle_harness, assessment_engine, reader)


def start_workers(harness: TemporalHarness, engine: AssessmentConfig, reader: ThoroughReader) -> TemporalHarness:
    """Start the workers that the test documents need."""
    records = ReprocessingRecords()
    harness.add_worker(queues.IO, *io_activities(engine), records.complete_reprocessing, records.give_up_reprocessing)
    harness.add_worker(queues.CPU, ReadingActivities(reader).read_pages, ReprocessingActivities(reader).reprocess_pages)
    harness.add_relay()
    return harness


def reprocessing_row(ingest: IngestHarness, reprocessing_id: UUID) -> ReprocessingRun:
    """Return the current row."""
    with tenant_scope(ingest.tenant_id):
        return ReprocessingRun.objects.get(pk=reprocessing_id)


def test_reprocessing_is_read_compared_and_applied(
    reprocessing_harness: TemporalHarness, reader: ThoroughReader
) -> None:
    """The previous run's workflow ends as superseded; the next run's workflow assesses without a reader."""
    ingest = make_ingest_harness()
    ref = ingest.upload(f"{INVOICE}\fsecond page")
    reprocessing_harness.activity_log.wait_for("assess", ref.workflow_id)
    reprocessing_harness.wait_for_timer(ref.workflow_id)
    reprocessing_id = queue_reprocessing(ingest, ref).id
    assert reprocessing_harness.result(f"reprocessing/{reprocessing_id}") == "ready"
    row = reprocessing_row(ingest, reprocessing_id)
    assert [change["changed"] for change in row.page_changes] == [1, 0]
    assert ingest.document(ref).status == "IN_REVIEW"
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        apply_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=reprocessing_id)
    following = RunRef(ref.tenant_id, ref.document_id, 2)
    reprocessing_harness.activity_log.wait_for("assess", following.workflow_id)
    assert reprocessing_harness.result(ref.workflow_id) == "SUPERSEDED"
    assert reader.opened == 2
    document = ingest.document(following)
    assert (document.run, document.status, document.pages, document.pages_failed) == (2, "IN_REVIEW", 2, 0)
    with tenant_scope(ingest.tenant_id):
        assert "INV-2047" in [word["text"] for word in Page.objects.get(run=2, number=1).words]


def test_reprocessing_failure_ends_with_reason(reprocessing_harness: TemporalHarness) -> None:
    """It fails at once and leaves the document unchanged."""
    ingest = make_ingest_harness()
    ref = ingest.upload(f"{INVOICE}\fbreaks when it is looked at closely")
    reprocessing_harness.activity_log.wait_for("assess", ref.workflow_id)
    before = ingest.document(ref)
    reprocessing_id = queue_reprocessing(ingest, ref).id
    assert reprocessing_harness.result(f"reprocessing/{reprocessing_id}") == "failed"
    row = reprocessing_row(ingest, reprocessing_id)
    assert (row.status, row.error_code) == ("failed", "corrupt")
    after = ingest.document(ref)
    assert (after.status, after.run, after.version) == (before.status, before.run, before.version)
    with tenant_scope(ingest.tenant_id):
        assert not Page.objects.filter(run=2).exists()


def test_reprocessing_third_engine_runs_on_gpu_queue(
    reprocessing_harness: TemporalHarness, reader: ThoroughReader, settings: Settings
) -> None:
    """The third engine reads the lines of the usual engines before anything is compared."""
    settings.THIRD_ENGINE = True
    reader.scanned = True
    third = FakeThirdEngine("Aldgate Parer Ltd")
    reprocessing_harness.add_worker(queues.GPU, ThirdEngineActivities(third).read_reprocessing_lines)
    ingest = make_ingest_harness()
    ref = ingest.upload(INVOICE)
    reprocessing_harness.activity_log.wait_for("assess", ref.workflow_id)
    reprocessing_id = queue_reprocessing(ingest, ref, ReprocessingOptions("standard", ("trocr",))).id
    assert reprocessing_harness.result(f"reprocessing/{reprocessing_id}") == "ready"
    with tenant_scope(ingest.tenant_id):
        assert Page.objects.get(run=2).words[1]["text"] == "Parer"
    assert reprocessing_row(ingest, reprocessing_id).page_changes[0]["changed"] > 0


def test_reprocessing_by_third_engine_fails_without_its_lines(
    reprocessing_harness: TemporalHarness, reader: ThoroughReader, settings: Settings
) -> None:
    """The usual engines' reading is not reported as the third engine's."""
    settings.THIRD_ENGINE = True
    reader.scanned = True

    class FailingThirdEngine:
        def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
            raise WeightsMissing

    reprocessing_harness.add_worker(queues.GPU, ThirdEngineActivities(FailingThirdEngine()).read_reprocessing_lines)
    ingest = make_ingest_harness()
    ref = ingest.upload(INVOICE)
    reprocessing_harness.activity_log.wait_for("assess", ref.workflow_id)
    reprocessing_id = queue_reprocessing(ingest, ref, ReprocessingOptions("standard", ("trocr",))).id
    assert reprocessing_harness.result(f"reprocessing/{reprocessing_id}") == "failed"
    with tenant_scope(ingest.tenant_id):
        assert not Page.objects.filter(run=2).exists()
