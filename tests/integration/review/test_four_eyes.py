"""Four eyes: whoever uploaded a document, or changed its values elsewhere, does not approve it alone."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from ingestion.models import Document, Field
from ingestion.services.schemas import create_default_schemas
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import Actor, NotAllowed
from refinery.core.tenancy.models import FourEyes, Tenant
from refinery.core.tenancy.roles import Role
from review.contracts import ClaimedTask, FieldEdit, Submission
from review.domain.lifecycle import ReviewVerdict, TaskKind, TaskState
from review.models import ReviewTask
from review.selectors.desk import desk_counts
from review.selectors.viewer import task_payload
from review.services.claims import claim_next, claim_task
from review.services.edits import EditRequest, edit_field
from review.services.four_eyes import SecondPersonNeeded
from review.services.reopen import reopen_document
from review.services.submit import submit_review
from review.services.tasks import TaskRequest, open_task
from tests.support.factories.documents import FieldSample, make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

FIELDS = (FieldSample("invoice_number", "INV-2041"), FieldSample("total", "120.00", 0.61, needs_human=True))


@pytest.fixture
def tenant(db: None) -> Iterator[TenantFixture]:
    """Yield a tenant with its schemas, in its scope."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
        yield tenant


def open_document(tenant: TenantFixture, uploader: Actor, kind: TaskKind = TaskKind.REVIEW) -> Document:
    """Create a document that the uploader sent, with an open task."""
    document = make_document(tenant, fields=FIELDS, uploaded_by_id=uploader.user_id)
    open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice", kind), at=timezone.now())
    return document


def set_rule(rule: FourEyes) -> None:
    """Change the tenant's rule."""
    Tenant.objects.update(four_eyes=rule)


def claimed(actor: Actor) -> ClaimedTask:
    """Claim the next task, which there is."""
    found = claim_next(actor=actor)
    assert found is not None
    return found


def decide(actor: Actor, task: ClaimedTask, verdict: ReviewVerdict, *edits: FieldEdit) -> str:
    """Submit a verdict; return the document's status."""
    submission = Submission(verdict, "seen", edits)
    return submit_review(
        actor=actor, task_id=task.task_id, token=task.lease.token, submission=submission
    ).document_status


def change_total(actor: Actor, document: Document, value: str) -> Field:
    """Change the total outside of a review."""
    version = Field.objects.get(document=document, name="total").version
    return edit_field(actor=actor, request=EditRequest(document.id, FieldEdit("total", value), version))


def test_uploader_is_offered_no_task_of_own_document(tenant: TenantFixture) -> None:
    """Neither on the desk nor by claiming, whatever their role; the next person is."""
    uploader = tenant.actor(Role.MANAGER)
    document = open_document(tenant, uploader)
    task = ReviewTask.objects.get(document=document)
    assert claim_next(actor=uploader) is None
    assert desk_counts(uploader, timezone.now()).waiting == 0
    assert not task_payload(uploader, task.id, timezone.now())["task"]["claimable"]
    assert "Another person" in task_payload(uploader, task.id, timezone.now())["task"]["note"]
    with pytest.raises(SecondPersonNeeded):
        claim_task(actor=uploader, task_id=task.id)
    assert (
        decide(tenant.actor(Role.REVIEWER), claimed(tenant.actor(Role.REVIEWER)), ReviewVerdict.APPROVE) == "APPROVED"
    )


def test_uploader_reviews_own_document_when_rule_is_off(tenant: TenantFixture) -> None:
    """The switch applies to tasks that are open already."""
    uploader = tenant.actor(Role.OPERATOR)
    document = open_document(tenant, uploader)
    set_rule(FourEyes.OFF)
    task = ReviewTask.objects.get(document=document)
    assert desk_counts(uploader, timezone.now()).waiting == 1
    assert task_payload(uploader, task.id, timezone.now())["task"]["claimable"]
    assert decide(uploader, claimed(uploader), ReviewVerdict.APPROVE) == "APPROVED"


def test_uploader_may_enter_password_of_own_document(tenant: TenantFixture) -> None:
    """Often nobody else knows it."""
    uploader = tenant.actor(Role.OPERATOR)
    open_document(tenant, uploader, TaskKind.PASSWORD)
    assert claim_next(actor=uploader) is not None


def test_editor_does_not_approve_changed_document(tenant: TenantFixture) -> None:
    """A confirmation of the same value is no change."""
    editor, other = tenant.actor(Role.REVIEWER), tenant.actor(Role.MANAGER)
    document = open_document(tenant, tenant.actor(Role.OPERATOR))
    change_total(editor, document, "120.00")
    assert ReviewTask.objects.get().involved_ids == [tenant.user(Role.OPERATOR).pk]
    change_total(editor, document, "121.00")
    change_total(editor, document, "122.00")
    assert ReviewTask.objects.get().involved_ids == [tenant.user(Role.OPERATOR).pk, editor.user_id]
    assert claim_next(actor=editor) is None
    assert decide(other, claimed(other), ReviewVerdict.APPROVE) == "APPROVED"


def test_editor_with_lease_cannot_approve_but_may_ask_for_second_review(tenant: TenantFixture) -> None:
    """A value changed outside of the decision counts, also while the editor holds the task."""
    editor = tenant.actor(Role.REVIEWER)
    document = open_document(tenant, tenant.actor(Role.OPERATOR))
    task = claimed(editor)
    change_total(editor, document, "121.00")
    with pytest.raises(SecondPersonNeeded):
        decide(editor, task, ReviewVerdict.APPROVE)
    assert decide(editor, task, ReviewVerdict.NEEDS_SECOND_REVIEW) == "IN_REVIEW"
    assert ReviewTask.objects.get(kind=TaskKind.SECOND).excluded_id == editor.user_id


def test_task_opened_after_change_excludes_editor(tenant: TenantFixture) -> None:
    """As after a new reading that kept the person's value."""
    editor = tenant.actor(Role.REVIEWER)
    document = make_document(tenant, fields=FIELDS)
    change_total(editor, document, "121.00")
    open_task(TaskRequest(tenant.tenant_id, document.id, document.run, "invoice"), at=timezone.now())
    assert claim_next(actor=editor) is None


def test_child_document_excludes_editor_of_its_file(tenant: TenantFixture) -> None:
    """The changed values were copied with its pages."""
    editor = tenant.actor(Role.REVIEWER)
    file = make_document(tenant, fields=FIELDS)
    change_total(editor, file, "121.00")
    for pages, excluded in (([1], True), (None, False)):
        child = make_document(tenant, fields=FIELDS, parent=file, parent_pages=pages, part=1)
        open_task(TaskRequest(tenant.tenant_id, child.id, child.run, "invoice"), at=timezone.now())
        assert (editor.user_id in ReviewTask.objects.get(document=child).involved_ids) is excluded


@pytest.mark.parametrize(
    ("rule", "value", "status"),
    [
        (FourEyes.ON, "121.00", "APPROVED"),
        (FourEyes.STRICT, "121.00", "IN_REVIEW"),
        (FourEyes.STRICT, "120.00", "APPROVED"),
    ],
)
def test_correction_in_review_needs_second_person_under_strict_rule(
    tenant: TenantFixture, rule: FourEyes, value: str, status: str
) -> None:
    """The corrected value stays, and the next person approves it."""
    first, second = tenant.actor(Role.REVIEWER), tenant.actor(Role.MANAGER)
    open_document(tenant, tenant.actor(Role.OPERATOR))
    set_rule(rule)
    assert decide(first, claimed(first), ReviewVerdict.APPROVE, FieldEdit("total", value)) == status
    assert Field.objects.get(name="total").value == value
    if status == "IN_REVIEW":
        assert claim_next(actor=first) is None
        assert decide(second, claimed(second), ReviewVerdict.APPROVE) == "APPROVED"


def approve_document(tenant: TenantFixture) -> Document:
    """Create a document that the reviewer approved."""
    open_document(tenant, tenant.actor(Role.OPERATOR))
    reviewer = tenant.actor(Role.REVIEWER)
    decide(reviewer, claimed(reviewer), ReviewVerdict.APPROVE)
    return Document.objects.get()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OPERATOR])
def test_approved_value_is_not_changed_without_permission_to_reopen(tenant: TenantFixture, role: Role) -> None:
    """The document stays as it was."""
    document = approve_document(tenant)
    with pytest.raises(NotAllowed):
        change_total(tenant.actor(role), document, "99.00")
    assert Field.objects.get(name="total").value == "120.00"


def test_changed_approved_value_is_reviewed_by_second_person(tenant: TenantFixture) -> None:
    """In review again, with a task that the editor does not get and a workflow that scores and reports it."""
    document, editor = approve_document(tenant), tenant.actor(Role.MANAGER)
    audit = make_task(tenant, document, kind=TaskKind.AUDIT.value)
    change_total(editor, document, "99.00")
    document.refresh_from_db()
    assert (document.status, document.decided_at) == ("IN_REVIEW", None)
    task = ReviewTask.objects.get(kind=TaskKind.SECOND)
    assert task.excluded_id == editor.user_id
    assert OutboxMessage.objects.get(topic="workflow.start", key=f"review/{task.id}").payload["workflow"] == "review"
    audit.refresh_from_db()
    assert audit.state == TaskState.CANCELLED
    assert claim_next(actor=editor) is None
    reviewer = tenant.actor(Role.REVIEWER)
    assert decide(reviewer, claimed(reviewer), ReviewVerdict.APPROVE) == "APPROVED"


def test_changed_approved_value_is_reported_at_once_when_rule_is_off(tenant: TenantFixture) -> None:
    """It is scored again by a workflow for each change; the document stays approved."""
    document, editor = approve_document(tenant), tenant.actor(Role.MANAGER)
    set_rule(FourEyes.OFF)
    rows = [change_total(editor, document, value) for value in ("99.00", "98.00")]
    document.refresh_from_db()
    assert document.status == "APPROVED"
    starts = OutboxMessage.objects.filter(payload__workflow="review").order_by("id").values_list("key", flat=True)
    assert list(starts) == [f"correction/{rows[0].id}/{row.version}" for row in rows]


def test_reopened_document_is_not_approved_by_its_uploader(tenant: TenantFixture) -> None:
    """Every task of the document follows the rule, not only the first."""
    document = approve_document(tenant)
    reopen_document(actor=tenant.actor(Role.MANAGER), document_id=document.id, reason="")
    assert claim_next(actor=tenant.actor(Role.OPERATOR)) is None
    assert claim_next(actor=tenant.actor(Role.REVIEWER)) is not None
