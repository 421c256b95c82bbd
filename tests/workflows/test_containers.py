"""Containers on Temporal: their files become documents with separate runs."""

from typing import Any

import pytest

from ingestion.contracts import RunRef
from ingestion.models import Document
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from review.domain.lifecycle import ReviewVerdict
from tests.support import container_files
from tests.support.fakes import FakeUnpacker, FakeVirusScanner
from tests.support.ingest_harness import INVOICE, PDF_MAGIC, IngestHarness, make_ingest_harness
from tests.support.text_reader import InProcessUnpacker, TextReader
from tests.workflows.temporal_harness import TemporalHarness, io_activities
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.activities.unpack_container import ContainerActivities

REVIEW_ACTIVITY = "load_wait_state"
INVOICE_FILE = (PDF_MAGIC + INVOICE).encode()


@pytest.fixture
def ingest(harness: TemporalHarness) -> IngestHarness:
    """Return a tenant with a running harness."""
    return make_ingest_harness()


def child_runs(ingest: IngestHarness, ref: RunRef) -> list[RunRef]:
    """Return the first runs of a container's files."""
    return [RunRef(ref.tenant_id, child.id, 1) for child in ingest.children(ref)]


def test_mail_and_attachments_are_processed_separately(harness: TemporalHarness, ingest: IngestHarness) -> None:
    files = [(name, "application/pdf", INVOICE_FILE + name.encode()) for name in ("a.pdf", "b.pdf")]
    ref = ingest.upload_bytes(container_files.mail_with_files("Invoices", *files).as_bytes(), "mail.eml")
    for run in (ref, *child_runs_after_unpacking(harness, ingest, ref)):
        harness.activity_log.wait_for(REVIEW_ACTIVITY, run.workflow_id)
        assert ingest.document(run).status == "IN_REVIEW"
    with tenant_scope(ingest.tenant_id):
        assert Document.objects.count() == 3
    assert ingest.document(ref).pages == 1


def child_runs_after_unpacking(harness: TemporalHarness, ingest: IngestHarness, ref: RunRef) -> list[RunRef]:
    """Wait for the unpacking, and return the runs that it started."""
    harness.activity_log.wait_for("unpack", ref.workflow_id)
    return child_runs(ingest, ref)


def test_archive_ends_unpacked_and_batch_ends_with_last_file(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """The archive itself is never approved; only its files can be decided."""
    ref = ingest.upload_bytes(container_files.zipped({"a.pdf": INVOICE_FILE, "setup.exe": b"MZ\x00"}), "March.zip")
    assert harness.result(ref.workflow_id) == "UNPACKED"
    paper, program = child_runs(ingest, ref)
    assert harness.result(program.workflow_id) == "FAILED"
    assert ingest.document(program).error_code == "unsupported"
    harness.activity_log.wait_for(REVIEW_ACTIVITY, paper.workflow_id)
    assert ingest.batch_status() == "RUNNING"
    ingest.decide(paper, ReviewVerdict.APPROVE)
    assert harness.result(paper.workflow_id) == "APPROVED"
    assert ingest.batch_status() == "DONE"


def test_nested_archives_are_unpacked_in_turn(harness: TemporalHarness, ingest: IngestHarness) -> None:
    ref = ingest.upload_bytes(
        container_files.zipped({"inner.zip": container_files.zipped({"a.pdf": INVOICE_FILE})}), "outer.zip"
    )
    assert harness.result(ref.workflow_id) == "UNPACKED"
    (inner,) = child_runs(ingest, ref)
    assert harness.result(inner.workflow_id) == "UNPACKED"
    (paper,) = child_runs(ingest, inner)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, paper.workflow_id)
    assert ingest.document(paper).depth == 2
    assert ingest.document(paper).batch_id == ingest.document(ref).batch_id


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (container_files.zip_with_shared_entry(), "a.zip", "policy"),
        (container_files.zipped({str(n): b"" for n in range(10_001)}), "a.zip", "too_large"),
        (container_files.nested_mail(300), "a.eml", "policy"),
        (container_files.zipped({}), "a.zip", "empty"),
        (container_files.zip_with_false_sizes(1000, 5_000_000), "a.zip", "policy"),
        (container_files.zip_with_symlink(), "a.zip", "policy"),
        (container_files.zipped({"../a.pdf": INVOICE_FILE}), "a.zip", "policy"),
        (container_files.zipped({"zeros.pdf": bytes(200 * 2**20)}), "a.zip", "policy"),
    ],
    ids=["overlap", "entries", "nested-mail", "empty", "lying", "link", "up", "ratio"],
)
def test_hostile_container_fails_typed_without_children(
    harness: TemporalHarness, ingest: IngestHarness, content: bytes, name: str, code: str
) -> None:
    ref = ingest.upload_bytes(content, name)
    assert harness.result(ref.workflow_id) == "FAILED"
    document = ingest.document(ref)
    assert (document.error_code, bool(document.error_detail)) == (code, True)
    assert ingest.children(ref) == []


def test_pdf_continues_without_unreadable_attachments(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """The pages are still assessed; the document records the unreadable attachments."""
    ref = ingest.upload(f"{INVOICE}\nattached")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    document = ingest.document(ref)
    assert (document.status, document.error_code, document.attachments) == ("IN_REVIEW", "attachments", 1)
    assert document.error_detail


def harness_with(idle_plant: TemporalHarness, engine: AssessmentConfig, unpacker: Any, **io: Any) -> IngestHarness:  # noqa: ANN401 - a fake
    """Return a harness with another unpacker or scanner."""
    steps = ContainerActivities(unpacker)
    reading = ReadingActivities(TextReader())
    idle_plant.add_worker(queues.IO, *io_activities(engine, **io))
    idle_plant.add_worker(queues.CPU, reading.read_pages, steps.unpack, steps.skip_attachments)
    idle_plant.add_relay()
    return make_ingest_harness()


def test_pdf_attachment_becomes_document(idle_harness: TemporalHarness, assessment_engine: AssessmentConfig) -> None:
    ingest = harness_with(idle_harness, assessment_engine, FakeUnpacker({"sheet.pdf": INVOICE_FILE + b"sheet"}))
    ref = ingest.upload(f"{INVOICE}\nattached")
    idle_harness.activity_log.wait_for("assess", ref.workflow_id)
    (child,) = child_runs(ingest, ref)
    idle_harness.activity_log.wait_for("assess", child.workflow_id)
    assert ingest.document(ref).error_code == ""


def test_container_and_its_files_are_scanned(
    idle_harness: TemporalHarness, assessment_engine: AssessmentConfig
) -> None:
    scanner = FakeVirusScanner()
    ingest = harness_with(idle_harness, assessment_engine, InProcessUnpacker(), scanner=scanner)
    ref = ingest.upload_bytes(
        container_files.zipped({"a.pdf": INVOICE_FILE, "b.pdf": INVOICE_FILE + b"b"}), "March.zip"
    )
    assert idle_harness.result(ref.workflow_id) == "UNPACKED"
    for run in child_runs(ingest, ref):
        idle_harness.activity_log.wait_for("assess", run.workflow_id)
    assert len(scanner.scanned) == 3


def test_encrypted_archive_waits_for_password(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """A wrong password is requested again; the correct one opens the archive and its files are read."""
    ref = ingest.upload_bytes(container_files.encrypted_zip({"a.pdf": INVOICE_FILE}, "sesame", 3), "March.zip")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    assert (ingest.document(ref).status, ingest.task(ref).kind) == ("NEEDS_PASSWORD", "password")
    ingest.give_password(ref, "other")
    harness.activity_log.wait_for("request_password", ref.workflow_id, 2)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 3)
    assert ingest.document(ref).error_code == "wrong_password"
    ingest.give_password(ref, "sesame")
    assert harness.result(ref.workflow_id) == "UNPACKED"
    document = ingest.document(ref)
    assert (document.error_code, document.attachments) == ("", 1)
    (paper,) = child_runs(ingest, ref)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, paper.workflow_id)


def test_encrypted_archive_can_be_rejected(harness: TemporalHarness, ingest: IngestHarness) -> None:
    ref = ingest.upload_bytes(container_files.encrypted_zip({"a.pdf": INVOICE_FILE}, "sesame"), "March.zip")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    ingest.decide(ref, ReviewVerdict.REJECT)
    assert harness.result(ref.workflow_id) == "REJECTED"
    assert ingest.children(ref) == []


def test_archive_rerun_creates_no_duplicates(harness: TemporalHarness, ingest: IngestHarness) -> None:
    ref = ingest.upload_bytes(
        container_files.zipped({"a.pdf": INVOICE_FILE, "b.pdf": INVOICE_FILE + b"b"}), "March.zip"
    )
    assert harness.result(ref.workflow_id) == "UNPACKED"
    before = [child.id for child in ingest.children(ref)]
    again = ingest.rerun(ref)
    assert harness.result(again.workflow_id) == "UNPACKED"
    assert [child.id for child in ingest.children(ref)] == before


def test_infected_container_is_never_unpacked(
    idle_harness: TemporalHarness, assessment_engine: AssessmentConfig
) -> None:
    ingest = harness_with(idle_harness, assessment_engine, InProcessUnpacker(), scanner=FakeVirusScanner("Eicar"))
    ref = ingest.upload_bytes(container_files.zipped({"a.pdf": INVOICE_FILE}), "March.zip")
    assert idle_harness.result(ref.workflow_id) == "QUARANTINED"
    assert ingest.children(ref) == []
