"""A worker killed at the worst moment: the document is processed once and completely."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from ingestion.models import Document, Page
from quality.models import Assessment
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.stack.services import PostgresServer, TemporalServer
from tests.support import container_files
from tests.support.ingest_harness import INVOICE, PDF_MAGIC, IngestHarness, make_ingest_harness
from tests.support.text_reader import TextReader
from tests.workflows.temporal_harness import Connect, TemporalHarness, io_activities
from workers import policies, queues
from workers.activities.read_pages import ReadingActivities

ROOT = Path(__file__).parents[2]


class WorkerProcess:
    """Worker process whose output is read."""

    def __init__(self, queue: str, environment: dict[str, str]) -> None:
        """Start the process and wait until it works."""
        command = [sys.executable, "-m", "tests.workflows.worker_process", queue]
        self.popen = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.wait_for("ready")

    def wait_for(self, line: str) -> None:
        """Wait for a line of its output."""
        assert self.popen.stdout
        for said in self.popen.stdout:
            if said.strip() == line:
                return
        message = f"the worker ended before it said {line}"
        raise AssertionError(message)

    def kill(self) -> None:
        """Kill the process."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.communicate()


@pytest.fixture
def start_worker(
    postgres: PostgresServer, temporal: TemporalServer, stored_files: Path
) -> Iterator[Callable[[str], WorkerProcess]]:
    """Yield a function that starts workers; stop the remaining ones afterwards."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "refinery.settings.test",
        "DATABASE_URL": postgres.url_app,
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": temporal.namespace,
        "REFINERY_VAR": str(stored_files.parent),
        "UNDO_GRACE_SECONDS": "0",
    }
    started: list[WorkerProcess] = []

    def start_one(queue: str) -> WorkerProcess:
        started.append(WorkerProcess(queue, environment))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()


@pytest.fixture
def fast_heartbeat_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Detect a silent worker after two seconds."""
    for options in (policies.READ_PAGES, policies.UNPACK):
        monkeypatch.setitem(options, "heartbeat_timeout", timedelta(seconds=2))


@pytest.fixture
def relay_harness(committed_db: None, connect: Connect, postgres: PostgresServer) -> Iterator[TemporalHarness]:
    """Yield a harness with a relay only."""
    made = TemporalHarness(connect, postgres.url_app)
    made.add_relay()
    yield made
    made.close()


def audit_actions(ingest: IngestHarness, document_id: UUID) -> list[str]:
    """Return the audit actions of a document."""
    with tenant_scope(ingest.tenant_id):
        events = AuditEvent.objects.filter(object_id=document_id).order_by("at")
        return list(events.values_list("action", flat=True))


@pytest.mark.usefixtures("fast_heartbeat_timeout")
def test_worker_killed_while_reading_is_replaced_without_loss(
    relay_harness: TemporalHarness, start_worker: Callable[[str], WorkerProcess], assessment_engine: AssessmentConfig
) -> None:
    """Another worker continues at the next page; no page is lost or duplicated, and each step happened once."""
    relay_harness.add_worker(queues.IO, *io_activities(assessment_engine))
    ingest = make_ingest_harness()
    first = start_worker("cpu")
    ref = ingest.upload(f"{INVOICE}\fsecond page\f#stop here\ffourth page")
    first.wait_for("page 3")
    with tenant_scope(ingest.tenant_id):
        assert Page.objects.count() == 2
    first.kill()
    second = start_worker("cpu")
    second.wait_for("page 3")
    assert second.popen.stdin
    second.popen.stdin.write("go on\n")
    second.popen.stdin.flush()
    relay_harness.activity_log.wait_for("assess", ref.workflow_id)
    with tenant_scope(ingest.tenant_id):
        assert list(Page.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
        document = Document.objects.get()
        assert (document.status, document.pages, document.pages_failed) == ("IN_REVIEW", 4, 0)
        assert Assessment.objects.count() == 1
    assert audit_actions(ingest, ref.document_id) == [
        "document.received",
        "document.reading",
        "document.assessing",
        "document.in_review",
    ]


@pytest.mark.usefixtures("fast_heartbeat_timeout")
def test_worker_killed_between_attachments_is_replaced_without_loss(
    relay_harness: TemporalHarness, start_worker: Callable[[str], WorkerProcess], assessment_engine: AssessmentConfig
) -> None:
    """Another worker continues: the mail and its two attachments are three documents, each received once."""
    relay_harness.add_worker(queues.IO, *io_activities(assessment_engine))
    ingest = make_ingest_harness()
    first = start_worker("cpu")
    files = [(name, "application/pdf", f"{PDF_MAGIC}{INVOICE}{name}".encode()) for name in ("a.pdf", "#stop.pdf")]
    ref = ingest.upload_bytes(container_files.mail_with_files("Invoices", *files).as_bytes(), "mail.eml")
    first.wait_for("file 2")
    assert len(ingest.children(ref)) == 1
    first.kill()
    second = start_worker("cpu")
    second.wait_for("file 2")
    assert second.popen.stdin
    second.popen.stdin.write("go on\n")
    second.popen.stdin.flush()
    relay_harness.activity_log.wait_for("assess", ref.workflow_id)
    children = ingest.children(ref)
    for child in children:
        relay_harness.activity_log.wait_for("assess", f"doc/{child.id}/1")
    with tenant_scope(ingest.tenant_id):
        assert Document.objects.count() == 3
        assert AuditEvent.objects.filter(action="document.received").count() == 3
    assert [(child.filename, child.part) for child in children] == [("a.pdf", 1), ("#stop.pdf", 2)]
    assert ingest.document(ref).descendants == 2


def test_worker_killed_during_review_settles_after_restart(
    relay_harness: TemporalHarness, start_worker: Callable[[str], WorkerProcess], reader: TextReader
) -> None:
    """The decision is stored while no worker runs; the next worker settles it."""
    relay_harness.add_worker(queues.CPU, ReadingActivities(reader).read_pages)
    ingest = make_ingest_harness()
    first = start_worker("io")
    ref = ingest.upload()
    relay_harness.activity_log.wait_for("read_pages", ref.workflow_id)
    relay_harness.wait_for_timer(ref.workflow_id)
    first.kill()
    ingest.decide(ref)
    assert ingest.document(ref).status == "APPROVED"
    start_worker("io")
    assert relay_harness.result(ref.workflow_id) == "APPROVED"
    with tenant_scope(ingest.tenant_id):
        assert Assessment.objects.filter(after_human=True).count() == 1
    assert audit_actions(ingest, ref.document_id).count("document.in_review") == 1
