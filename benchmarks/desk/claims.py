"""Cost of a claim compared with its bare SQL statement: `python -m benchmarks.desk.claims --times 300`.

Runs in the environment of the running program, on its database with open tasks. The bare statement is the minimum
of a claim, in a transaction that has entered the tenant; the service is `claim_next`.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
django.setup()

import psycopg  # noqa: E402 - after Django's set-up
from django.db import connection  # noqa: E402 - after Django's set-up

from refinery.core.database.scope import tenant_scope  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.actor import Actor  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.models import Membership  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.platform import tenant_by_slug  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.roles import Role  # noqa: E402 - after Django's set-up
from refinery.core.types import TenantId, UserId  # noqa: E402 - after Django's set-up
from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from review.models import Queue  # noqa: E402 - after Django's set-up
from review.services.claims import CLAIM_UPDATE_SQL, claim_next  # noqa: E402 - after Django's set-up

# Minimal claim: the best open task of known queues, without exclusions and skipped tasks.
BARE_CLAIM_SQL = CLAIM_UPDATE_SQL.format(
    unless="",
    chosen="""
    SELECT t.id FROM review_task t
    WHERE t.state = 'OPEN' AND t.tenant_id = %(tenant)s AND t.queue_id = ANY(%(queues)s::uuid[])
    ORDER BY t.priority DESC, t.due_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED""",
)
SET_TENANT_SQL = "SELECT set_config('app.tenant', %s, true)"
CANCEL_SQL = (
    "UPDATE review_task SET state = 'CANCELLED', assignee_id = NULL, lease_token = NULL, lease_expires_at = NULL"
    " WHERE tenant_id = %s AND assignee_id = %s AND state = 'CLAIMED'"
)


def reviewer_actor(tenant_id: TenantId) -> Actor:
    """Return the tenant's reviewer as an actor."""
    with tenant_scope(tenant_id):
        member = Membership.objects.filter(tenant_id=tenant_id, role=Role.REVIEWER.value).first()
    if member is None:
        message = "the tenant has no reviewer"
        raise LookupError(message)
    return Actor(UserId(member.user_id), tenant_id, Role.REVIEWER)


def cancel_claimed(actor: Actor) -> None:
    """Cancel the claimed tasks, so that the next claim finds another task."""
    with tenant_scope(actor.tenant_id), connection.cursor() as cursor:
        cursor.execute(CANCEL_SQL, [actor.tenant_id, actor.user_id])


def timed(times: int, claim: Callable[[], object], actor: Actor) -> list[float]:
    """Return the seconds of each claim; the clean-up after it is not timed."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        if claim() is None:
            message = "the desk ran empty"
            raise LookupError(message)
        taken.append(time.perf_counter() - began)
        cancel_claimed(actor)
    return taken


def bare_claim(bare: "psycopg.Connection[tuple[object, ...]]", actor: Actor, queues: list[UUID]) -> object:
    """Execute only the statement, with the driver."""
    values = {"tenant": actor.tenant_id, "user": actor.user_id, "token": uuid4(), "seconds": 120, "ahead": False}
    with bare.transaction():
        bare.execute(SET_TENANT_SQL, [str(actor.tenant_id)])
        return bare.execute(BARE_CLAIM_SQL.encode(), {**values, "queues": queues}).fetchone()


def service_claim(actor: Actor) -> object:
    """Call the service as a view does."""
    with tenant_scope(actor.tenant_id):
        return claim_next(actor=actor)


def main() -> None:
    """Print the seconds of both as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300)
    times = parser.parse_args().times
    tenant_id = tenant_by_slug("demo")
    if tenant_id is None:
        message = "there is no tenant demo: is the program running?"
        raise SystemExit(message)
    actor = reviewer_actor(tenant_id)
    with tenant_scope(tenant_id):
        queues = list(Queue.objects.workable_by(actor).values_list("id", flat=True))
    with psycopg.connect(env.database_url, autocommit=True) as bare:
        timed(20, lambda: bare_claim(bare, actor, queues), actor)
        of_statement = timed(times, lambda: bare_claim(bare, actor, queues), actor)
    timed(20, lambda: service_claim(actor), actor)
    of_service = timed(times, lambda: service_claim(actor), actor)
    print(json.dumps({"statement": of_statement, "service": of_service}))


if __name__ == "__main__":
    main()
