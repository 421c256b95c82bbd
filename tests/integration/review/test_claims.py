"""Claims: no task is claimed twice, and each reviewer gets the most suitable one."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from guardian.shortcuts import assign_perm

from ingestion.services.schemas import create_default_schemas
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.roles import Role
from review.domain.lease_errors import LeaseLost, TaskAlreadyClaimed
from review.domain.lifecycle import TaskState
from review.models import Queue, ReviewTask
from review.services.claims import (
    CLAIM_BEST_TASK_SQL,
    CLAIM_TASK_BY_ID_SQL,
    REOPEN_LAPSED_SQL,
    _values,
    claim_next,
    claim_task,
    heartbeat,
)
from review.services.leases import postpone_task, release_task, skip_task
from review.services.tasks import TaskRequest, open_task
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant


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


def open_task_for_new_document(tenant: TenantFixture, *, priority: int = 0) -> ReviewTask:
    """Open a task on a new document."""
    document = make_document(tenant)
    request = TaskRequest(tenant.tenant_id, document.id, document.run, "invoice", priority=priority)
    return ReviewTask.objects.get(pk=open_task(request, at=timezone.now()).task_id)


def test_claim_next_prefers_higher_priority(tenant: TenantFixture, reviewer: Actor) -> None:
    """Priority outranks age."""
    open_task_for_new_document(tenant)
    urgent = open_task_for_new_document(tenant, priority=5)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    assert claimed.task_id == urgent.id


def test_claim_next_repeats_own_lease_and_ahead_adds_one(tenant: TenantFixture, reviewer: Actor) -> None:
    """Repeating the request changes nothing; two leases are the maximum."""
    for _ in range(3):
        open_task_for_new_document(tenant)
    first = claim_next(actor=reviewer)
    assert claim_next(actor=reviewer) == first
    second = claim_next(actor=reviewer, ahead=True)
    assert second is not None
    assert first is not None
    assert second.task_id != first.task_id
    assert claim_next(actor=reviewer, ahead=True) == second
    assert ReviewTask.objects.claimed().count() == 2


def test_claim_next_never_offers_skipped_task_to_same_person(tenant: TenantFixture, reviewer: Actor) -> None:
    """Other reviewers still get it."""
    task = open_task_for_new_document(tenant)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    skip_task(actor=reviewer, task_id=task.id, token=claimed.lease.token)
    assert claim_next(actor=reviewer) is None
    other = claim_next(actor=tenant.actor(Role.MANAGER))
    assert other is not None
    assert other.task_id == task.id


def test_claim_next_offers_postponed_task_to_its_person_after_delay(tenant: TenantFixture, reviewer: Actor) -> None:
    """Not before that time, and not to other reviewers."""
    task = open_task_for_new_document(tenant)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    until = timezone.now() + timedelta(hours=1)
    postpone_task(actor=reviewer, task_id=task.id, token=claimed.lease.token, until=until)
    assert claim_next(actor=reviewer) is None
    ReviewTask.objects.update(postponed_until=timezone.now() - timedelta(hours=1))
    assert claim_next(actor=tenant.actor(Role.MANAGER)) is None
    again = claim_next(actor=reviewer)
    assert again is not None
    assert again.task_id == task.id


def test_claim_next_takes_over_expired_lease_and_fences_old_holder(tenant: TenantFixture, reviewer: Actor) -> None:
    """The fence increases and the old token is invalid."""
    task = open_task_for_new_document(tenant)
    old = claim_next(actor=reviewer)
    assert old is not None
    ReviewTask.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
    new = claim_next(actor=tenant.actor(Role.MANAGER))
    assert new is not None
    assert new.task_id == task.id
    with pytest.raises(LeaseLost):
        heartbeat(actor=reviewer, task_id=task.id, token=old.lease.token)
    with pytest.raises(LeaseLost):
        release_task(actor=reviewer, task_id=task.id, token=old.lease.token)
    task.refresh_from_db()
    assert (task.state, task.fence) == (TaskState.CLAIMED, 2)


def test_heartbeat_renews_expired_lease_nobody_took(tenant: TenantFixture, reviewer: Actor) -> None:
    """A suspended laptop keeps its lease if no other reviewer claimed the task."""
    task = open_task_for_new_document(tenant)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    ReviewTask.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
    lease = heartbeat(actor=reviewer, task_id=task.id, token=claimed.lease.token)
    assert lease.expires_at > timezone.now()


def test_claim_task_claimed_by_other_is_refused(tenant: TenantFixture, reviewer: Actor) -> None:
    """Two people cannot claim the same task."""
    task = open_task_for_new_document(tenant)
    claim_next(actor=tenant.actor(Role.MANAGER))
    with pytest.raises(TaskAlreadyClaimed):
        claim_task(actor=reviewer, task_id=task.id)


def test_claim_task_of_other_tenant_is_not_found(tenant: TenantFixture, reviewer: Actor) -> None:
    """It is not found rather than refused."""
    with pytest.raises(ReviewTask.DoesNotExist):
        claim_task(actor=reviewer, task_id=uuid4())


def test_claim_of_team_queue_requires_membership(tenant: TenantFixture, reviewer: Actor) -> None:
    """Neither claim-next nor a direct claim opens it to others."""
    task = open_task_for_new_document(tenant)
    team = Team.objects.create(tenant_id=tenant.tenant_id, name="Surgeons")
    Queue.objects.update(team=team)
    assert claim_next(actor=reviewer) is None
    member = Actor(reviewer.user_id, reviewer.tenant_id, reviewer.role, team_ids=(team.id,))
    claimed = claim_next(actor=member)
    assert claimed is not None
    assert claimed.task_id == task.id


@pytest.mark.parametrize(
    ("team", "granted", "workable"),
    [("none", False, True), ("own", False, True), ("other", False, False), ("other", True, True)],
)
def test_claim_next_agrees_with_workable_by(
    tenant: TenantFixture, reviewer: Actor, team: str, granted: bool, workable: bool
) -> None:
    """Claim-next has a separate SQL query; it must agree with `workable_by`, used everywhere else."""
    open_task_for_new_document(tenant)
    own, other = (Team.objects.create(tenant_id=tenant.tenant_id, name=name) for name in ("own", "other"))
    Queue.objects.update(team={"none": None, "own": own, "other": other}[team])
    queue = Queue.objects.get()
    if granted:
        assign_perm("review_queue", tenant.user(Role.REVIEWER), queue)
    member = Actor(reviewer.user_id, reviewer.tenant_id, reviewer.role, team_ids=(own.id,))
    assert Queue.objects.workable_by(member).exists() == workable
    assert (claim_next(actor=member, queue_id=queue.id) is not None) == workable


def test_claim_next_can_be_limited_to_one_queue(tenant: TenantFixture, reviewer: Actor) -> None:
    """The other queue is empty; the task stays open."""
    task = open_task_for_new_document(tenant)
    other = Queue.objects.create(tenant_id=tenant.tenant_id, name="Other")
    assert claim_next(actor=reviewer, queue_id=other.id) is None
    claimed = claim_next(actor=reviewer, queue_id=task.queue_id)
    assert claimed is not None
    assert claimed.task_id == task.id


def test_claim_queries_use_indexes_under_row_level_security(reviewer: Actor) -> None:
    """RLS can keep conditions that are not leakproof out of index scans; a claim must not scan the whole table."""
    values = _values(reviewer, ahead=False, wanted=0, task=uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for statement in (CLAIM_BEST_TASK_SQL[False], CLAIM_TASK_BY_ID_SQL[False], REOPEN_LAPSED_SQL):
            cursor.execute(f"EXPLAIN {statement}", values)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "on review_task " in plan
            assert "Filter: (id = " not in plan, plan
