"""Claim tasks: one statement each over a partial index, so that no task is ever given twice.

The database's clock alone decides when a lease lapses, so that wrong clocks of web machines change nothing.
"""

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.live_events import LiveEvent, announce, queue_group
from review.contracts import ClaimedTask, Lease
from review.domain.lease_errors import MAX_LIVE_LEASES, LeaseLost, TaskTaken, TooManyLeases
from review.models import Queue, ReviewTask

TAKE: Final = """
    UPDATE review_task SET state = 'CLAIMED', assignee_id = %(user)s, lease_token = %(token)s,
           lease_expires_at = now() + make_interval(secs => %(seconds)s), claimed_at = now(),
           lease_ahead = %(ahead)s, fence = fence + 1, postponed_until = NULL
    WHERE id = ({chosen}) {unless} RETURNING id, document_id, lease_token, lease_expires_at
"""
# QueueQuerySet.workable_by in plain SQL (a test holds the two together): a look of its own would cost as much as
# the claim.
MAY = """
    t.tenant_id = %(tenant)s AND (t.excluded_id IS NULL OR t.excluded_id <> %(user)s)
    AND t.queue_id = ANY(ARRAY(
      SELECT q.id FROM queue q
      WHERE q.tenant_id = %(tenant)s AND (%(queue)s::uuid IS NULL OR q.id = %(queue)s::uuid)
        AND (q.team_id IS NULL OR q.team_id = ANY(%(teams)s::uuid[])
             OR EXISTS (SELECT 1 FROM queue_user_grant g
                        WHERE g.content_object_id = q.id AND g.user_id = %(user)s))))
"""
# What the person postponed comes first, then the order of the partial index task_next: each scan stops at the
# first row that nobody has locked, and COALESCE starts the second one only when the first finds nothing.
POSTPONED = f"""
    SELECT t.id FROM review_task t WHERE t.state = 'POSTPONED' AND t.assignee_id = %(user)s
      AND t.postponed_until <= now() AND {MAY}
    ORDER BY t.postponed_until LIMIT 1 FOR UPDATE SKIP LOCKED"""  # noqa: S608 - our own constants, no value is put in
BEST = f"""
    SELECT t.id FROM review_task t WHERE t.state = 'OPEN' AND {MAY}
      AND NOT EXISTS (SELECT 1 FROM task_skip s
                      WHERE s.tenant_id = t.tenant_id AND s.task_id = t.id AND s.user_id = %(user)s)
    ORDER BY t.priority DESC, t.due_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED"""  # noqa: S608 - our own constants, no value is put in
NAMED: Final = TAKE.format(
    unless="",
    chosen=f"""
    SELECT t.id FROM review_task t WHERE t.id = %(task)s AND {MAY}
      AND (t.state = 'OPEN' OR (t.state = 'POSTPONED' AND t.assignee_id = %(user)s))
    FOR UPDATE SKIP LOCKED""",  # noqa: S608 - our own constants, no value is put in
)
LAPSED: Final = """
    UPDATE review_task SET state = 'OPEN', assignee_id = NULL, lease_token = NULL, lease_expires_at = NULL
    WHERE id IN (SELECT id FROM review_task
                 WHERE tenant_id = %(tenant)s AND state = 'CLAIMED' AND lease_expires_at < now()
                 LIMIT 100 FOR UPDATE SKIP LOCKED)
"""
LIVE: Final = """
    FROM review_task
    WHERE tenant_id = %(tenant)s AND assignee_id = %(user)s AND state = 'CLAIMED' AND lease_expires_at >= now()
"""
OWN: Final = f"SELECT id, document_id, lease_token, lease_expires_at {LIVE} ORDER BY claimed_at, id"
# A COALESCE of its own may leak in the eyes of row level security, and is looked at row after row; a SELECT is
# answered once and found by the primary key.
NEXT: Final = TAKE.format(
    chosen=f"SELECT COALESCE(({POSTPONED}), ({BEST}))",
    unless=f"AND (SELECT count(*) {LIVE}) <= %(wanted)s",
)
ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%(person)s, 1))"
# One way to the database: a person's claims one at a time, what has lapsed opened again, the own live leases, and
# a claim unless those are enough already. Each statement sees what the one before it did.
FIRST: Final = f"{ONE_AT_A_TIME};{LAPSED};{OWN}"
CLAIM: Final = f"{FIRST};{NEXT}"

Row = tuple[UUID, UUID, UUID, datetime]


def claim_next(*, actor: Actor, ahead: bool = False, queue_id: UUID | None = None) -> ClaimedTask | None:
    """Give the caller's own live lease first (`ahead`: one more), else the best task that they may do."""
    actor.require(Verb.REVIEW_WORK)
    wanted = 1 if ahead else 0
    with transaction.atomic(savepoint=False):  # nobody goes on after a failure: spare two ways there
        values = _values(actor, ahead=ahead, queue_id=queue_id, wanted=wanted)
        *_, own, taken = _answers(CLAIM, values)
        if len(own) > wanted:
            return _claimed(own[wanted])
        if not taken:
            return None
        _tell(actor, taken[0], ahead=ahead)
    return _claimed(taken[0])


def claim_task(*, actor: Actor, task_id: UUID) -> ClaimedTask:
    """Claim one task by its id; raises ReviewTask.DoesNotExist, TaskTaken, TooManyLeases."""
    actor.require(Verb.REVIEW_WORK)
    with transaction.atomic():
        values = _values(actor, ahead=False, task=task_id)
        *_, own = _answers(FIRST, values)
        for row in own:
            if row[0] == task_id:
                return _claimed(row)
        if len(own) >= MAX_LIVE_LEASES:
            raise TooManyLeases
        (taken,) = _answers(NAMED, values)
        if not taken:
            _tell_why(actor, task_id)
            raise TaskTaken
        _tell(actor, taken[0], ahead=False)
    return _claimed(taken[0])


def heartbeat(*, actor: Actor, task_id: UUID, token: UUID) -> Lease:
    """Lengthen a lease; raises LeaseLost. A lease that lapsed unnoticed by anyone lives on."""
    actor.require(Verb.REVIEW_WORK)
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
        "token": uuid4(),
        "seconds": settings.LEASE_SECONDS,
        "ahead": ahead,
        **others,
    }


def _answers(statements: str, values: dict[str, Any]) -> list[list[Row]]:
    """Send statements in one message and give the rows of each, none for one that has none to give."""
    with connection.cursor() as cursor:
        cursor.execute(statements, values)
        found = []
        while True:
            found.append(cursor.fetchall() if cursor.description else [])
            if not cursor.nextset():
                return cast("list[list[Row]]", found)


def _tell(actor: Actor, row: Row, *, ahead: bool) -> None:
    record(actor.audit, "task.claimed", "task", row[0], ahead=ahead)
    announce(LiveEvent("task.claimed", str(row[0])), queue_group(actor.tenant_id))


def _claimed(row: Row) -> ClaimedTask:
    return ClaimedTask(row[0], row[1], Lease(row[2], row[3]))


def _tell_why(actor: Actor, task_id: UUID) -> None:
    """Raise DoesNotExist for what the actor may not see; return for what others hold."""
    task = ReviewTask.objects.visible_to(actor).only("queue_id", "excluded_id").get(pk=task_id)
    workable = Queue.objects.workable_by(actor).filter(pk=task.queue_id).exists()
    if not workable or task.excluded_id == actor.user_id:
        actor.require(Verb.REVIEW_ASSIGN)
