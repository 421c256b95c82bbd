"""An urgent document overtakes a batch: Temporal applies priorities, as enabled at its start."""

import pytest

from ingestion.contracts import RunRef
from quality.services.rule_set import AssessmentConfig
from tests.support.ingest_harness import make_ingest_harness
from tests.support.text_reader import TextReader
from tests.workflows.temporal_harness import TemporalHarness, io_activities
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.relay_sender import priority_level

BATCH = 40  # Temporal divides a task queue into partitions and applies priorities within each


async def wait_until_queued(harness: TemporalHarness, ref: RunRef) -> None:
    """Wait until a document is in the queue for reading."""
    async for event in harness.handle(ref.workflow_id).fetch_history_events(wait_new_event=True):
        if event.HasField("activity_task_scheduled_event_attributes"):
            return


def test_urgent_document_overtakes_batch(idle_harness: TemporalHarness, assessment_engine: AssessmentConfig) -> None:
    """It arrives behind many others and is among the first to be read."""
    idle_harness.add_worker(queues.IO, *io_activities(assessment_engine))
    idle_harness.add_relay()
    ingest = make_ingest_harness()
    refs = [ingest.upload(f"INVOICE\nnumber {number}") for number in range(BATCH)]
    refs.append(ingest.upload("INVOICE\nurgent", priority=10))
    for ref in refs:
        idle_harness.activity_log.wait_for("begin", ref.workflow_id)
        idle_harness.call(wait_until_queued(idle_harness, ref))
    idle_harness.add_worker(queues.CPU, ReadingActivities(TextReader()).read_pages)
    for ref in refs:
        idle_harness.activity_log.wait_for("read_pages", ref.workflow_id)
    read = [workflow for name, workflow in idle_harness.activity_log.finished if name == "read_pages"]
    assert read.index(refs[-1].workflow_id) < BATCH / 2


@pytest.mark.parametrize(
    ("priority", "level"), [(10, 1), (8, 1), (7, 2), (1, 2), (0, 3), (-1, 4), (-5, 4), (-6, 5), (-10, 5), (-99, 5)]
)
def test_level_of_priority_has_five_levels(priority: int, level: int) -> None:
    """Priorities map to five levels; most documents have the middle one."""
    assert priority_level(priority) == level


def test_cpu_workers_also_serve_urgent_queue() -> None:
    """Each urgent queue is served once, after the selected queues."""
    assert queues.with_companions(["cpu", "io", "cpu"]) == ["cpu", "cpu-now", "io"]
