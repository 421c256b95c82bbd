"""Record the histories that test_replay replays: `pytest tests/workflows/record_histories.py`.

Not collected with the tests. Every workflow has at least one history. After a release, record again only together
with a change that workflows in flight survive (`workflow.patched`), and keep the old files: they represent running
workflows.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from temporalio.client import Client

from ingestion.models import Document
from ingestion.services.exports import request_export
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.services import new_secret
from refinery.stack.services import TemporalServer
from review.domain.lifecycle import ReviewVerdict
from review.services.reopen import reopen_document
from tests.support.factories.documents import make_document
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness
from tests.support.reprocessing import ThoroughReader, queue_reprocessing
from tests.workflows.temporal_harness import Connect, TemporalHarness
from tests.workflows.test_export import FakeArtefactMaker
from tests.workflows.test_region import FakeRegionReader, request_region
from tests.workflows.test_reprocessing import start_workers
from tests.workflows.test_training import FixedRuntime, ask_for_training, label_fields
from tests.workflows.test_webhooks import running_receiver, send_event
from workers import policies, queues
from workers.activities.make_export import ExportActivities
from workers.activities.read_region import RegionActivities, RegionRecords
from workers.activities.train_model import TrainingActivities
from workers.activities.upkeep import UpkeepActivities

HISTORIES = Path(__file__).parent / "histories"
REVIEW_ACTIVITY = "load_wait_state"


@pytest.fixture
def connect(temporal: TemporalServer) -> Connect:
    """Record payloads in plain text, so that the committed files are readable."""

    async def to_engine() -> Client:
        return await Client.connect(temporal.address, namespace=temporal.namespace)

    return to_engine


@pytest.fixture
def ingest(harness: TemporalHarness) -> IngestHarness:
    """Return a tenant with a running harness."""
    return make_ingest_harness()


def write_history(harness: TemporalHarness, name: str, workflow_id: str) -> None:
    """Write a workflow's history to its file."""
    history = harness.call(harness.handle(workflow_id).fetch_history())
    HISTORIES.mkdir(exist_ok=True)
    (HISTORIES / f"{name}.json").write_text(
        json.dumps(without_machine_details(json.loads(history.to_json())), indent=1) + "\n"
    )


def without_machine_details(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Remove details of the recording machine."""
    if isinstance(value, dict):
        return {
            name: without_machine_details(inner)
            for name, inner in value.items()
            if name not in {"identity", "stackTrace"}
        }
    if isinstance(value, str) and "@" in value:
        return "worker"
    return [without_machine_details(inner) for inner in value] if isinstance(value, list) else value


def test_record_reviewed(harness: TemporalHarness, ingest: IngestHarness, settings: Settings) -> None:
    """Record: read, assess, decide, undo, decide again, settle."""
    settings.UNDO_GRACE_SECONDS = 3600
    ref = ingest.upload()
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    task_id = ingest.decide(ref)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 2)
    ingest.undo(task_id)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 3)
    settings.UNDO_GRACE_SECONDS = 0
    ingest.decide(ref, ReviewVerdict.REJECT)
    harness.result(ref.workflow_id)
    write_history(harness, "document-reviewed", ref.workflow_id)


def test_record_password(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Record: a wrong password, the correct one, then waiting for a decision."""
    ref = ingest.upload(f"password: sesame\n{INVOICE}")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    ingest.give_password(ref, "wrong")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 3)
    ingest.give_password(ref, "sesame")
    harness.activity_log.wait_for("assess", ref.workflow_id)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 5)
    write_history(harness, "document-password", ref.workflow_id)


def test_record_quarantined(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Record: quarantine of a poison file."""
    ref = ingest.upload("!bug")
    harness.result(ref.workflow_id)
    write_history(harness, "document-poison", ref.workflow_id)


def test_record_split(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Record: a stack of two is split; its first child document begins at assessment and waits for review."""
    ref = ingest.upload(f"{INVOICE}\fPATCHT\f{INVOICE}")
    harness.result(ref.workflow_id)
    write_history(harness, "document-split", ref.workflow_id)
    with tenant_scope(ingest.tenant_id):
        part = Document.objects.get(parent_id=ref.document_id, part=1)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, f"doc/{part.id}/1")
    write_history(harness, "document-child", f"doc/{part.id}/1")


def test_record_reprocessing(idle_harness: TemporalHarness, assessment_engine: AssessmentConfig) -> None:
    """Record: one reprocessing run that is compared, and one that fails."""
    harness = start_workers(idle_harness, assessment_engine, ThoroughReader())
    ingest = make_ingest_harness()
    ref = ingest.upload(f"{INVOICE}\fsecond page")
    harness.activity_log.wait_for("assess", ref.workflow_id)
    ready = f"reprocessing/{queue_reprocessing(ingest, ref).id}"
    assert harness.result(ready) == "ready"
    write_history(harness, "reprocessing", ready)
    broken = ingest.upload(f"{INVOICE}\fbreaks when it is looked at closely")
    harness.activity_log.wait_for("assess", broken.workflow_id)
    failed = f"reprocessing/{queue_reprocessing(ingest, broken).id}"
    assert harness.result(failed) == "failed"
    write_history(harness, "reprocessing-failed", failed)


def test_record_webhook(
    harness: TemporalHarness, ingest: IngestHarness, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Record: a delivery rejected twice, then accepted."""
    settings.WEBHOOK_LOOPBACK = True
    monkeypatch.setattr(policies, "WEBHOOK_RETRY_SECONDS", (0.1, 0.1))
    with running_receiver(500, 500, 200) as server:
        sent = send_event(ingest, server.url, new_secret())
        harness.result(f"webhook/{sent}")
    write_history(harness, "webhook-tried-again", f"webhook/{sent}")


def test_record_training(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Record: a model is trained and offered as a candidate."""
    harness.add_worker(queues.GPU, TrainingActivities(FixedRuntime()).train)
    label_fields(ingest, 30, wrong=6)
    run = ask_for_training(ingest)
    harness.result(f"train/{ingest.tenant_id}/{run.id}")
    write_history(harness, "training", f"train/{ingest.tenant_id}/{run.id}")


def test_record_review(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Record: a decided document is reopened by a manager and decided again."""
    ref = ingest.upload()
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    ingest.decide(ref)
    harness.result(ref.workflow_id)
    with tenant_scope(ingest.tenant_id):
        opened = reopen_document(
            actor=ingest.tenant.actor(Role.MANAGER), document_id=ref.document_id, reason="recorded"
        )
    reopened = f"review/{opened.task_id}"
    harness.activity_log.wait_for(REVIEW_ACTIVITY, reopened)
    ingest.decide(ref, ReviewVerdict.REJECT)
    assert harness.result(reopened) == "REJECTED"
    write_history(harness, "review", reopened)


def test_record_export(idle_harness: TemporalHarness) -> None:
    """Record: one export that succeeds and one that fails."""
    exports = ExportActivities({"pdf": FakeArtefactMaker()})
    idle_harness.add_worker(queues.IO)
    idle_harness.add_worker(queues.CPU, exports.make, exports.give_up)
    idle_harness.add_relay()
    ingest = make_ingest_harness()
    for filename, status, name in (("sound", "done", "export"), ("broken", "failed", "export-failed")):
        document = make_document(ingest.tenant, filename=filename)
        with tenant_scope(ingest.tenant_id):
            artefact = request_export(actor=ingest.tenant.actor(Role.OPERATOR), document_id=document.id, form="pdf")
        assert idle_harness.result(f"export/{artefact.id}") == status
        write_history(idle_harness, name, f"export/{artefact.id}")


def test_record_region(idle_harness: TemporalHarness) -> None:
    """Record: one region that is read and one that fails."""
    idle_harness.add_worker(queues.IO, RegionRecords().give_up)
    idle_harness.add_worker(queues.INTERACTIVE, RegionActivities(FakeRegionReader()).read_region)
    idle_harness.add_relay()
    ingest = make_ingest_harness()
    for content, status, name in ((b"paper", "done", "region"), (b"broken", "failed", "region-failed")):
        region = request_region(ingest, content)
        assert idle_harness.result(f"region/{region.id}") == status
        write_history(idle_harness, name, f"region/{region.id}")


def test_record_upkeep(idle_harness: TemporalHarness) -> None:
    """Record: one upkeep run over one tenant."""
    upkeep = UpkeepActivities()
    idle_harness.add_worker(queues.IO, upkeep.seal_logs, upkeep.forget_counters, upkeep.forget_regions)
    make_ingest_harness()
    idle_harness.call(idle_harness.client.execute_workflow("upkeep", id="upkeep", task_queue=queues.IO))
    write_history(idle_harness, "upkeep", "upkeep")


def test_record_prune(idle_harness: TemporalHarness) -> None:
    """Record: one deletion of old rows."""
    idle_harness.add_worker(queues.IO, UpkeepActivities().prune_rows)
    idle_harness.call(idle_harness.client.execute_workflow("prune", id="prune", task_queue=queues.IO))
    write_history(idle_harness, "prune", "prune")
