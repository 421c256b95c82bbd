"""Record the histories that test_replay replays: `pytest tests/workflows/record_histories.py`.

Not collected with the tests. Record anew only together with a change that workflows in flight survive
(`workflow.patched`) and keep the old files: they are the workflows that run somewhere.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from temporalio.client import Client

from ingestion.models import Document
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from refinery.core.webhooks.services import new_secret
from refinery.stack.services import TemporalServer
from review.domain.lifecycle import Verdict
from tests.workflows.conftest import Connect
from tests.workflows.papers import INVOICE, Office, open_office
from tests.workflows.plant import Plant
from tests.workflows.test_candidate import OtherReader, start_workers
from tests.workflows.test_candidate import ask as ask_candidate
from tests.workflows.test_training import FixedRuntime, ask, label
from tests.workflows.test_webhooks import receiver, send
from workers import policies, queues
from workers.activities.train_model import TrainingActivities

HISTORIES = Path(__file__).parent / "histories"
LOOK = "look_at_desk"


@pytest.fixture
def connect(temporal: TemporalServer) -> Connect:
    """Record in the clear: what is committed can be read."""

    async def to_engine() -> Client:
        return await Client.connect(temporal.address, namespace=temporal.namespace)

    return to_engine


@pytest.fixture
def office(plant: Plant) -> Office:
    """A tenant beside a running plant."""
    return open_office()


def keep(plant: Plant, name: str, workflow_id: str) -> None:
    """Write a workflow's history down."""
    history = plant.call(plant.handle(workflow_id).fetch_history())
    HISTORIES.mkdir(exist_ok=True)
    (HISTORIES / f"{name}.json").write_text(json.dumps(scrubbed(json.loads(history.to_json())), indent=1) + "\n")


def scrubbed(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Take out what tells of the machine that recorded."""
    if isinstance(value, dict):
        return {name: scrubbed(inner) for name, inner in value.items() if name not in {"identity", "stackTrace"}}
    if isinstance(value, str) and "@" in value:
        return "worker"
    return [scrubbed(inner) for inner in value] if isinstance(value, list) else value


def test_record_reviewed(plant: Plant, office: Office, settings: Settings) -> None:
    """Read, judged, decided, undone, decided again, settled."""
    settings.UNDO_GRACE_SECONDS = 3600
    ref = office.upload()
    plant.watch.wait_for(LOOK, ref.workflow_id)
    task_id = office.decide(ref)
    plant.watch.wait_for(LOOK, ref.workflow_id, 2)
    office.undo(task_id)
    plant.watch.wait_for(LOOK, ref.workflow_id, 3)
    settings.UNDO_GRACE_SECONDS = 0
    office.decide(ref, Verdict.REJECT)
    plant.result(ref.workflow_id)
    keep(plant, "document-reviewed", ref.workflow_id)


def test_record_password(plant: Plant, office: Office) -> None:
    """A wrong password, the right one, and still waiting for a decision."""
    ref = office.upload(f"password: sesame\n{INVOICE}")
    plant.watch.wait_for(LOOK, ref.workflow_id)
    office.give_password(ref, "wrong")
    plant.watch.wait_for(LOOK, ref.workflow_id, 3)
    office.give_password(ref, "sesame")
    plant.watch.wait_for("assess", ref.workflow_id)
    plant.watch.wait_for(LOOK, ref.workflow_id, 5)
    keep(plant, "document-password", ref.workflow_id)


def test_record_quarantined(plant: Plant, office: Office) -> None:
    """Poison."""
    ref = office.upload("!bug")
    plant.result(ref.workflow_id)
    keep(plant, "document-poison", ref.workflow_id)


def test_record_split(plant: Plant, office: Office) -> None:
    """A stack of two, parted; and its first part, which begins at its judgement and waits for a person."""
    ref = office.upload(f"{INVOICE}\fPATCHT\f{INVOICE}")
    plant.result(ref.workflow_id)
    keep(plant, "document-split", ref.workflow_id)
    with tenant_scope(office.tenant_id):
        part = Document.objects.get(parent_id=ref.document_id, part=1)
    plant.watch.wait_for(LOOK, f"doc/{part.id}/1")
    keep(plant, "document-part", f"doc/{part.id}/1")


def test_record_candidate(idle_plant: Plant, engine: Engine) -> None:
    """Read again by other means, and weighed; and one that could not be."""
    works = start_workers(idle_plant, engine, OtherReader())
    house = open_office()
    ref = house.upload(f"{INVOICE}\fsecond page")
    works.watch.wait_for("assess", ref.workflow_id)
    ready = f"rereading/{ask_candidate(house, ref)}"
    assert works.result(ready) == "ready"
    keep(works, "candidate", ready)
    broken = house.upload(f"{INVOICE}\fbreaks when it is looked at closely")
    works.watch.wait_for("assess", broken.workflow_id)
    failed = f"rereading/{ask_candidate(house, broken)}"
    assert works.result(failed) == "failed"
    keep(works, "candidate-failed", failed)


def test_record_webhook(plant: Plant, office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused twice, then taken."""
    settings.WEBHOOK_LOOPBACK = True
    monkeypatch.setattr(policies, "WEBHOOK_PAUSES", (0.1, 0.1))
    with receiver(500, 500, 200) as server:
        sent = send(office, server.url, new_secret())
        plant.result(f"webhook/{sent}")
    keep(plant, "webhook-tried-again", f"webhook/{sent}")


def test_record_training(plant: Plant, office: Office) -> None:
    """Trained and offered."""
    plant.work(queues.GPU, TrainingActivities(FixedRuntime()).train)
    label(office, 30, wrong=6)
    run = ask(office)
    plant.result(f"train/{office.tenant_id}/{run.id}")
    keep(plant, "training", f"train/{office.tenant_id}/{run.id}")
