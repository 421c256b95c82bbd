"""A document's other steps: repeated, no second effect; malware is stopped; failures are typed."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError

from ingestion.adapters.sandbox.pool import NoChild
from ingestion.contracts import RunRef
from ingestion.domain import errors
from ingestion.domain.ports import ScanVerdict
from ingestion.models import Document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reruns import rerun_document
from quality.models import Assessment, Certificate
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery
from review.models import ReviewTask
from tests.integration.workers.conftest import order_of, perform, read
from tests.workflows.papers import INVOICE, Office
from workers.activities.document_steps import DocumentActivities
from workers.activities.review_steps import DeskActivities
from workers.interceptors import named
from workers.messages import Begun, Ending, ScanAnswer

CLEAN = INVOICE.replace("Total 120.00 EUR", "Total EUR 120.00")
CANARY = "Hildegard Winterbottom"


@dataclass
class Scanner:
    """A VirusScanner that says what it is told to; None cannot be reached."""

    signature: str | None = ""

    def scan(self, source: Path) -> ScanVerdict:
        """Give the verdict."""
        if self.signature is None:
            raise errors.ScannerUnavailable
        assert source.read_bytes().startswith(b"%PDF")
        return ScanVerdict(self.signature or None)


def test_a_repeated_judgement_changes_nothing(office: Office, engine: Engine) -> None:
    """One assessment, one task, one event, whatever the engine repeats."""
    ref = read(office, INVOICE, engine, webhook_url="https://receiver.example/hook")
    steps = DocumentActivities(engine)
    again = perform(steps.assess, order_of(ref))
    assert (again.decision, again.status) == ("review", "IN_REVIEW")
    perform(steps.assess_by_hand, order_of(ref))
    with tenant_scope(office.tenant_id):
        assert Assessment.objects.count() == 1
        assert ReviewTask.objects.count() == 1
        assert AuditEvent.objects.filter(action="document.in_review").count() == 1


def test_under_a_promise_a_document_passes_without_a_person(office: Office, engine: Engine) -> None:
    """A certificate of these very versions approves; one of others, or none, asks a person."""
    schema = {
        "schema_key": "invoice",
        "promise": 0.1,
        "threshold": 1.0,
        "accepted": 40,
        "errors": 0,
        "rule_set": "1",
    }
    with tenant_scope(office.tenant_id):
        held = Certificate.objects.create(
            tenant_id=office.tenant_id, evidence={"versions": sorted(engine.versions("prior"))}, **schema
        )
    passed = read(office, CLEAN, engine)
    assert office.document(passed).status == "APPROVED"
    perform(DeskActivities(engine).settle, order_of(passed))
    with tenant_scope(office.tenant_id):
        assert not Assessment.objects.filter(after_human=True).exists()
        Certificate.objects.filter(pk=held.pk).update(evidence={"versions": ["another model"]})
    asked = read(office, CLEAN.replace("2041", "2042"), engine)
    assert office.document(asked).status == "IN_REVIEW"
    assert "certificate" in office.task(asked).reasons


def test_what_cannot_be_judged_goes_to_a_person(office: Office, engine: Engine) -> None:
    """The task says that nobody has judged it."""
    ref = office.upload()
    with tenant_scope(office.tenant_id):
        Document.objects.update(status="ASSESSING")
    perform(DocumentActivities(engine).assess_by_hand, order_of(ref))
    assert office.document(ref).status == "IN_REVIEW"
    assert office.task(ref).reasons == ["not_assessed"]


def test_settling_twice_tells_once(office: Office, engine: Engine) -> None:
    """`document.completed` has one id for a run, however often it is told."""
    ref = read(office, INVOICE, engine, webhook_url="https://receiver.example/hook")
    office.decide(ref)
    desk = DeskActivities(engine)
    perform(desk.settle, order_of(ref))
    perform(desk.settle, order_of(ref))
    with tenant_scope(office.tenant_id):
        assert WebhookDelivery.objects.filter(event="document.completed").count() == 1
        assert Assessment.objects.filter(after_human=True).count() == 1


def test_a_batch_is_done_with_its_last_document(office: Office, engine: Engine) -> None:
    """Not before, and once."""
    batch = office.batch()
    first = read(office, INVOICE, engine, batch_id=batch.id)
    second = read(office, INVOICE.replace("2041", "2042"), engine, batch_id=batch.id)
    desk = DeskActivities(engine)
    office.decide(first)
    perform(desk.settle, order_of(first))
    assert office.batch_status() == "RUNNING"
    office.decide(second)
    perform(desk.settle, order_of(second))
    perform(desk.settle, order_of(second))
    assert office.batch_status() == "DONE"
    with tenant_scope(office.tenant_id):
        assert AuditEvent.objects.filter(action="batch.completed").count() == 1


def test_malware_is_named_and_kept_apart(office: Office, engine: Engine) -> None:
    """A scanner holds the document in RECEIVED until it has spoken."""
    ref = office.upload()
    steps = DocumentActivities(engine, Scanner("Eicar-Test-Signature"))
    assert perform(steps.begin, order_of(ref)) == Begun("RECEIVED", scan=True)
    assert office.document(ref).stage == "scanning"
    answer = perform(steps.scan, order_of(ref))
    assert answer == ScanAnswer("Eicar-Test-Signature")
    perform(steps.end, Ending(order_of(ref), "malware", answer.signature, quarantine=True))
    document = office.document(ref)
    assert (document.status, document.error_code) == ("QUARANTINED", "malware")


def test_without_its_scanner_a_document_waits(office: Office, engine: Engine) -> None:
    """It is never called clean; with an answer it goes on."""
    ref = office.upload()
    steps = DocumentActivities(engine, Scanner(None))
    perform(steps.begin, order_of(ref))
    with pytest.raises(errors.ScannerUnavailable):
        perform(steps.scan, order_of(ref))
    assert office.document(ref).status == "RECEIVED"
    clean = DocumentActivities(engine, Scanner(""))
    assert perform(clean.scan, order_of(ref)) == ScanAnswer()
    perform(clean.pass_scan, order_of(ref))
    perform(clean.pass_scan, order_of(ref))
    assert office.document(ref).status == "READING"


def test_what_could_not_be_scanned_is_scanned_before_it_is_read_again(office: Office, engine: Engine) -> None:
    """A new run does not lead around the scanner."""
    ref = office.upload()
    steps = DocumentActivities(engine, Scanner(""))
    perform(steps.begin, order_of(ref))
    perform(steps.end, Ending(order_of(ref), "not_scanned", "The scanner could not look at all of it."))
    assert office.document(ref).status == "FAILED"
    with tenant_scope(office.tenant_id):
        again = rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    now = RunRef(office.tenant_id, ref.document_id, again.run)
    assert perform(steps.begin, order_of(now)).scan
    assert office.document(now).stage == "scanning"


@pytest.mark.parametrize(
    ("reason", "attempt", "code", "final"),
    [
        (errors.CorruptFile("The file is damaged."), 1, "corrupt", True),
        (errors.ResourceLimit("It takes too much."), 1, "resource_limit", False),
        (errors.ResourceLimit("It takes too much."), 2, "resource_limit", True),
        (errors.NotScanned("It is too large."), 1, "not_scanned", True),
        (errors.MissingFile("It is not there."), 1, "missing", False),
        (errors.MissingFile("It is not there."), 2, "missing", True),
        (FileNotFoundError(CANARY), 50, "infrastructure", False),
        (StaleAttempt(), 1, "stale", True),
        (Document.DoesNotExist(CANARY), 1, "stale", True),
        (OperationalError(CANARY), 50, "infrastructure", False),
        (NoChild(), 50, "infrastructure", False),
        (ConnectionResetError(CANARY), 50, "infrastructure", False),
        (errors.ScannerUnavailable(CANARY), 50, "infrastructure", False),
        (
            type("ClientError", (Exception,), {"__module__": "botocore.exceptions"})(CANARY),
            50,
            "infrastructure",
            False,
        ),
        (IntegrityError(CANARY), 1, "unexpected", False),
        (IntegrityError(CANARY), 3, "poison", True),
    ],
)
def test_failures_are_typed_and_quote_nothing(reason: Exception, attempt: int, code: str, final: bool) -> None:
    """What the engine keeps of a failure holds no text of a document."""

    def fail() -> None:
        failure = named(reason, attempt)
        assert (failure.type, failure.non_retryable) == (code, final)
        assert CANARY not in repr(failure)

    perform(lambda _: fail(), None)
