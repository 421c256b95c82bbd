"""A document's whole way on the real engine and the real database, from the upload to its last event."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ingestion.models import Document, Field, Page
from quality.models import Assessment, TrainingExample
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from review.contracts import FieldEdit
from review.domain.lifecycle import TaskKind, Verdict
from tests.fakes import FakeVirusScanner
from tests.workflows.conftest import io_activities
from tests.workflows.papers import INVOICE, Office, open_office
from tests.workflows.plant import Plant
from tests.workflows.readers import TextReader
from workers import queues

LOOK = "look_at_desk"


@pytest.fixture
def office(plant: Plant) -> Office:
    """A tenant beside a running plant."""
    return open_office()


def test_from_upload_to_settled(plant: Plant, office: Office) -> None:
    """Read, judged, reviewed, decided, scored again; every effect once."""
    ref = office.upload()
    plant.watch.wait_for(LOOK, ref.workflow_id)
    document = office.document(ref)
    assert (document.status, document.pages, document.schema_key) == ("IN_REVIEW", 1, "invoice")
    with tenant_scope(office.tenant_id):
        assert Page.objects.get().words[0]["text"] == "Aldgate"
        total = Field.objects.get(name="total")
        assert (total.normalized, total.model_version) == ("120.00", "prior")
        assert Assessment.objects.get().decision == "review"
    office.decide(ref, Verdict.APPROVE, FieldEdit("invoice_number", "INV-2042"))
    assert plant.result(ref.workflow_id) == "APPROVED"
    with tenant_scope(office.tenant_id):
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


def test_an_undone_decision_is_waited_for_again(plant: Plant, office: Office, settings: object) -> None:
    """Within the grace nothing leaves; the workflow waits for the next decision."""
    settings.UNDO_GRACE_SECONDS = 3600  # type: ignore[attr-defined]
    ref = office.upload()
    plant.watch.wait_for(LOOK, ref.workflow_id)
    task_id = office.decide(ref)
    plant.watch.wait_for(LOOK, ref.workflow_id, 2)
    office.undo(task_id)
    plant.watch.wait_for(LOOK, ref.workflow_id, 3)
    assert office.document(ref).status == "IN_REVIEW"
    settings.UNDO_GRACE_SECONDS = 0  # type: ignore[attr-defined]
    office.decide(ref, Verdict.REJECT)
    assert plant.result(ref.workflow_id) == "REJECTED"
    assert plant.watch.count("settle", ref.workflow_id) == 1


def test_a_second_opinion_is_waited_for(plant: Plant, office: Office) -> None:
    """The document stays in review until another person decides."""
    ref = office.upload()
    plant.watch.wait_for(LOOK, ref.workflow_id)
    office.decide(ref, Verdict.NEEDS_SECOND_REVIEW)
    plant.watch.wait_for(LOOK, ref.workflow_id, 2)
    assert office.document(ref).status == "IN_REVIEW"
    assert office.task(ref).kind == TaskKind.SECOND


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
def test_what_cannot_be_read_ends_typed(
    plant: Plant, office: Office, reader: TextReader, page: str, status: str, code: str
) -> None:
    """Each failure has its status and code; a limit is tried twice, a bug three times."""
    ref = office.upload(page)
    assert plant.result(ref.workflow_id) == status
    document = office.document(ref)
    assert (document.status, document.error_code) == (status, code)
    tries = {"resource_limit": 2, "poison": 3}.get(code, 1)
    assert reader.read_pages == [1] * tries


def test_a_lost_original_ends_typed_after_a_second_look(plant: Plant, office: Office, reader: TextReader) -> None:
    """It vanished before it was read, from a store that holds others."""
    default_storage.save("tenants/other", ContentFile(b"still here"))
    with tenant_scope(office.tenant_id):
        ref = office.upload()
        default_storage.delete(Document.objects.get().blob_key)
    assert plant.result(ref.workflow_id) == "FAILED"
    assert office.document(ref).error_code == "missing"
    assert reader.read_pages == []


def test_a_lost_original_ends_before_its_scan(idle_plant: Plant, engine: Engine) -> None:
    """As it cannot be scanned, nothing waits for it."""
    idle_plant.work(queues.IO, *io_activities(engine, FakeVirusScanner()))
    idle_plant.relay()
    office = open_office()
    default_storage.save("tenants/other", ContentFile(b"still here"))
    with tenant_scope(office.tenant_id):
        ref = office.upload()
        default_storage.delete(Document.objects.get().blob_key)
    assert idle_plant.result(ref.workflow_id) == "FAILED"
    assert office.document(ref).error_code == "missing"


def test_a_password_is_asked_for_until_it_fits(plant: Plant, office: Office) -> None:
    """NEEDS_PASSWORD is a task; a wrong one asks again, the right one reads on."""
    ref = office.upload(f"password: sesame\n{INVOICE}")
    plant.watch.wait_for(LOOK, ref.workflow_id)
    assert office.document(ref).status == "NEEDS_PASSWORD"
    assert office.task(ref).kind == TaskKind.PASSWORD
    office.give_password(ref, "wrong")
    plant.watch.wait_for("ask_for_password", ref.workflow_id, 2)
    plant.watch.wait_for(LOOK, ref.workflow_id, 3)
    assert office.document(ref).error_code == "wrong_password"
    office.give_password(ref, "sesame")
    plant.watch.wait_for("assess", ref.workflow_id)
    document = office.document(ref)
    assert (document.status, document.error_code) == ("IN_REVIEW", "")


def test_an_erased_document_ends_its_workflow(plant: Plant, office: Office) -> None:
    """Erasure wakes the workflow, which finds nothing left to do."""
    ref = office.upload()
    plant.watch.wait_for(LOOK, ref.workflow_id)
    office.erase(ref)
    assert plant.result(ref.workflow_id) in {"CANCELLED", "SUPERSEDED"}


def test_pages_are_kept_once_and_all(plant: Plant, office: Office, reader: TextReader) -> None:
    """Every page of a longer document is read once, in order."""
    ref = office.upload(f"{INVOICE}\x0csecond page\x0cthird page")
    plant.watch.wait_for("assess", ref.workflow_id)
    assert reader.read_pages == [1, 2, 3]
    with tenant_scope(office.tenant_id):
        assert list(Page.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
