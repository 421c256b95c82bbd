"""Other document steps: repetition has no further effect, malware is stopped, failures are typed."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError

from ingestion.adapters.sandbox.pool import SandboxUnavailable
from ingestion.contracts import RunRef
from ingestion.domain import errors
from ingestion.domain.ports import RenditionPending, ScanResult
from ingestion.models import Document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reruns import rerun_document
from quality.models import Assessment, Certificate
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery
from review.models import ReviewTask
from tests.integration.workers.activity_steps import document_input, read_and_assess, run_activity
from tests.support.ingest_harness import INVOICE, IngestHarness
from workers.activities.document_steps import DocumentActivities
from workers.activities.review_steps import HumanTaskActivities
from workers.interceptors import to_application_error
from workers.messages import BeginResult, DocumentFailure, ScanOutcome

CONSISTENT_INVOICE = INVOICE.replace("Total 120.00 EUR", "Total EUR 120.00")
CANARY = "Hildegard Winterbottom"


@dataclass
class FakeScanner:
    """VirusScanner with a configured result; None is unavailable."""

    signature: str | None = ""

    def scan(self, source: Path) -> ScanResult:
        """Return the result."""
        if self.signature is None:
            raise errors.ScannerUnavailable
        assert source.read_bytes().startswith(b"%PDF")
        return ScanResult(self.signature or None)


def test_assess_twice_changes_nothing(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """One assessment, one task, one event, however often Temporal repeats the activity."""
    ref = read_and_assess(ingest, INVOICE, assessment_engine, webhook_url="https://receiver.example/hook")
    steps = DocumentActivities(assessment_engine)
    again = run_activity(steps.assess, document_input(ref))
    assert (again.decision, again.status) == ("review", "IN_REVIEW")
    run_activity(steps.route_to_review, document_input(ref))
    with tenant_scope(ingest.tenant_id):
        assert Assessment.objects.count() == 1
        assert ReviewTask.objects.count() == 1
        assert AuditEvent.objects.filter(action="document.in_review").count() == 1


def test_assess_with_certificate_approves_without_review(
    ingest: IngestHarness, assessment_engine: AssessmentConfig
) -> None:
    """A certificate of exactly these versions approves; without it the document goes to review."""
    schema = {"schema_key": "invoice", "promise": 0.1, "threshold": 1.0, "accepted": 40, "errors": 0, "rule_set": "1"}
    with tenant_scope(ingest.tenant_id):
        held = Certificate.objects.create(
            tenant_id=ingest.tenant_id, evidence={"versions": sorted(assessment_engine.versions("prior"))}, **schema
        )
    passed = read_and_assess(ingest, CONSISTENT_INVOICE, assessment_engine)
    assert ingest.document(passed).status == "APPROVED"
    run_activity(HumanTaskActivities(assessment_engine).finalize, document_input(passed))
    with tenant_scope(ingest.tenant_id):
        assert not Assessment.objects.filter(after_human=True).exists()
        Certificate.objects.filter(pk=held.pk).update(evidence={"versions": ["another model"]})
    asked = read_and_assess(ingest, CONSISTENT_INVOICE.replace("2041", "2042"), assessment_engine)
    assert ingest.document(asked).status == "IN_REVIEW"
    assert "certificate" in ingest.task(asked).reasons


def test_assess_failure_opens_review_task(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """The task says that the document was not assessed."""
    ref = ingest.upload()
    with tenant_scope(ingest.tenant_id):
        Document.objects.update(status="ASSESSING")
    run_activity(DocumentActivities(assessment_engine).route_to_review, document_input(ref))
    assert ingest.document(ref).status == "IN_REVIEW"
    assert ingest.task(ref).reasons == ["not_assessed"]


def test_settle_twice_sends_one_completed_event(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """`document.completed` has one id per run, however often it is sent."""
    ref = read_and_assess(ingest, INVOICE, assessment_engine, webhook_url="https://receiver.example/hook")
    ingest.decide(ref)
    desk = HumanTaskActivities(assessment_engine)
    run_activity(desk.finalize, document_input(ref))
    run_activity(desk.finalize, document_input(ref))
    with tenant_scope(ingest.tenant_id):
        assert WebhookDelivery.objects.filter(event="document.completed").count() == 1
        assert Assessment.objects.filter(after_human=True).count() == 1


def test_batch_completes_with_its_last_document(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """Not earlier, and once."""
    batch = ingest.batch()
    first = read_and_assess(ingest, INVOICE, assessment_engine, batch_id=batch.id)
    second = read_and_assess(ingest, INVOICE.replace("2041", "2042"), assessment_engine, batch_id=batch.id)
    desk = HumanTaskActivities(assessment_engine)
    ingest.decide(first)
    run_activity(desk.finalize, document_input(first))
    assert ingest.batch_status() == "RUNNING"
    ingest.decide(second)
    run_activity(desk.finalize, document_input(second))
    run_activity(desk.finalize, document_input(second))
    assert ingest.batch_status() == "DONE"
    with tenant_scope(ingest.tenant_id):
        assert AuditEvent.objects.filter(action="batch.completed").count() == 1


def test_scan_malware_is_named_and_quarantined(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """The document stays in RECEIVED until the scanner has answered."""
    ref = ingest.upload()
    steps = DocumentActivities(assessment_engine, FakeScanner("Eicar-Test-Signature"))
    assert run_activity(steps.begin, document_input(ref)) == BeginResult("RECEIVED", scan=True)
    assert ingest.document(ref).stage == "scanning"
    answer = run_activity(steps.scan, document_input(ref))
    assert answer == ScanOutcome("Eicar-Test-Signature")
    run_activity(
        steps.fail_or_quarantine, DocumentFailure(document_input(ref), "malware", answer.signature, quarantine=True)
    )
    document = ingest.document(ref)
    assert (document.status, document.error_code) == ("QUARANTINED", "malware")


def test_scan_unavailable_keeps_document_waiting(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """It is never reported as clean; after an answer the document continues."""
    ref = ingest.upload()
    steps = DocumentActivities(assessment_engine, FakeScanner(None))
    run_activity(steps.begin, document_input(ref))
    with pytest.raises(errors.ScannerUnavailable):
        run_activity(steps.scan, document_input(ref))
    assert ingest.document(ref).status == "RECEIVED"
    clean = DocumentActivities(assessment_engine, FakeScanner(""))
    assert run_activity(clean.scan, document_input(ref)) == ScanOutcome()
    run_activity(clean.pass_scan, document_input(ref))
    run_activity(clean.pass_scan, document_input(ref))
    assert ingest.document(ref).status == "READING"


def test_rerun_of_unscanned_document_scans_first(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """A new run does not bypass the scanner."""
    ref = ingest.upload()
    steps = DocumentActivities(assessment_engine, FakeScanner(""))
    run_activity(steps.begin, document_input(ref))
    run_activity(
        steps.fail_or_quarantine,
        DocumentFailure(document_input(ref), "not_scanned", "The scanner could not look at all of it."),
    )
    assert ingest.document(ref).status == "FAILED"
    with tenant_scope(ingest.tenant_id):
        again = rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    now = RunRef(ingest.tenant_id, ref.document_id, again.run)
    assert run_activity(steps.begin, document_input(now)).scan
    assert ingest.document(now).stage == "scanning"


@pytest.mark.parametrize(
    ("reason", "attempt", "code", "final"),
    [
        (errors.CorruptFile("The file is damaged."), 1, "corrupt", True),
        (errors.ResourceLimit("It takes too much."), 1, "resource_limit", False),
        (errors.ResourceLimit("It takes too much."), 2, "resource_limit", True),
        (errors.UnscannableFile("It is too large."), 1, "not_scanned", True),
        (errors.MissingFile("It is not there."), 1, "missing", False),
        (errors.MissingFile("It is not there."), 2, "missing", True),
        (FileNotFoundError(CANARY), 50, "infrastructure", False),
        (StaleAttempt(), 1, "stale", True),
        (Document.DoesNotExist(CANARY), 1, "stale", True),
        (OperationalError(CANARY), 50, "infrastructure", False),
        (SandboxUnavailable(), 50, "infrastructure", False),
        (ConnectionResetError(CANARY), 50, "infrastructure", False),
        (errors.ScannerUnavailable(CANARY), 50, "infrastructure", False),
        (type("ClientError", (Exception,), {"__module__": "botocore.exceptions"})(CANARY), 50, "infrastructure", False),
        (IntegrityError(CANARY), 1, "unexpected", False),
        (IntegrityError(CANARY), 3, "poison", True),
    ],
)
def test_activity_failures_are_typed_without_document_text(
    reason: Exception, attempt: int, code: str, final: bool
) -> None:
    """Temporal's failure details contain no document text."""

    def fail() -> None:
        failure = to_application_error(reason, attempt)
        assert (failure.type, failure.non_retryable) == (code, final)
        assert CANARY not in repr(failure)

    run_activity(lambda _: fail(), None)


def test_pending_rendition_is_tried_again_soon_and_never_given_up() -> None:
    for attempt in (1, 50):
        failure = to_application_error(RenditionPending(), attempt)
        assert (failure.type, failure.non_retryable) == ("infrastructure", False)
        assert failure.next_retry_delay == timedelta(seconds=10)
