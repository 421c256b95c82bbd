"""A worker's death at the worst moment: the document comes out once, and complete."""

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
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.stack.services import PostgresServer, TemporalServer
from tests.reading import boxes
from tests.workflows.conftest import Connect, io_activities
from tests.workflows.papers import INVOICE, MAGIC, Office, open_office
from tests.workflows.plant import Plant
from tests.workflows.readers import TextReader
from workers import policies, queues
from workers.activities.read_pages import ReadingActivities

ROOT = Path(__file__).parents[2]


class Process:
    """A worker's process, listened to."""

    def __init__(self, queue: str, environment: dict[str, str]) -> None:
        """Start it and wait until it works."""
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
        """End it as a power cut would."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.communicate()


@pytest.fixture
def start(
    postgres: PostgresServer, temporal: TemporalServer, stored_files: Path
) -> Iterator[Callable[[str], Process]]:
    """Give a way to start workers; what is left of them is ended."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "refinery.settings.test",
        "DATABASE_URL": postgres.url_app,
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": temporal.namespace,
        "REFINERY_VAR": str(stored_files.parent),
        "UNDO_GRACE_SECONDS": "0",
    }
    started: list[Process] = []

    def start_one(queue: str) -> Process:
        started.append(Process(queue, environment))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()


@pytest.fixture
def quick_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notice a silent worker after two seconds."""
    for options in (policies.READ_PAGES, policies.UNPACK):
        monkeypatch.setitem(options, "heartbeat_timeout", timedelta(seconds=2))


@pytest.fixture
def half_plant(committed_db: None, connect: Connect, postgres: PostgresServer) -> Iterator[Plant]:
    """A plant of a relay alone."""
    made = Plant(connect, postgres.url_app)
    made.relay()
    yield made
    made.close()


def story(office: Office, document_id: UUID) -> list[str]:
    """Give what the audit log says of a document."""
    with tenant_scope(office.tenant_id):
        events = AuditEvent.objects.filter(object_id=document_id).order_by("at")
        return list(events.values_list("action", flat=True))


@pytest.mark.usefixtures("quick_loss")
def test_killed_in_the_middle_of_reading(
    half_plant: Plant, start: Callable[[str], Process], engine: Engine
) -> None:
    """Another worker goes on at the next page; no page is lost, none is there twice, each step happened once."""
    half_plant.work(queues.IO, *io_activities(engine))
    office = open_office()
    first = start("cpu")
    ref = office.upload(f"{INVOICE}\fsecond page\f#stop here\ffourth page")
    first.wait_for("page 3")
    with tenant_scope(office.tenant_id):
        assert Page.objects.count() == 2
    first.kill()
    second = start("cpu")
    second.wait_for("page 3")
    assert second.popen.stdin
    second.popen.stdin.write("go on\n")
    second.popen.stdin.flush()
    half_plant.watch.wait_for("assess", ref.workflow_id)
    with tenant_scope(office.tenant_id):
        assert list(Page.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
        document = Document.objects.get()
        assert (document.status, document.pages, document.pages_failed) == ("IN_REVIEW", 4, 0)
        assert Assessment.objects.count() == 1
    assert story(office, ref.document_id) == [
        "document.received",
        "document.reading",
        "document.assessing",
        "document.in_review",
    ]


@pytest.mark.usefixtures("quick_loss")
def test_killed_between_two_attachments(
    half_plant: Plant, start: Callable[[str], Process], engine: Engine
) -> None:
    """Another worker goes on: the mail and its two attachments are three documents, each received once."""
    half_plant.work(queues.IO, *io_activities(engine))
    office = open_office()
    first = start("cpu")
    files = [(name, "application/pdf", f"{MAGIC}{INVOICE}{name}".encode()) for name in ("a.pdf", "#stop.pdf")]
    ref = office.send_in(boxes.mail("Invoices", *files).as_bytes(), "mail.eml")
    first.wait_for("file 2")
    assert len(office.children(ref)) == 1
    first.kill()
    second = start("cpu")
    second.wait_for("file 2")
    assert second.popen.stdin
    second.popen.stdin.write("go on\n")
    second.popen.stdin.flush()
    half_plant.watch.wait_for("assess", ref.workflow_id)
    children = office.children(ref)
    for child in children:
        half_plant.watch.wait_for("assess", f"doc/{child.id}/1")
    with tenant_scope(office.tenant_id):
        assert Document.objects.count() == 3
        assert AuditEvent.objects.filter(action="document.received").count() == 3
    assert [(child.filename, child.part) for child in children] == [("a.pdf", 1), ("#stop.pdf", 2)]
    assert office.document(ref).descendants == 2


def test_killed_while_a_reviewer_works(
    half_plant: Plant, start: Callable[[str], Process], reader: TextReader
) -> None:
    """The decision is taken without any worker; the next one to come settles it."""
    half_plant.work(queues.CPU, ReadingActivities(reader).read_pages)
    office = open_office()
    first = start("io")
    ref = office.upload()
    half_plant.watch.wait_for("read_pages", ref.workflow_id)
    half_plant.wait_for_timer(ref.workflow_id)
    first.kill()
    office.decide(ref)
    assert office.document(ref).status == "APPROVED"
    start("io")
    assert half_plant.result(ref.workflow_id) == "APPROVED"
    with tenant_scope(office.tenant_id):
        assert Assessment.objects.filter(after_human=True).count() == 1
    assert story(office, ref.document_id).count("document.in_review") == 1
