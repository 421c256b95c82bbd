"""Claims of tasks: one SQL statement each over a partial index, so that no task is assigned twice.

Only the database clock decides when a lease lapses; wrong clocks of web servers have no effect.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from refinery.core.audit.services import record_event
from refinery.core.database.prepared import execute_together
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import LiveEvent, announce, queue_group
from review.contracts import ClaimedTask, Lease
from review.domain.lease_errors import MAX_LIVE_LEASES, LeaseLost, TaskAlreadyClaimed, TooManyLeases
from review.models import Queue, ReviewTask
from review.querysets import DECIDES_ESCALATIONS
from review.services.four_eyes import SecondPersonNeeded, is_excluded
from review.services.workable_tasks import GUEST_WORKABLE_SQL, MEMBER_WORKABLE_SQL

CLAIM_UPDATE_SQL: Final = """
    UPDATE review_task SET state = 'CLAIMED', assignee_id = %(user)s, lease_token = %(token)s,
           lease_expires_at = now() + make_interval(secs => %(seconds)s), claimed_at = now(),
           lease_ahead = %(ahead)s, fence = fence + 1, postponed_until = NULL
    WHERE id = ({chosen}) {unless} RETURNING id, document_id, lease_token, lease_expires_at, queue_id
"""
# Tasks postponed by the user come first, then the order of the partial index task_next: each scan stops at the
# first unlocked row, and COALESCE starts the second scan only if the first finds nothing.
POSTPONED_TASK_SQL: Final = """
    SELECT t.id FROM review_task t WHERE t.state = 'POSTPONED' AND t.assignee_id = %(user)s
      AND t.postponed_until <= now() AND {workable}
    ORDER BY t.postponed_until LIMIT 1 FOR UPDATE SKIP LOCKED"""
BEST_TASK_SQL: Final = """
    SELECT t.id FROM review_task t WHERE t.state = 'OPEN' AND {workable}
      AND NOT EXISTS (SELECT 1 FROM task_skip s
                      WHERE s.tenant_id = t.tenant_id AND s.task_id = t.id AND s.user_id = %(user)s)
    ORDER BY t.priority DESC, t.due_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED"""
TASK_BY_ID_SQL: Final = """
    SELECT t.id FROM review_task t WHERE t.id = %(task)s AND {workable}
      AND (t.state = 'OPEN' OR (t.state = 'POSTPONED' AND t.assignee_id = %(user)s))
    FOR UPDATE SKIP LOCKED"""
REOPEN_LAPSED_SQL: Final = """
    UPDATE review_task SET state = 'OPEN', assignee_id = NULL, lease_token = NULL, lease_expires_at = NULL
    WHERE id IN (SELECT id FROM review_task
                 WHERE tenant_id = %(tenant)s AND state = 'CLAIMED' AND lease_expires_at < now()
                 LIMIT 100 FOR UPDATE SKIP LOCKED)
"""
LIVE_LEASES_SQL: Final = """
    FROM review_task
    WHERE tenant_id = %(tenant)s AND assignee_id = %(user)s AND state = 'CLAIMED' AND lease_expires_at >= now()
"""
OF_QUEUE_SQL: Final = "AND (%(queue)s::uuid IS NULL OR queue_id = %(queue)s::uuid)"
OWN_LEASES_SQL: Final = (
    f"SELECT id, document_id, lease_token, lease_expires_at, queue_id {LIVE_LEASES_SQL} ORDER BY claimed_at, id"
)
LOCK_PERSON_SQL: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%(person)s, 1))"
# Sent in one round trip: serialise the user's claims, reopen lapsed tasks, return the user's live leases, and claim
# a task unless these leases are enough. Each statement sees the effects of the previous ones.
# The planner would plan the claim anew each time, which takes ten times as long as the claim itself.
KEEP_PLAN_SQL: Final = "SET LOCAL plan_cache_mode = force_generic_plan"
PREPARE_CLAIM: Final = (KEEP_PLAN_SQL, LOCK_PERSON_SQL, REOPEN_LAPSED_SQL, OWN_LEASES_SQL)


def _claim_best(workable: str) -> str:
    """Return the statement that claims the best task.

    Row level security considers a bare COALESCE leaky and evaluates it for each row; a SELECT is evaluated once and its
    result is found by the primary key.
    """
    chosen = f"SELECT COALESCE(({POSTPONED_TASK_SQL}), ({BEST_TASK_SQL}))".format(workable=workable)
    unless = (
        f"AND (SELECT count(*) {LIVE_LEASES_SQL} {OF_QUEUE_SQL}) <= %(wanted)s"
        f" AND (SELECT count(*) {LIVE_LEASES_SQL}) < %(most)s"
    )
    return CLAIM_UPDATE_SQL.format(chosen=chosen, unless=unless)


def _claim_by_id(workable: str) -> str:
    return CLAIM_UPDATE_SQL.format(chosen=TASK_BY_ID_SQL.format(workable=workable), unless="")


# By whether the actor's permissions are restricted to what was granted.
CLAIM_BEST_TASK_SQL: Final = {False: _claim_best(MEMBER_WORKABLE_SQL), True: _claim_best(GUEST_WORKABLE_SQL)}
CLAIM_TASK_BY_ID_SQL: Final = {False: _claim_by_id(MEMBER_WORKABLE_SQL), True: _claim_by_id(GUEST_WORKABLE_SQL)}
CLAIM_NEXT: Final = {each: (*PREPARE_CLAIM, best) for each, best in CLAIM_BEST_TASK_SQL.items()}

Row = tuple[UUID, UUID, UUID, datetime, UUID]


def claim_next(*, actor: Actor, ahead: bool = False, queue_id: UUID | None = None) -> ClaimedTask | None:
    """Return the caller's live lease (with `ahead`: the second one) if any, else claim the best allowed task.

    `queue_id` limits both to one queue; raises TooManyLeases when the caller holds the maximum in other queues.
    """
    actor.require(Permission.REVIEW_WORK)
    wanted = 1 if ahead else 0
    with transaction.atomic(savepoint=False):  # no caller continues after an error: saves two round trips
        values = _values(actor, ahead=ahead, queue_id=queue_id, wanted=wanted)
        *_, held, claimed_rows = execute_together(CLAIM_NEXT[actor.is_restricted], values)
        own = [row for row in held if queue_id in {None, row[4]}]
        if len(own) > wanted:
            return _to_claimed_task(own[wanted])
        if len(held) >= MAX_LIVE_LEASES:
            raise TooManyLeases
        if not claimed_rows:
            return None
        _announce_claim(actor, claimed_rows[0], ahead=ahead)
    return _to_claimed_task(claimed_rows[0])


def claim_task(*, actor: Actor, task_id: UUID) -> ClaimedTask:
    """Claim a task by id.

    Raises ReviewTask.DoesNotExist, TaskAlreadyClaimed, TooManyLeases, NotAllowed, SecondPersonNeeded.
    """
    actor.require(Permission.REVIEW_WORK)
    with transaction.atomic():
        values = _values(actor, ahead=False, task=task_id)
        *_, own = execute_together(PREPARE_CLAIM, values)
        for row in own:
            if row[0] == task_id:
                return _to_claimed_task(row)
        if len(own) >= MAX_LIVE_LEASES:
            raise TooManyLeases
        (claimed_rows,) = execute_together((CLAIM_TASK_BY_ID_SQL[actor.is_restricted],), values)
        if not claimed_rows:
            _check_may_claim(actor, task_id)
            raise TaskAlreadyClaimed
        _announce_claim(actor, claimed_rows[0], ahead=False)
    return _to_claimed_task(claimed_rows[0])


def heartbeat(*, actor: Actor, task_id: UUID, token: UUID) -> Lease:
    """Extend a lease; raises LeaseLost. A lapsed lease is extended too, unless the task has been reopened since."""
    actor.require(Permission.REVIEW_WORK)
    if actor.is_restricted:  # a revoked grant ends the lease
        ReviewTask.objects.only("pk").get_permitted(actor, Permission.REVIEW_WORK, pk=task_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE review_task SET lease_expires_at = now() + make_interval(secs => %s)"
            " WHERE id = %s AND tenant_id = %s AND state = 'CLAIMED' AND lease_token = %s AND assignee_id = %s"
            " RETURNING lease_expires_at",
            [settings.LEASE_SECONDS, task_id, actor.tenant_id, token, actor.user_id],
        )
        row = cursor.fetchone()
    if row is None:
        ReviewTask.objects.visible_to(actor).only("pk").get(pk=task_id)
        raise LeaseLost
    return Lease(token, row[0])


def _values(actor: Actor, *, ahead: bool, queue_id: UUID | None = None, **others: object) -> dict[str, Any]:
    return {
        "tenant": actor.tenant_id,
        "user": actor.user_id,
        "person": f"{actor.tenant_id}/{actor.user_id}",
        "teams": list(actor.team_ids),
        "queue": queue_id,
        "decides": actor.can(DECIDES_ESCALATIONS),
        "token": uuid4(),
        "seconds": settings.LEASE_SECONDS,
        "most": MAX_LIVE_LEASES,
        "ahead": ahead,
        **others,
    }


def _announce_claim(actor: Actor, row: Row, *, ahead: bool) -> None:
    record_event(actor.audit, "task.claimed", "task", row[0], ahead=ahead)
    announce(LiveEvent("task.claimed", str(row[0])), queue_group(actor.tenant_id))


def _to_claimed_task(row: Row) -> ClaimedTask:
    return ClaimedTask(row[0], row[1], Lease(row[2], row[3]))


def _check_may_claim(actor: Actor, task_id: UUID) -> None:
    """Check that the actor may claim the task; raises ReviewTask.DoesNotExist, NotAllowed, SecondPersonNeeded."""
    columns = ("queue_id", "excluded_id", "involved_ids", "raised_at")
    task = ReviewTask.objects.only(*columns).get_permitted(actor, Permission.REVIEW_WORK, pk=task_id)
    if task.raised_at is not None:
        actor.require(DECIDES_ESCALATIONS)
    if not Queue.objects.workable_by(actor).filter(pk=task.queue_id).exists():
        actor.require(Permission.REVIEW_ASSIGN)
    if is_excluded(actor, task):
        raise SecondPersonNeeded
