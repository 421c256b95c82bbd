"""Claims: nobody gets what another holds, and everyone gets what is best for them."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from guardian.shortcuts import assign_perm

from ingestion.services.schemas import default_schemas
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.roles import Role
from review.domain.lease_errors import LeaseLost, TaskTaken
from review.domain.lifecycle import TaskState
from review.models import Queue, ReviewTask
from review.services.claims import LAPSED, NAMED, NEXT, _values, claim_next, claim_task, heartbeat
from review.services.leases import postpone_task, release_task, skip_task
from review.services.tasks import TaskRequest, open_task
from tests.factories.documents import make_document
from tests.factories.people import House, make_house


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


def open_for(house: House, *, priority: int = 0) -> ReviewTask:
    """Open a task on a new document."""
    document = make_document(house)
    request = TaskRequest(house.tenant_id, document.id, document.run, "invoice", priority=priority)
    return ReviewTask.objects.get(pk=open_task(request, at=timezone.now()).task_id)


def test_the_most_urgent_comes_first(house: House, reviewer: Actor) -> None:
    """Priority outranks age."""
    open_for(house)
    urgent = open_for(house, priority=5)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    assert claimed.task_id == urgent.id


def test_next_gives_the_own_live_lease_and_ahead_one_more(house: House, reviewer: Actor) -> None:
    """Asking again changes nothing; two leases are the most."""
    for _ in range(3):
        open_for(house)
    first = claim_next(actor=reviewer)
    assert claim_next(actor=reviewer) == first
    second = claim_next(actor=reviewer, ahead=True)
    assert second is not None
    assert first is not None
    assert second.task_id != first.task_id
    assert claim_next(actor=reviewer, ahead=True) == second
    assert ReviewTask.objects.in_hand().count() == 2


def test_a_skipped_task_never_comes_back_to_the_same_person(house: House, reviewer: Actor) -> None:
    """It is offered to others."""
    task = open_for(house)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    skip_task(actor=reviewer, task_id=task.id, token=claimed.lease.token)
    assert claim_next(actor=reviewer) is None
    other = claim_next(actor=house.actor(Role.MANAGER))
    assert other is not None
    assert other.task_id == task.id


def test_a_postponed_task_comes_back_to_its_person_alone(house: House, reviewer: Actor) -> None:
    """Not before its time, and to nobody else."""
    task = open_for(house)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    until = timezone.now() + timedelta(hours=1)
    postpone_task(actor=reviewer, task_id=task.id, token=claimed.lease.token, until=until)
    assert claim_next(actor=reviewer) is None
    ReviewTask.objects.update(postponed_until=timezone.now() - timedelta(hours=1))
    assert claim_next(actor=house.actor(Role.MANAGER)) is None
    again = claim_next(actor=reviewer)
    assert again is not None
    assert again.task_id == task.id


def test_a_lapsed_lease_goes_to_the_next_and_its_old_holder_is_told(house: House, reviewer: Actor) -> None:
    """The fence grows, the old token opens nothing."""
    task = open_for(house)
    old = claim_next(actor=reviewer)
    assert old is not None
    ReviewTask.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
    new = claim_next(actor=house.actor(Role.MANAGER))
    assert new is not None
    assert new.task_id == task.id
    with pytest.raises(LeaseLost):
        heartbeat(actor=reviewer, task_id=task.id, token=old.lease.token)
    with pytest.raises(LeaseLost):
        release_task(actor=reviewer, task_id=task.id, token=old.lease.token)
    task.refresh_from_db()
    assert (task.state, task.fence) == (TaskState.CLAIMED, 2)


def test_a_lapsed_lease_that_nobody_took_lives_on(house: House, reviewer: Actor) -> None:
    """A laptop that slept loses nothing when nobody came by."""
    task = open_for(house)
    claimed = claim_next(actor=reviewer)
    assert claimed is not None
    ReviewTask.objects.update(lease_expires_at=timezone.now() - timedelta(hours=1))
    lease = heartbeat(actor=reviewer, task_id=task.id, token=claimed.lease.token)
    assert lease.expires_at > timezone.now()


def test_a_task_in_other_hands_is_refused(house: House, reviewer: Actor) -> None:
    """Two people on one task cannot be."""
    task = open_for(house)
    claim_next(actor=house.actor(Role.MANAGER))
    with pytest.raises(TaskTaken):
        claim_task(actor=reviewer, task_id=task.id)


def test_a_task_of_another_tenant_is_not_there(house: House, reviewer: Actor) -> None:
    """It is not found, rather than refused."""
    with pytest.raises(ReviewTask.DoesNotExist):
        claim_task(actor=reviewer, task_id=uuid4())


def test_a_team_queue_is_for_its_team(house: House, reviewer: Actor) -> None:
    """Neither next nor claim opens it to others."""
    task = open_for(house)
    team = Team.objects.create(tenant_id=house.tenant_id, name="Surgeons")
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
def test_a_claim_keeps_to_the_queues_that_its_person_may_work(
    house: House, reviewer: Actor, team: str, granted: bool, workable: bool
) -> None:
    """Next asks in SQL of its own what `workable_by` asks everywhere else: both must agree."""
    open_for(house)
    own, other = (Team.objects.create(tenant_id=house.tenant_id, name=name) for name in ("own", "other"))
    Queue.objects.update(team={"none": None, "own": own, "other": other}[team])
    queue = Queue.objects.get()
    if granted:
        assign_perm("view_queue", house.user(Role.REVIEWER), queue)
    member = Actor(reviewer.user_id, reviewer.tenant_id, reviewer.role, team_ids=(own.id,))
    assert Queue.objects.workable_by(member).exists() == workable
    assert (claim_next(actor=member, queue_id=queue.id) is not None) == workable


def test_next_may_be_asked_of_one_queue(house: House, reviewer: Actor) -> None:
    """Another queue has nothing; the task waits on."""
    task = open_for(house)
    other = Queue.objects.create(tenant_id=house.tenant_id, name="Other")
    assert claim_next(actor=reviewer, queue_id=other.id) is None
    claimed = claim_next(actor=reviewer, queue_id=task.queue_id)
    assert claimed is not None
    assert claimed.task_id == task.id


def test_each_row_is_found_by_an_index_within_the_wall(reviewer: Actor) -> None:
    """Row level security keeps what might leak from indexes; a claim that reads the whole table would crawl."""
    values = _values(reviewer, ahead=False, wanted=0, task=uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for statement in (NEXT, NAMED, LAPSED):
            cursor.execute(f"EXPLAIN {statement}", values)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "on review_task " in plan
            assert "Filter: (id = " not in plan, plan
