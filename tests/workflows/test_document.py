"""The full document workflow on real Temporal and PostgreSQL, from the upload to the last event."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from ingestion.contracts import RunRef
from ingestion.models import Document, Field, Page
from quality.models import Assessment, TrainingExample
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.webhooks.models import WebhookDelivery
from review.contracts import FieldEdit
from review.domain.lifecycle import ReviewVerdict, TaskKind
from review.models import ReviewTask
from tests.support.fakes import FakeVirusScanner
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness
from tests.support.text_reader import TextReader
from tests.workflows.temporal_harness import TemporalHarness, io_activities
from workers import queues
from workers.activities import review_steps

REVIEW_ACTIVITY = "load_wait_state"


@pytest.fixture
def ingest(harness: TemporalHarness) -> IngestHarness:
    """Return a tenant with a running harness."""
    return make_ingest_harness()


def test_document_from_upload_to_settled(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Read, assess, review, decide and score again; every effect occurs once."""
    ref = ingest.upload()
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    document = ingest.document(ref)
    assert (document.status, document.pages, document.schema_key) == ("IN_REVIEW", 1, "invoice")
    with tenant_scope(ingest.tenant_id):
        assert Page.objects.get().words[0]["text"] == "Aldgate"
        total = Field.objects.get(name="total")
        assert (total.normalized, total.model_version) == ("120.00", "prior")
        assert Assessment.objects.get().decision == "review"
    ingest.decide(ref, ReviewVerdict.APPROVE, FieldEdit("invoice_number", "INV-2042"))
    assert harness.result(ref.workflow_id) == "APPROVED"
    with tenant_scope(ingest.tenant_id):
        assert Assessment.objects.filter(after_human=True).count() == 1
        assert TrainingExample.objects.get(field="invoice_number").kind == "corrected"
        assert not OutboxMessage.objects.filter(sent_at=None).exists()
        actions = list(
            AuditEvent.objects.filter(object_id=ref.document_id).order_by("at").values_list("action", flat=True)
        )
    assert actions == [
        "document.received",
        "document.reading",
        "document.assessing",
        "document.in_review",
        "review.submitted",
    ]


def test_document_undone_decision_is_awaited_again(
    harness: TemporalHarness, ingest: IngestHarness, settings: object
) -> None:
    """Nothing is sent within the grace period; the workflow waits for the next decision."""
    settings.UNDO_GRACE_SECONDS = 3600  # type: ignore[attr-defined]
    ref = ingest.upload()
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    task_id = ingest.decide(ref)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 2)
    ingest.undo(task_id)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 3)
    assert ingest.document(ref).status == "IN_REVIEW"
    settings.UNDO_GRACE_SECONDS = 0  # type: ignore[attr-defined]
    ingest.decide(ref, ReviewVerdict.REJECT)
    assert harness.result(ref.workflow_id) == "REJECTED"
    assert harness.activity_log.count("finalize", ref.workflow_id) == 1


def test_document_decision_undone_in_last_moment_is_awaited_again(
    harness: TemporalHarness, ingest: IngestHarness, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The undo comes between the end of the grace period and the announcement; nothing is announced."""
    announce = review_steps._announce_decision
    undone: list[str] = []

    def undo_first(ref: RunRef) -> Document | None:
        if not undone:
            task = ReviewTask.objects.get(document_id=ref.document_id)
            settings.UNDO_GRACE_SECONDS = 3600
            ingest.undo(task.id)
            settings.UNDO_GRACE_SECONDS = 0
            undone.append(str(task.id))
        return announce(ref)

    monkeypatch.setattr(review_steps, "_announce_decision", undo_first)
    ref = ingest.upload(webhook_url="https://127.0.0.1:9/")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    ingest.decide(ref)
    harness.activity_log.wait_for("finalize", ref.workflow_id)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 3)
    assert ingest.document(ref).status == "IN_REVIEW"
    with tenant_scope(ingest.tenant_id):
        assert not WebhookDelivery.objects.filter(event="document.completed").exists()
    ingest.decide(ref, ReviewVerdict.REJECT)
    assert harness.result(ref.workflow_id) == "REJECTED"
    with tenant_scope(ingest.tenant_id):
        sent = WebhookDelivery.objects.get(event="document.completed")
    assert sent.payload["data"]["status"] == "REJECTED"


def test_document_second_opinion_is_awaited(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """The document stays in review until another person decides."""
    ref = ingest.upload()
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    ingest.decide(ref, ReviewVerdict.NEEDS_SECOND_REVIEW)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 2)
    assert ingest.document(ref).status == "IN_REVIEW"
    assert ingest.task(ref).kind == TaskKind.SECOND


@pytest.mark.parametrize(
    ("page", "status", "code"),
    [
        ("!corrupt", "FAILED", "corrupt"),
        ("!empty", "FAILED", "empty"),
        ("!too_large", "FAILED", "too_large"),
        ("!resource_limit", "QUARANTINED", "resource_limit"),
        ("!bug", "QUARANTINED", "poison"),
    ],
)
def test_document_unreadable_file_ends_typed(
    harness: TemporalHarness, ingest: IngestHarness, reader: TextReader, page: str, status: str, code: str
) -> None:
    """Each failure has a status and a code; a resource limit is tried twice, a bug three times."""
    ref = ingest.upload(page)
    assert harness.result(ref.workflow_id) == status
    document = ingest.document(ref)
    assert (document.status, document.error_code) == (status, code)
    tries = {"resource_limit": 2, "poison": 3}.get(code, 1)
    assert reader.read_pages == [1] * tries


def test_document_missing_original_ends_typed_after_retry(
    harness: TemporalHarness, ingest: IngestHarness, reader: TextReader
) -> None:
    """The original is missing before reading, in a store that has others."""
    default_storage.save("tenants/other", ContentFile(b"still here"))
    with tenant_scope(ingest.tenant_id):
        ref = ingest.upload()
        default_storage.delete(Document.objects.get().blob_key)
    assert harness.result(ref.workflow_id) == "FAILED"
    assert ingest.document(ref).error_code == "missing"
    assert reader.read_pages == []


def test_document_missing_original_fails_before_scan(
    idle_harness: TemporalHarness, assessment_engine: AssessmentConfig
) -> None:
    """The scan of a missing file does not wait."""
    idle_harness.add_worker(queues.IO, *io_activities(assessment_engine, FakeVirusScanner()))
    idle_harness.add_relay()
    ingest = make_ingest_harness()
    default_storage.save("tenants/other", ContentFile(b"still here"))
    with tenant_scope(ingest.tenant_id):
        ref = ingest.upload()
        default_storage.delete(Document.objects.get().blob_key)
    assert idle_harness.result(ref.workflow_id) == "FAILED"
    assert ingest.document(ref).error_code == "missing"


def test_document_password_is_requested_until_correct(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """NEEDS_PASSWORD opens a task; a wrong password asks again, the correct one continues reading."""
    ref = ingest.upload(f"password: sesame\n{INVOICE}")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    assert ingest.document(ref).status == "NEEDS_PASSWORD"
    assert ingest.task(ref).kind == TaskKind.PASSWORD
    ingest.give_password(ref, "wrong")
    harness.activity_log.wait_for("request_password", ref.workflow_id, 2)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id, 3)
    assert ingest.document(ref).error_code == "wrong_password"
    ingest.give_password(ref, "sesame")
    harness.activity_log.wait_for("assess", ref.workflow_id)
    document = ingest.document(ref)
    assert (document.status, document.error_code) == ("IN_REVIEW", "")


def test_document_erased_ends_its_workflow(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Erasure signals the workflow, which then has nothing left to do."""
    ref = ingest.upload()
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    ingest.erase(ref)
    assert harness.result(ref.workflow_id) in {"CANCELLED", "SUPERSEDED"}


def test_document_pages_are_read_once_in_order(
    harness: TemporalHarness, ingest: IngestHarness, reader: TextReader
) -> None:
    """Every page of a longer document is read once, in order."""
    ref = ingest.upload(f"{INVOICE}\x0csecond page\x0cthird page")
    harness.activity_log.wait_for("assess", ref.workflow_id)
    assert reader.read_pages == [1, 2, 3]
    with tenant_scope(ingest.tenant_id):
        assert list(Page.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
