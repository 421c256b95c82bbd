"""Decisions change document, fields, examples, issues and messages together; an undo restores all of them."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ingestion.domain.lifecycle import InvalidDocumentTransition
from ingestion.models import Document, Field
from ingestion.services.review_port import ClaimedByOther
from ingestion.services.schemas import create_default_schemas
from quality.models import Issue, TrainingExample
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import Actor, NotAllowed
from refinery.core.tenancy.roles import Role
from review.contracts import ClaimedTask, FieldEdit, Submission
from review.domain.corrections import UnknownField
from review.domain.lease_errors import LeaseLost
from review.domain.lifecycle import ReviewVerdict, TaskKind, TaskState
from review.models import Correction, Draft, ReviewTask
from review.services.claims import claim_next, claim_task
from review.services.drafts import DraftConflict, save_draft
from review.services.edits import EditRequest, StaleVersion, edit_field
from review.services.leases import release_task
from review.services.reopen import reopen_document
from review.services.submit import DocumentNotInReview, ReasonNeeded, submit_review
from review.services.tasks import TaskRequest, open_task
from review.services.undo import UndoExpired, undo_review
from tests.support.factories.documents import FieldSample, make_document
from tests.support.factories.tenants import TenantFixture, make_tenant

FIELDS = (
    FieldSample("invoice_number", "INV-2041"),
    FieldSample("supplier", "Acme Ltd"),
    FieldSample("total", "120.00", 0.61, needs_human=True),
    FieldSample("iban", "DE89", 0.5, needs_human=True),
)


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant with its schemas."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
    return tenant


@pytest.fixture
def reviewer(tenant: TenantFixture) -> Iterator[Actor]:
    """Yield a reviewer in the tenant's scope."""
    actor = tenant.actor(Role.REVIEWER)
    with tenant_scope(tenant.tenant_id):
        yield actor


@pytest.fixture
def claimed_document(tenant: TenantFixture, reviewer: Actor) -> ClaimedTask:
    """Return a document claimed by the reviewer."""
    document = make_document(tenant, fields=FIELDS)
    open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    found = claim_next(actor=reviewer)
    assert found is not None
    return found


def decide(reviewer: Actor, claimed: ClaimedTask, verdict: ReviewVerdict, *edits: FieldEdit, reason: str = "") -> None:
    """Submit a decision."""
    submit_review(
        actor=reviewer,
        task_id=claimed.task_id,
        token=claimed.lease.token,
        submission=Submission(verdict, reason, edits),
    )


def test_approve_confirms_flagged_and_corrects_edited_fields(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """Unflagged and unedited fields produce no examples."""
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("total", "1,120.00"))
    document = Document.objects.get(pk=claimed_document.document_id)
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


def test_approve_same_value_in_other_notation_is_confirmation(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """120.00 and 120,00 are the same amount; the issue was wrong then, and its override is recorded."""
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("total", "120,00"), reason="checked by phone")
    assert TrainingExample.objects.get(field="total").kind == "confirmed"
    assert Issue.objects.get().overturned is True
    assert AuditEvent.objects.get(action="issue.overridden").detail["reason"] == "checked by phone"


def test_reject_requires_reason_and_confirms_nothing(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """A rejected document produces examples from its edited fields only."""
    with pytest.raises(ReasonNeeded):
        decide(reviewer, claimed_document, ReviewVerdict.REJECT)
    decide(reviewer, claimed_document, ReviewVerdict.REJECT, reason="illegible")
    assert Document.objects.get(pk=claimed_document.document_id).status == "REJECTED"
    assert not TrainingExample.objects.exists()


def test_second_review_goes_to_another_person(
    tenant: TenantFixture, reviewer: Actor, claimed_document: ClaimedTask
) -> None:
    """The first reviewer never gets it."""
    decide(reviewer, claimed_document, ReviewVerdict.NEEDS_SECOND_REVIEW)
    assert Document.objects.get(pk=claimed_document.document_id).status == "IN_REVIEW"
    assert claim_next(actor=reviewer) is None
    second = claim_next(actor=tenant.actor(Role.MANAGER))
    assert second is not None
    assert ReviewTask.objects.get(pk=second.task_id).kind == TaskKind.SECOND


def test_undo_restores_document_fields_issues_and_examples(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """Document, fields, issue and examples are restored; the entered values are a draft again, with a new lease."""
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("total", "1,120.00"))
    again = undo_review(actor=reviewer, task_id=claimed_document.task_id)
    assert again.task_id == claimed_document.task_id
    assert again.lease.token != claimed_document.lease.token
    document = Document.objects.get(pk=claimed_document.document_id)
    assert (document.status, document.decided_by_id) == ("IN_REVIEW", None)
    total = Field.objects.get(document=document, name="total")
    assert (total.value, total.normalized, total.human, total.needs_human) == ("120.00", "120.00", "", True)
    assert not TrainingExample.objects.exists()
    assert not Correction.objects.filter(undone_at=None).exists()
    draft = Draft.objects.get(task_id=claimed_document.task_id, user_id=reviewer.user_id)
    assert draft.values["total"] == {"value": "1,120.00"}
    assert Issue.objects.get().overturned is None
    assert OutboxMessage.objects.filter(payload__signal="undone").count() == 1


def test_undo_does_not_flag_previously_unflagged_field(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """A field edited without being flagged stays unflagged."""
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("supplier", "Acme Limited"))
    undo_review(actor=reviewer, task_id=claimed_document.task_id)
    supplier = Field.objects.get(name="supplier")
    assert (supplier.value, supplier.source, supplier.needs_human) == ("Acme Ltd", "text", False)


def test_undo_restores_value_replaced_by_decision(
    tenant: TenantFixture, reviewer: Actor, claimed_document: ClaimedTask
) -> None:
    """A colleague's earlier correction survives the undo, even after repeated decisions."""
    colleague = tenant.actor(Role.MANAGER)
    release_task(actor=reviewer, task_id=claimed_document.task_id, token=claimed_document.lease.token)
    total = Field.objects.get(document_id=claimed_document.document_id, name="total")
    edit_field(
        actor=colleague,
        request=EditRequest(claimed_document.document_id, FieldEdit("total", "121.00"), total.version, "misread"),
    )
    words = TrainingExample.objects.order_by("field").values_list("field", "expert_correction", "reviewer_id")
    before = list(words)
    assert before == [("total", "121.00", colleague.user_id)]
    task = claim_task(actor=reviewer, task_id=claimed_document.task_id)
    for value in ("122.00", "123.00"):
        decide(reviewer, task, ReviewVerdict.APPROVE, FieldEdit("total", value))
        assert ("total", value, reviewer.user_id) in words.all()
        task = undo_review(actor=reviewer, task_id=claimed_document.task_id)
        assert list(words.all()) == before


def test_undo_after_grace_or_by_other_person_is_refused(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """Only the reviewer may undo."""
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE)
    ReviewTask.objects.update(submitted_at=timezone.now() - timedelta(seconds=31))
    with pytest.raises(UndoExpired):
        undo_review(actor=reviewer, task_id=claimed_document.task_id)


def test_submit_with_lost_lease_writes_nothing(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """Another token belongs to another person."""
    lost = ClaimedTask(
        claimed_document.task_id,
        claimed_document.document_id,
        type(claimed_document.lease)(uuid4(), claimed_document.lease.expires_at),
    )
    with pytest.raises(LeaseLost):
        decide(reviewer, lost, ReviewVerdict.APPROVE, FieldEdit("total", "1"))
    assert Field.objects.get(name="total").value == "120.00"


def test_submit_with_unknown_field_writes_nothing(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """All or nothing."""
    with pytest.raises(UnknownField):
        decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("total", "1"), FieldEdit("nonsense", "1"))
    assert ReviewTask.objects.get().state == TaskState.CLAIMED
    assert Field.objects.get(name="total").value == "120.00"


def test_submit_for_outdated_run_is_refused(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """A re-run makes the task stale."""
    Document.objects.update(run=2)
    with pytest.raises(DocumentNotInReview):
        decide(reviewer, claimed_document, ReviewVerdict.APPROVE)


def test_draft_conflict_between_tabs_is_reported(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """The later revision wins and the other tab gets it; equal content is no conflict."""
    one = save_draft(actor=reviewer, task_id=claimed_document.task_id, revision=0, values={"total": {"value": "1"}})
    assert one.revision == 1
    again = save_draft(actor=reviewer, task_id=claimed_document.task_id, revision=0, values={"total": {"value": "1"}})
    assert again.revision == 1
    with pytest.raises(DraftConflict) as caught:
        save_draft(actor=reviewer, task_id=claimed_document.task_id, revision=0, values={"total": {"value": "2"}})
    assert caught.value.current.values == {"total": {"value": "1"}}


def test_reopen_by_manager_creates_new_task_and_workflow(
    tenant: TenantFixture, reviewer: Actor, claimed_document: ClaimedTask
) -> None:
    """A new task, with a new workflow that receives the next decision; reviewers may not reopen."""
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("total", "1,120.00"))
    with pytest.raises(NotAllowed):
        reopen_document(actor=reviewer, document_id=claimed_document.document_id, reason="")
    manager = tenant.actor(Role.MANAGER)
    opened = reopen_document(actor=manager, document_id=claimed_document.document_id, reason="the customer called")
    assert Document.objects.get(pk=claimed_document.document_id).status == "IN_REVIEW"
    assert Field.objects.get(name="total").value == "1,120.00"
    again = claim_next(actor=reviewer)
    assert again is not None
    assert again.task_id == opened.task_id
    decide(reviewer, again, ReviewVerdict.REJECT, reason="a forgery")
    sent = OutboxMessage.objects.filter(payload__id=f"review/{opened.task_id}").values_list("topic", flat=True)
    assert sorted(sent) == ["workflow.signal", "workflow.start"]


def test_reopen_undecided_document_is_refused(
    tenant: TenantFixture, reviewer: Actor, claimed_document: ClaimedTask
) -> None:
    """Only decided documents can be reopened."""
    with pytest.raises(InvalidDocumentTransition):
        reopen_document(actor=tenant.actor(Role.MANAGER), document_id=claimed_document.document_id, reason="")


def test_edit_field_requires_seen_version_and_unclaimed_document(
    tenant: TenantFixture, reviewer: Actor, claimed_document: ClaimedTask
) -> None:
    """The document must not be claimed by another person."""
    wanted = EditRequest(claimed_document.document_id, FieldEdit("total", "99.00"), version=1)
    with pytest.raises(ClaimedByOther):
        edit_field(actor=tenant.actor(Role.MANAGER), request=wanted)
    row = edit_field(actor=reviewer, request=wanted)
    assert (row.value, row.version) == ("99.00", 2)
    with pytest.raises(StaleVersion):
        edit_field(actor=reviewer, request=wanted)


def test_undo_keeps_place_and_later_draft_of_another_tab(reviewer: Actor, claimed_document: ClaimedTask) -> None:
    """The draft has the decided value with its place on the page; a field that another tab saved since is not lost."""
    box = (0.1, 0.1, 0.2, 0.12)
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("total", "1,120.00", 1, box))
    task_id = claimed_document.task_id
    save_draft(actor=reviewer, task_id=task_id, revision=0, values={"supplier": {"value": "Acme Limited"}})
    Draft.objects.update(updated_at=timezone.now() + timedelta(seconds=10))
    undo_review(actor=reviewer, task_id=task_id)
    values = Draft.objects.get(task_id=task_id).values
    assert values["total"] == {"value": "1,120.00", "page": 1, "bbox": [0.1, 0.1, 0.2, 0.12]}
    assert values["supplier"] == {"value": "Acme Limited"}


@pytest.mark.parametrize(("seconds", "kept"), [(1, "1,120.00"), (10, "1,121.00")])
def test_undo_keeps_the_later_of_draft_and_decision(
    reviewer: Actor, claimed_document: ClaimedTask, seconds: int, kept: str
) -> None:
    """A draft that arrives just after the decision is from the same tab, and older than the decision."""
    decide(reviewer, claimed_document, ReviewVerdict.APPROVE, FieldEdit("total", "1,120.00"))
    task = ReviewTask.objects.get(pk=claimed_document.task_id)
    assert task.submitted_at is not None
    save_draft(actor=reviewer, task_id=task.id, revision=0, values={"total": {"value": "1,121.00"}})
    Draft.objects.update(updated_at=task.submitted_at + timedelta(seconds=seconds))
    undo_review(actor=reviewer, task_id=task.id)
    assert Draft.objects.get(task_id=task.id).values["total"] == {"value": kept}
