"""Who comes last and in a hurry does not wait for a batch: the engine heeds priorities, as its start-up asks."""

import pytest

from ingestion.contracts import RunRef
from quality.services.rule_set import Engine
from tests.workflows.conftest import io_activities
from tests.workflows.papers import open_office
from tests.workflows.plant import Plant
from tests.workflows.readers import TextReader
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.relay_sender import level_of

BATCH = 40  # the engine keeps a queue in several parts, each of which heeds priorities for itself


async def queued(plant: Plant, ref: RunRef) -> None:
    """Wait until a document stands in the queue of those that are to be read."""
    async for event in plant.handle(ref.workflow_id).fetch_history_events(wait_new_event=True):
        if event.HasField("activity_task_scheduled_event_attributes"):
            return


def test_an_urgent_document_overtakes_a_batch(idle_plant: Plant, engine: Engine) -> None:
    """It arrives behind many others, and is read among the first."""
    idle_plant.work(queues.IO, *io_activities(engine))
    idle_plant.relay()
    office = open_office()
    refs = [office.upload(f"INVOICE\nnumber {number}") for number in range(BATCH)]
    refs.append(office.upload("INVOICE\nurgent", priority=10))
    for ref in refs:
        idle_plant.watch.wait_for("begin", ref.workflow_id)
        idle_plant.call(queued(idle_plant, ref))
    idle_plant.work(queues.CPU, ReadingActivities(TextReader()).read_pages)
    for ref in refs:
        idle_plant.watch.wait_for("read_pages", ref.workflow_id)
    read = [workflow for name, workflow in idle_plant.watch.seen if name == "read_pages"]
    assert read.index(refs[-1].workflow_id) < BATCH / 2


@pytest.mark.parametrize(
    ("priority", "level"), [(10, 1), (8, 1), (7, 2), (1, 2), (0, 3), (-1, 4), (-5, 4), (-6, 5), (-10, 5), (-99, 5)]
)
def test_what_uploaders_ask_for_becomes_a_level(priority: int, level: int) -> None:
    """Five of them; most documents have the middle one."""
    assert level_of(priority) == level


def test_the_cpu_workers_serve_what_people_wait_for() -> None:
    """Once each, after what was chosen."""
    assert queues.served_by(["cpu", "io", "cpu"]) == ["cpu", "cpu-now", "io"]
