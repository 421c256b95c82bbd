"""Escalations: they reach people who may decide, with their note, in an inbox and in the history."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor, NotAllowed
from refinery.core.tenancy.roles import Role
from review.models import Comment, ReviewTask
from review.selectors.inbox import inbox_of
from review.selectors.timeline import history_of
from review.selectors.viewer import task_payload
from review.services.claims import claim_next, claim_task
from review.services.leases import escalate_task, release_task
from tests.support.factories.documents import make_queue, make_task
from tests.support.factories.tenants import TenantFixture, add_person, make_team, make_tenant

NOTE = "The stamp looks altered: <b>please</b> call the clinic."


@pytest.fixture
def tenant(db: None) -> Iterator[TenantFixture]:
    """Yield a tenant within its scope."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        yield tenant


def escalate(tenant: TenantFixture, task: ReviewTask, role: Role = Role.REVIEWER) -> Actor:
    """Claim and escalate a task; return who did it."""
    actor = tenant.actor(role)
    claimed = claim_task(actor=actor, task_id=task.id)
    escalate_task(actor=actor, task_id=task.id, token=claimed.lease.token, reason=NOTE)
    return actor


def test_escalated_task_is_in_the_inbox_of_people_who_decide(tenant: TenantFixture) -> None:
    """With its note, who wrote it, and who has claimed it since; reviewers have no inbox."""
    task = make_task(tenant)
    escalate(tenant, task)
    for role in (Role.MANAGER, Role.ORG_ADMIN, Role.SUPER_ADMIN):
        (line,) = inbox_of(tenant.actor(role))
        assert (line.id, line.note, line.who, line.holder) == (task.id, NOTE, "Acme reviewer", "")
    for role in (Role.VIEWER, Role.REVIEWER, Role.OPERATOR):
        assert inbox_of(tenant.actor(role)) == ()
    claim_task(actor=tenant.actor(Role.MANAGER), task_id=task.id)
    assert inbox_of(tenant.actor(Role.ORG_ADMIN))[0].holder == "Acme manager"


def test_escalated_task_is_offered_to_people_who_decide_only(tenant: TenantFixture) -> None:
    """Neither the next task nor a claim by id gives it to a reviewer; a manager gets it first."""
    task, other = make_task(tenant), make_task(tenant, priority=10)
    escalate(tenant, task)
    colleague = tenant.actor(Role.OPERATOR)
    with pytest.raises(NotAllowed):
        claim_task(actor=colleague, task_id=task.id)
    shown = task_payload(colleague, task.id, timezone.now())["task"]
    assert (shown["claimable"], "a manager decides it" in shown["note"]) == (False, True)
    manager = tenant.actor(Role.MANAGER)
    assert task_payload(manager, task.id, timezone.now())["task"]["claimable"]
    first = claim_next(actor=manager)
    assert first is not None
    assert first.task_id == task.id
    release_task(actor=manager, task_id=task.id, token=first.lease.token)
    second = claim_next(actor=colleague)
    assert second is not None
    assert second.task_id == other.id
    assert inbox_of(manager)[0].id == task.id


def test_escalated_task_of_a_team_reaches_managers_outside_of_it(tenant: TenantFixture) -> None:
    """Otherwise nobody who may decide could claim it."""
    queue = make_queue(tenant, "Night shift")
    queue.team = make_team(tenant, "Night", Role.REVIEWER)
    queue.save()
    task, untouched = make_task(tenant, queue=queue), make_task(tenant, queue=queue)
    escalate(tenant, task)
    manager = tenant.actor(Role.MANAGER)
    found = claim_next(actor=manager)
    assert found is not None
    assert found.task_id == task.id
    release_task(actor=manager, task_id=task.id, token=found.lease.token)
    assert claim_task(actor=manager, task_id=task.id).task_id == task.id
    assert untouched.id != task.id


def test_managers_who_may_not_decide_do_not_see_it(tenant: TenantFixture) -> None:
    """Whoever escalated it, uploaded the document, or belongs to another tenant."""
    task = make_task(tenant)
    author = escalate(tenant, task, Role.MANAGER)
    assert inbox_of(author) == ()
    add_person(tenant, "second@acme.example", Role.MANAGER)
    uploader = tenant.actor(Role.ORG_ADMIN)
    ReviewTask.objects.filter(pk=task.pk).update(involved_ids=[uploader.user_id])
    assert inbox_of(uploader) == ()
    ReviewTask.objects.filter(pk=task.pk).update(involved_ids=[], state="CANCELLED")
    assert inbox_of(uploader) == ()


def test_note_is_a_comment_and_in_the_history(tenant: TenantFixture) -> None:
    """The audit log holds only the comment's id."""
    task = make_task(tenant)
    actor = escalate(tenant, task)
    comment = Comment.objects.get()
    assert (comment.text, comment.author_id, comment.document_id) == (NOTE, actor.user_id, task.document_id)
    assert f"Escalated: {NOTE}" in [line.what for line in history_of(tenant.actor(Role.VIEWER), task.document_id)]
    assert AuditEvent.objects.get(action="task.escalated").detail == {"comment": str(comment.id)}


def test_desk_shows_the_inbox_with_escaped_notes(tenant: TenantFixture) -> None:
    """To managers; a reviewer's desk and count leave the task out."""
    task = make_task(tenant)
    escalate(tenant, task)
    text = tenant.client(Role.MANAGER).get("/").content.decode()
    assert 'data-testid="inbox"' in text
    assert f'href="/review/tasks/{task.id}/"' in text
    assert "The stamp looks altered: &lt;b&gt;please" in text
    other = tenant.client(Role.OPERATOR).get("/").content.decode()
    assert 'data-testid="inbox"' not in other
    assert 'data-testid="queue-count">0<' in other
