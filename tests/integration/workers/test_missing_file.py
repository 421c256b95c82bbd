"""A file missing from storage is a typed end; an unavailable store is retried."""

from pathlib import Path
from shutil import rmtree

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from temporalio.testing import ActivityEnvironment

from ingestion.adapters.exports.searchable_pdf import SearchablePdfExporter
from ingestion.blobs import download_blob, open_blob
from ingestion.contracts import RunRef
from ingestion.domain.errors import MissingFile
from ingestion.models import Artefact
from ingestion.services.exports import request_export
from ingestion.services.reading import begin_run
from ingestion.services.reruns import rerun_document
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.factories.documents import make_document
from tests.support.fakes import FakeVirusScanner
from tests.support.ingest_harness import IngestHarness
from tests.support.text_reader import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.make_export import ExportActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import BeginResult, DocumentFailure, ExportFailure, ExportInput, OriginalInput

OTHER_KEY = "tenants/other"


def upload_and_lose_file(ingest: IngestHarness) -> RunRef:
    """Upload a file and delete it, while the store keeps another one."""
    ref = ingest.upload()
    default_storage.save(OTHER_KEY, ContentFile(b"still here"))
    default_storage.delete(ingest.document(ref).blob_key)
    return ref


def test_missing_file_in_available_store_raises_missing_file(ingest: IngestHarness, tmp_path: Path) -> None:
    """In reading and in scanning."""
    ref = upload_and_lose_file(ingest)
    with pytest.raises(MissingFile):
        run_activity(
            DocumentActivities(AssessmentConfig(lambda: None, b""), FakeVirusScanner()).scan, document_input(ref)
        )
    begin_run(ref, scan=False)
    with pytest.raises(MissingFile):
        run_activity(ReadingActivities(TextReader()).read_pages, OriginalInput(document_input(ref)))
    assert download_blob(OTHER_KEY, tmp_path / "copy").read_bytes() == b"still here"


def test_unavailable_store_does_not_raise_missing_file(ingest: IngestHarness, stored_files: Path) -> None:
    """A missing folder, or one hidden by an empty mount, may come back."""
    key = ingest.document(upload_and_lose_file(ingest)).blob_key
    rmtree(stored_files)
    for _ in ("gone", "empty"):
        with pytest.raises(FileNotFoundError):
            open_blob(key)
        stored_files.mkdir(exist_ok=True)


def test_restored_file_is_scanned_before_reading(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """Uploading the same bytes again stores them again; the next run begins with the scan."""
    ref = upload_and_lose_file(ingest)
    steps = DocumentActivities(assessment_engine, FakeVirusScanner())
    run_activity(steps.begin, document_input(ref))
    run_activity(
        steps.fail_or_quarantine,
        DocumentFailure(document_input(ref), "missing", "The file is not in the store any more."),
    )
    assert (ingest.document(ref).status, ingest.document(ref).error_code) == ("FAILED", "missing")
    assert ingest.upload() == ref  # the response is the existing document
    with tenant_scope(ingest.tenant_id):
        again = rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    assert (again.status, again.error_code) == ("RECEIVED", "")
    now = RunRef(ingest.tenant_id, ref.document_id, again.run)
    assert run_activity(steps.begin, document_input(now)) == BeginResult("RECEIVED", scan=True)
    run_activity(steps.scan, document_input(now))
    run_activity(steps.pass_scan, document_input(now))
    run_activity(ReadingActivities(TextReader()).read_pages, OriginalInput(document_input(now)))
    assert ingest.document(now).status == "ASSESSING"


def test_document_failed_after_scan_is_read_at_once(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """It has already passed the scanner."""
    ref = ingest.upload()
    begin_run(ref, scan=False)
    run_activity(
        DocumentActivities(assessment_engine).fail_or_quarantine,
        DocumentFailure(document_input(ref), "corrupt", "It is damaged."),
    )
    with tenant_scope(ingest.tenant_id):
        again = rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    assert again.status == "READING"


def test_export_names_missing_page_image(ingest: IngestHarness) -> None:
    """The artefact fails because a page image is missing; the exception's name is not shown."""
    document = make_document(ingest.tenant)
    with tenant_scope(ingest.tenant_id):
        default_storage.delete(document.page_rows.get().image_key)
        artefacts = [
            request_export(actor=ingest.tenant.actor(Role.OPERATOR), document_id=document.id, form="pdf")
            for _ in range(2)
        ]
    steps = ExportActivities({"pdf": SearchablePdfExporter()})
    orders = [ExportInput(str(ingest.tenant_id), str(artefact.id)) for artefact in artefacts]
    with pytest.raises(MissingFile) as reason:
        ActivityEnvironment().run(steps.make, orders[0])
    for order, code, detail in zip(orders, ("missing", "poison"), (str(reason.value), "KeyError"), strict=True):
        assert ActivityEnvironment().run(steps.give_up, ExportFailure(order, code, detail)) == "failed"
    with tenant_scope(ingest.tenant_id):
        said = set(Artefact.objects.values_list("status", "detail"))
    assert said == {("failed", "The file is not in the store any more."), ("failed", "")}
