"""Hostile files in the full workflow with the real reader: a typed error for the uploader, and no lost worker."""

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.adapters.sandbox.pool import SandboxPool, SandboxProcess
from ingestion.contracts import IngestOptions, RunRef
from ingestion.services.upload import ingest_file
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.hostile import malformed, pdf_actions, pdf_bombs, pictures
from tests.support.hostile.processes import child_pids
from tests.support.ingest_harness import IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness, io_activities
from workers import queues
from workers.activities.read_pages import ReadingActivities


@pytest.fixture
def sandboxed_reader() -> Iterator[SandboxedPageReader]:
    """Yield a reader with a limit of two seconds per page, so that endless pages end soon."""
    made = SandboxedPageReader(SandboxPool(SandboxLimits(page_cpu_seconds=2), prestart=False))
    yield made
    made.close()


@pytest.fixture
def ingest(
    idle_harness: TemporalHarness, assessment_engine: AssessmentConfig, sandboxed_reader: SandboxedPageReader
) -> IngestHarness:
    """Return a tenant with a harness that uses the real reader."""
    idle_harness.add_worker(queues.IO, *io_activities(assessment_engine))
    idle_harness.add_worker(queues.CPU, ReadingActivities(sandboxed_reader).read_pages)
    idle_harness.add_relay()
    return make_ingest_harness()


def upload(ingest: IngestHarness, content: bytes, filename: str) -> RunRef:
    """Upload a file as an operator."""
    with tenant_scope(ingest.tenant_id):
        admitted = ingest_file(
            actor=ingest.tenant.actor(Role.OPERATOR),
            file=ContentFile(content),
            filename=filename,
            declared_type="",
            options=IngestOptions(),
        )
    return RunRef(ingest.tenant_id, admitted.document_id, 1)


def last_action(ingest: IngestHarness, ref: RunRef) -> str:
    """Return the last audit action of a document that is no view."""
    with tenant_scope(ingest.tenant_id):
        return (
            AuditEvent.objects.filter(object_id=ref.document_id).exclude(action="document.viewed").latest("at").action
        )


def original_is_stored(ingest: IngestHarness, ref: RunRef, content: bytes) -> bool:
    """Return whether the stored original equals the uploaded content."""
    with default_storage.open(ingest.document(ref).blob_key) as file:
        return bool(file.read() == content)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (malformed.noise(9999, head=b"%PDF-1.4\n"), "FAILED", "corrupt"),
        (pdf_bombs.many_pages(), "FAILED", "too_large"),
        (pictures.png_claim(), "FAILED", "too_large"),
        (pdf_bombs.nested_forms(), "QUARANTINED", "resource_limit"),
    ],
    ids=["noise", "many-pages", "picture-claim", "laughs"],
)
def test_hostile_file_ends_typed_and_uploader_sees_reason(
    idle_harness: TemporalHarness, ingest: IngestHarness, content: bytes, status: str, code: str
) -> None:
    """The original is kept, the audit log records the outcome, and the same worker reads the next file."""
    ref = upload(ingest, content, "letter.pdf")
    assert idle_harness.result(ref.workflow_id) == status
    body = ingest.tenant.api(Role.OPERATOR).get(f"/v1/documents/{ref.document_id}/status").json()
    assert (body["status"], body["error"]["code"]) == (status, code)
    assert body["error"]["detail"]
    assert last_action(ingest, ref) == f"document.{status.lower()}"
    assert original_is_stored(ingest, ref, content)
    after = upload(ingest, pdf_actions.pdf_with_open_action(pdf_actions.JAVASCRIPT_ACTION), "next.pdf")
    idle_harness.activity_log.wait_for("assess", after.workflow_id)
    assert ingest.document(after).status == "IN_REVIEW"


class FailingPool(SandboxPool):
    """Sandbox pool whose processes are killed before they read a byte, as by the kernel when memory is short."""

    killed = 0

    def acquire(self) -> SandboxProcess:
        """Return a sandbox process that is already being killed."""
        child = super().acquire()
        child.process.kill()
        self.killed += 1
        return child


def test_file_killing_every_child_is_quarantined(
    idle_harness: TemporalHarness, ingest: IngestHarness, sandboxed_reader: SandboxedPageReader
) -> None:
    """Poison file: two attempts with two sandboxes each, then a typed error; no child process remains."""
    before = child_pids()
    sandboxed_reader.pool = deadly = FailingPool(prestart=False)
    ref = upload(ingest, pdf_actions.pdf_with_open_action(pdf_actions.JAVASCRIPT_ACTION), "poison.pdf")
    assert idle_harness.result(ref.workflow_id) == "QUARANTINED"
    deadly.close()
    assert deadly.killed == 4
    document = ingest.document(ref)
    assert (document.error_code, document.pages) == ("resource_limit", 0)
    assert last_action(ingest, ref) == "document.quarantined"
    assert child_pids() <= before
