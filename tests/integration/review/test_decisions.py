"""A decision: the document, its fields, examples, issues and messages move together, and back together."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ingestion.domain.lifecycle import InvalidMove
from ingestion.models import Document, Field
from ingestion.services.schemas import default_schemas
from quality.models import Issue, TrainingExample
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import Actor, NotAllowed
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.contracts import ClaimedTask, FieldEdit, Submission
from review.domain.corrections import UnknownField
from review.domain.lease_errors import LeaseLost
from review.domain.lifecycle import TaskKind, TaskState, Verdict
from review.models import Correction, ReviewTask
from review.services.claims import claim_next, claim_task
from review.services.drafts import DraftConflict, draft_of, save_draft
from review.services.edits import EditRequest, InOtherHands, StaleVersion, edit_field
from review.services.leases import release_task
from review.services.reopen import reopen_document
from review.services.submit import DocumentMovedOn, ReasonNeeded, submit_review
from review.services.tasks import TaskRequest, open_task
from review.services.undo import TooLate, undo_review
from tests.factories.documents import Sheet, make_document
from tests.factories.people import House, make_house

FIELDS = (
    Sheet("invoice_number", "INV-2041"),
    Sheet("supplier", "Acme Ltd"),
    Sheet("total", "120.00", 0.61, needs_human=True),
    Sheet("iban", "DE89", 0.5, needs_human=True),
)


@pytest.fixture
def house(db: None) -> House:
    """A tenant with its schemas."""
    house = make_house()
    with tenant_scope(house.tenant_id):
        default_schemas(tenant_id=house.tenant_id)
    return house


@pytest.fixture
def reviewer(house: House) -> Iterator[Actor]:
    """A reviewer within their tenant's scope."""
    actor = house.actor(Role.REVIEWER)
    with tenant_scope(house.tenant_id):
        yield actor


@pytest.fixture
def claimed(house: House, reviewer: Actor) -> ClaimedTask:
    """A document under the reviewer's lease."""
    document = make_document(house, fields=FIELDS)
    open_task(TaskRequest(house.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    found = claim_next(actor=reviewer)
    assert found is not None
    return found


def decide(reviewer: Actor, claimed: ClaimedTask, verdict: Verdict, *edits: FieldEdit, reason: str = "") -> None:
    """Submit."""
    submit_review(
        actor=reviewer,
        task_id=claimed.task_id,
        token=claimed.lease.token,
        submission=Submission(verdict, reason, edits),
    )


def test_an_approval_confirms_what_was_flagged_and_corrects_what_was_edited(
    reviewer: Actor, claimed: ClaimedTask
) -> None:
    """Fields that nobody was asked to look at and nobody touched teach nothing."""
    decide(reviewer, claimed, Verdict.APPROVE, FieldEdit("total", "1,120.00"))
    document = Document.objects.get(pk=claimed.document_id)
    assert (document.status, document.stage, document.decided_by_id) == ("APPROVED", "decided", reviewer.user_id)
    total = Field.objects.get(document=document, name="total")
    assert (total.value, total.normalized, total.model_value) == ("1,120.00", "1120.00", "120.00")
    assert (total.human, total.needs_human, total.source) == ("corrected", False, "human")
    kinds = dict(TrainingExample.objects.values_list("field", "kind"))
    assert kinds == {"total": "corrected", "iban": "confirmed"}
    example = TrainingExample.objects.get(field="total")
    assert (example.model_prediction, example.expert_correction) == ("120.00", "1,120.00")
    assert example.reviewer_role == "reviewer"
    assert Issue.objects.get().overturned is False
    assert OutboxMessage.objects.filter(topic="workflow.signal", payload__signal="submitted").count() == 1
    assert AuditEvent.objects.filter(action="review.submitted").count() == 1


def test_the_same_value_written_otherwise_is_a_confirmation(reviewer: Actor, claimed: ClaimedTask) -> None:
    """120.00 and 120,00 are one amount; the issue on it was wrong then, and the override is recorded."""
    decide(reviewer, claimed, Verdict.APPROVE, FieldEdit("total", "120,00"), reason="checked by phone")
    assert TrainingExample.objects.get(field="total").kind == "confirmed"
    assert Issue.objects.get().overturned is True
    assert AuditEvent.objects.get(action="issue.overridden").detail["reason"] == "checked by phone"


def test_a_rejection_needs_a_reason_and_confirms_nothing(reviewer: Actor, claimed: ClaimedTask) -> None:
    """What is thrown away teaches only what was edited."""
    with pytest.raises(ReasonNeeded):
        decide(reviewer, claimed, Verdict.REJECT)
    decide(reviewer, claimed, Verdict.REJECT, reason="illegible")
    assert Document.objects.get(pk=claimed.document_id).status == "REJECTED"
    assert not TrainingExample.objects.exists()


def test_a_second_review_goes_to_another_person(house: House, reviewer: Actor, claimed: ClaimedTask) -> None:
    """The first reviewer never gets it."""
    decide(reviewer, claimed, Verdict.NEEDS_SECOND_REVIEW)
    assert Document.objects.get(pk=claimed.document_id).status == "IN_REVIEW"
    assert claim_next(actor=reviewer) is None
    second = claim_next(actor=house.actor(Role.MANAGER))
    assert second is not None
    assert ReviewTask.objects.get(pk=second.task_id).kind == TaskKind.SECOND


def test_undo_puts_everything_back(reviewer: Actor, claimed: ClaimedTask) -> None:
    """Document, fields, issue and examples; what was typed is a draft again, and the lease is new."""
    decide(reviewer, claimed, Verdict.APPROVE, FieldEdit("total", "1,120.00"))
    again = undo_review(actor=reviewer, task_id=claimed.task_id)
    assert again.task_id == claimed.task_id
    assert again.lease.token != claimed.lease.token
    document = Document.objects.get(pk=claimed.document_id)
    assert (document.status, document.decided_by_id) == ("IN_REVIEW", None)
    total = Field.objects.get(document=document, name="total")
    assert (total.value, total.normalized, total.human, total.needs_human) == ("120.00", "120.00", "", True)
    assert not TrainingExample.objects.exists()
    assert not Correction.objects.filter(undone_at=None).exists()
    assert draft_of(reviewer, claimed.task_id).values["total"] == {"value": "1,120.00"}
    assert Issue.objects.get().overturned is None
    assert OutboxMessage.objects.filter(payload__signal="undone").count() == 1


def test_undo_of_an_untouched_field_does_not_flag_it(reviewer: Actor, claimed: ClaimedTask) -> None:
    """A field that was edited of the reviewer's own accord was not flagged before, and is not after."""
    decide(reviewer, claimed, Verdict.APPROVE, FieldEdit("supplier", "Acme Limited"))
    undo_review(actor=reviewer, task_id=claimed.task_id)
    supplier = Field.objects.get(name="supplier")
    assert (supplier.value, supplier.source, supplier.needs_human) == ("Acme Ltd", "text", False)


def test_undo_brings_back_the_word_that_the_decision_took_the_place_of(
    house: House, reviewer: Actor, claimed: ClaimedTask
) -> None:
    """An earlier correction by a colleague is not lost with one's own decision, however often that is changed."""
    colleague = house.actor(Role.MANAGER)
    release_task(actor=reviewer, task_id=claimed.task_id, token=claimed.lease.token)
    total = Field.objects.get(document_id=claimed.document_id, name="total")
    edit_field(
        actor=colleague,
        request=EditRequest(claimed.document_id, FieldEdit("total", "121.00"), total.version, "misread"),
    )
    words = TrainingExample.objects.order_by("field").values_list("field", "expert_correction", "reviewer_id")
    before = list(words)
    assert before == [("total", "121.00", colleague.user_id)]
    task = claim_task(actor=reviewer, task_id=claimed.task_id)
    for value in ("122.00", "123.00"):
        decide(reviewer, task, Verdict.APPROVE, FieldEdit("total", value))
        assert ("total", value, reviewer.user_id) in words.all()
        task = undo_review(actor=reviewer, task_id=claimed.task_id)
        assert list(words.all()) == before


def test_undo_ends_with_the_grace(reviewer: Actor, claimed: ClaimedTask) -> None:
    """And is the reviewer's own."""
    decide(reviewer, claimed, Verdict.APPROVE)
    ReviewTask.objects.update(submitted_at=timezone.now() - timedelta(seconds=31))
    with pytest.raises(TooLate):
        undo_review(actor=reviewer, task_id=claimed.task_id)


def test_a_lost_lease_writes_nothing(reviewer: Actor, claimed: ClaimedTask) -> None:
    """Another token is another person's."""
    lost = ClaimedTask(
        claimed.task_id, claimed.document_id, type(claimed.lease)(uuid4(), claimed.lease.expires_at)
    )
    with pytest.raises(LeaseLost):
        decide(reviewer, lost, Verdict.APPROVE, FieldEdit("total", "1"))
    assert Field.objects.get(name="total").value == "120.00"


def test_an_unknown_field_writes_nothing(reviewer: Actor, claimed: ClaimedTask) -> None:
    """All or nothing."""
    with pytest.raises(UnknownField):
        decide(reviewer, claimed, Verdict.APPROVE, FieldEdit("total", "1"), FieldEdit("nonsense", "1"))
    assert ReviewTask.objects.get().state == TaskState.CLAIMED
    assert Field.objects.get(name="total").value == "120.00"


def test_a_document_that_moved_on_is_not_decided(reviewer: Actor, claimed: ClaimedTask) -> None:
    """A re-run makes the task stale."""
    Document.objects.update(run=2)
    with pytest.raises(DocumentMovedOn):
        decide(reviewer, claimed, Verdict.APPROVE)


def test_two_tabs_notice_each_other(reviewer: Actor, claimed: ClaimedTask) -> None:
    """The later revision wins; the other tab is shown it. The same text twice is no conflict."""
    one = save_draft(actor=reviewer, task_id=claimed.task_id, revision=0, values={"total": {"value": "1"}})
    assert one.revision == 1
    again = save_draft(actor=reviewer, task_id=claimed.task_id, revision=0, values={"total": {"value": "1"}})
    assert again.revision == 1
    with pytest.raises(DraftConflict) as caught:
        save_draft(actor=reviewer, task_id=claimed.task_id, revision=0, values={"total": {"value": "2"}})
    assert caught.value.current.values == {"total": {"value": "1"}}


def test_a_manager_opens_a_decision_again(house: House, reviewer: Actor, claimed: ClaimedTask) -> None:
    """A new task, watched by a workflow of its own that hears of the next decision; reviewers may not."""
    decide(reviewer, claimed, Verdict.APPROVE, FieldEdit("total", "1,120.00"))
    with pytest.raises(NotAllowed):
        reopen_document(actor=reviewer, document_id=claimed.document_id, reason="")
    manager = house.actor(Role.MANAGER)
    opened = reopen_document(actor=manager, document_id=claimed.document_id, reason="the customer called")
    assert Document.objects.get(pk=claimed.document_id).status == "IN_REVIEW"
    assert Field.objects.get(name="total").value == "1,120.00"
    again = claim_next(actor=reviewer)
    assert again is not None
    assert again.task_id == opened.task_id
    decide(reviewer, again, Verdict.REJECT, reason="a forgery")
    sent = OutboxMessage.objects.filter(payload__id=f"review/{opened.task_id}").values_list("topic", flat=True)
    assert sorted(sent) == ["workflow.signal", "workflow.start"]


def test_what_was_never_decided_is_not_opened_again(house: House, reviewer: Actor, claimed: ClaimedTask) -> None:
    """It is refused."""
    with pytest.raises(InvalidMove):
        reopen_document(actor=house.actor(Role.MANAGER), document_id=claimed.document_id, reason="")


def test_a_correction_after_the_approval_is_told(house: House, reviewer: Actor, claimed: ClaimedTask) -> None:
    """Receivers of the approved data hear that it has changed."""
    WebhookEndpoint.objects.create(tenant_id=house.tenant_id, url="https://receiver.example", secret="whsec_x")
    decide(reviewer, claimed, Verdict.APPROVE)
    version = Field.objects.get(name="total").version
    edit_field(
        actor=house.actor(Role.MANAGER),
        request=EditRequest(claimed.document_id, FieldEdit("total", "99.00"), version),
    )
    delivery = WebhookDelivery.objects.get(event="document.corrected")
    assert delivery.payload["data"]["field"] == "total"


def test_an_edit_needs_the_version_that_it_saw(house: House, reviewer: Actor, claimed: ClaimedTask) -> None:
    """And a document that nobody else has in hand."""
    wanted = EditRequest(claimed.document_id, FieldEdit("total", "99.00"), version=1)
    with pytest.raises(InOtherHands):
        edit_field(actor=house.actor(Role.MANAGER), request=wanted)
    row = edit_field(actor=reviewer, request=wanted)
    assert (row.value, row.version) == ("99.00", 2)
    with pytest.raises(StaleVersion):
        edit_field(actor=reviewer, request=wanted)
