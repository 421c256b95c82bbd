"""A real clamd on a document's way: it waits for the scanner, and only "clean" lets it pass."""

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from ingestion.adapters.clamd import scanner_at
from ingestion.contracts import RunRef
from ingestion.domain.errors import NotScanned, ScannerUnavailable
from ingestion.domain.ports import ScanVerdict, VirusScanner
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.hostile.clamd import EICAR, MEGABYTE, SIGNATURE, STREAM_MEGABYTES, Clamd
from tests.workflows.conftest import io_activities
from tests.workflows.papers import INVOICE, Office, open_office
from tests.workflows.plant import PATIENCE, Plant
from tests.workflows.readers import TextReader
from workers import queues
from workers.activities.read_pages import ReadingActivities


@dataclass
class Heard:
    """Passes a scanner's answers on, and lets a test wait for one."""

    scanner: VirusScanner
    answers: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def scan(self, source: Path) -> ScanVerdict:
        """Scan, and keep how it went."""
        try:
            verdict = self.scanner.scan(source)
        except (NotScanned, ScannerUnavailable) as reason:
            self._note("refused" if isinstance(reason, NotScanned) else "silent")
            raise
        self._note("found" if verdict.signature else "clean")
        return verdict

    def wait_for(self, answer: str, times: int = 1) -> None:
        """Wait until an answer has come so many times."""
        with self.changed:
            came = self.changed.wait_for(lambda: self.answers.count(answer) >= times, PATIENCE)
        assert came, self.answers

    def _note(self, answer: str) -> None:
        with self.changed:
            self.answers.append(answer)
            self.changed.notify_all()


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    """A daemon that does not run yet."""
    with tempfile.TemporaryDirectory(prefix="clam-") as name:
        made = Clamd(Path(name))
        yield made
        made.stop()


@pytest.fixture
def heard(clamd: Clamd) -> Heard:
    """The scanner of the daemon's address."""
    return Heard(scanner_at(clamd.address))


@pytest.fixture
def office(idle_plant: Plant, engine: Engine, reader: TextReader, heard: Heard) -> Office:
    """A tenant beside a plant that scans."""
    idle_plant.work(queues.IO, *io_activities(engine, heard))
    idle_plant.work(queues.CPU, ReadingActivities(reader).read_pages)
    idle_plant.relay()
    return open_office()


def told(office: Office, ref: RunRef) -> dict[str, str]:
    """Give what the uploader hears of the document's error."""
    answer = office.house.api(Role.OPERATOR).get(f"/v1/documents/{ref.document_id}/status").json()
    return dict(answer["error"])


def actions(office: Office, ref: RunRef) -> list[str]:
    """Give what the audit log says of a document."""
    with tenant_scope(office.tenant_id):
        events = AuditEvent.objects.filter(object_id=ref.document_id).order_by("at")
        return list(events.values_list("action", flat=True))


def test_a_document_waits_for_its_scanner(
    idle_plant: Plant, office: Office, clamd: Clamd, heard: Heard, reader: TextReader
) -> None:
    """It stands at `scanning`, unread, while clamd is down; it goes on when clamd comes, with nobody's help."""
    ref = office.upload()
    heard.wait_for("silent", 2)
    document = office.document(ref)
    assert (document.status, document.stage, document.error_code) == ("RECEIVED", "scanning", "")
    assert reader.read_pages == []
    clamd.start()
    heard.wait_for("clean")
    idle_plant.watch.wait_for("assess", ref.workflow_id)
    assert office.document(ref).status == "IN_REVIEW"
    assert actions(office, ref)[:2] == ["document.received", "document.reading"]


def test_malware_is_locked_away_unread(
    idle_plant: Plant, office: Office, clamd: Clamd, heard: Heard, reader: TextReader
) -> None:
    """Quarantined, its original kept, its uploader told; nothing of it is parsed."""
    clamd.start()
    ref = office.upload(f"{INVOICE}{EICAR.decode()}")
    assert idle_plant.result(ref.workflow_id) == "QUARANTINED"
    assert heard.answers == ["found"]
    error = told(office, ref)
    assert error["code"] == "malware"
    assert error["detail"].startswith(SIGNATURE)
    assert actions(office, ref) == ["document.received", "document.quarantined"]
    assert EICAR in default_storage.open(office.document(ref).blob_key).read()
    assert reader.read_pages == []


def test_what_the_scanner_cannot_take_ends_typed(
    idle_plant: Plant, office: Office, clamd: Clamd, heard: Heard, reader: TextReader
) -> None:
    """Not clean, not waited for without end: one try, then the reason."""
    clamd.start()
    ref = office.upload(INVOICE + " " * (STREAM_MEGABYTES + 1) * MEGABYTE)
    assert idle_plant.result(ref.workflow_id) == "FAILED"
    assert heard.answers == ["refused"]
    assert told(office, ref)["code"] == "not_scanned"
    assert actions(office, ref) == ["document.received", "document.failed"]
    assert reader.read_pages == []
