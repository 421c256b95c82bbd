"""Virus scan with a real clamd: the document waits for the scanner, and only a clean result lets it continue."""

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from ingestion.adapters.clamd import scanner_at
from ingestion.contracts import RunRef
from ingestion.domain.errors import ScannerUnavailable, UnscannableFile
from ingestion.domain.ports import ScanResult, VirusScanner
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.hostile.clamd import EICAR, MEGABYTE, SIGNATURE, STREAM_MEGABYTES, ClamdDaemon
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness
from tests.support.text_reader import TextReader
from tests.workflows.temporal_harness import TIMEOUT_SECONDS, TemporalHarness, io_activities
from workers import queues
from workers.activities.read_pages import ReadingActivities


@dataclass
class RecordingScanner:
    """Scanner that forwards another scanner's results and lets a test wait for one."""

    scanner: VirusScanner
    verdicts: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def scan(self, source: Path) -> ScanResult:
        """Scan and record the result."""
        try:
            verdict = self.scanner.scan(source)
        except (UnscannableFile, ScannerUnavailable) as reason:
            self._note("refused" if isinstance(reason, UnscannableFile) else "silent")
            raise
        self._note("found" if verdict.signature else "clean")
        return verdict

    def wait_for(self, answer: str, times: int = 1) -> None:
        """Wait until a result has occurred `times` times."""
        with self.changed:
            came = self.changed.wait_for(lambda: self.verdicts.count(answer) >= times, TIMEOUT_SECONDS)
        assert came, self.verdicts

    def _note(self, answer: str) -> None:
        with self.changed:
            self.verdicts.append(answer)
            self.changed.notify_all()


@pytest.fixture
def clamd() -> Iterator[ClamdDaemon]:
    """Yield a daemon that is not running yet."""
    with tempfile.TemporaryDirectory(prefix="clam-") as name:
        made = ClamdDaemon(Path(name))
        yield made
        made.stop()


@pytest.fixture
def recording_scanner(clamd: ClamdDaemon) -> RecordingScanner:
    """Return a scanner for the daemon's address."""
    return RecordingScanner(scanner_at(clamd.address))


@pytest.fixture
def ingest(
    idle_harness: TemporalHarness,
    assessment_engine: AssessmentConfig,
    reader: TextReader,
    recording_scanner: RecordingScanner,
) -> IngestHarness:
    """Return a tenant with a harness that scans."""
    idle_harness.add_worker(queues.IO, *io_activities(assessment_engine, recording_scanner))
    idle_harness.add_worker(queues.CPU, ReadingActivities(reader).read_pages)
    idle_harness.add_relay()
    return make_ingest_harness()


def error_shown_to_uploader(ingest: IngestHarness, ref: RunRef) -> dict[str, str]:
    """Return the document's error as shown to the uploader."""
    answer = ingest.tenant.api(Role.OPERATOR).get(f"/v1/documents/{ref.document_id}/status").json()
    return dict(answer["error"])


def audit_actions(ingest: IngestHarness, ref: RunRef) -> list[str]:
    """Return the audit actions of a document."""
    with tenant_scope(ingest.tenant_id):
        events = AuditEvent.objects.filter(object_id=ref.document_id).order_by("at")
        return list(events.values_list("action", flat=True))


def test_scan_waits_for_unavailable_scanner(
    idle_harness: TemporalHarness,
    ingest: IngestHarness,
    clamd: ClamdDaemon,
    recording_scanner: RecordingScanner,
    reader: TextReader,
) -> None:
    """The document stays in `scanning`, unread, while clamd is down, and continues automatically when clamd is up."""
    ref = ingest.upload()
    recording_scanner.wait_for("silent", 2)
    document = ingest.document(ref)
    assert (document.status, document.stage, document.error_code) == ("RECEIVED", "scanning", "")
    assert reader.read_pages == []
    clamd.start()
    recording_scanner.wait_for("clean")
    idle_harness.activity_log.wait_for("assess", ref.workflow_id)
    assert ingest.document(ref).status == "IN_REVIEW"
    assert audit_actions(ingest, ref)[:2] == ["document.received", "document.reading"]


def test_scan_malware_is_quarantined_unread(
    idle_harness: TemporalHarness,
    ingest: IngestHarness,
    clamd: ClamdDaemon,
    recording_scanner: RecordingScanner,
    reader: TextReader,
) -> None:
    """The file is quarantined, its original kept, its uploader notified; nothing is parsed."""
    clamd.start()
    ref = ingest.upload(f"{INVOICE}{EICAR.decode()}")
    assert idle_harness.result(ref.workflow_id) == "QUARANTINED"
    assert recording_scanner.verdicts == ["found"]
    error = error_shown_to_uploader(ingest, ref)
    assert error["code"] == "malware"
    assert error["detail"].startswith(SIGNATURE)
    assert audit_actions(ingest, ref) == ["document.received", "document.quarantined", "document.viewed"]
    assert EICAR in default_storage.open(ingest.document(ref).blob_key).read()
    assert reader.read_pages == []


def test_scan_oversized_file_fails_typed(
    idle_harness: TemporalHarness,
    ingest: IngestHarness,
    clamd: ClamdDaemon,
    recording_scanner: RecordingScanner,
    reader: TextReader,
) -> None:
    """An oversized file fails after one attempt, with the reason; it is neither clean nor retried."""
    clamd.start()
    ref = ingest.upload(INVOICE + " " * (STREAM_MEGABYTES + 1) * MEGABYTE)
    assert idle_harness.result(ref.workflow_id) == "FAILED"
    assert recording_scanner.verdicts == ["refused"]
    assert error_shown_to_uploader(ingest, ref)["code"] == "not_scanned"
    assert audit_actions(ingest, ref) == ["document.received", "document.failed", "document.viewed"]
    assert reader.read_pages == []
