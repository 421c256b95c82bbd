"""Rate limit per minute, for each tenant and each key: one upsert in an unlogged table, exact across processes.

Counted in a separate statement, before the request's transaction opens: inside it the client's row would stay
locked until the response, and serialise a key's uploads or a viewer's parallel requests.
"""

from dataclasses import dataclass
from math import ceil

from django.http import HttpResponse

from refinery.core.database.prepared import prepared_cursor
from refinery.core.tenancy.actor import Actor
from refinery.core.web.problems import problem

LIMITED_PREFIX = "/v1/"
WINDOW_SECONDS = 60
SHARE_OF_ONE_CALLER = 0.5  # one key may use half of its tenant's limit, so that other clients are not blocked

COUNT_SQL = "SELECT * FROM platform_count_request(%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Remaining requests of a client; the window ends in `seconds_left`."""

    allowed: bool
    seconds_left: float


def count_request(actor: Actor) -> Allowance:
    """Count one request and return the remaining allowance, in fixed windows."""
    with prepared_cursor() as cursor:
        cursor.execute(COUNT_SQL, [actor.tenant_id, actor.key_id or actor.user_id, WINDOW_SECONDS])
        row = cursor.fetchone()
    if row is None:
        return Allowance(allowed=True, seconds_left=0)
    of_tenant, of_caller, allowance, seconds_left = row
    most = max(1, allowance * SHARE_OF_ONE_CALLER)
    return Allowance(of_tenant <= allowance and of_caller <= most, seconds_left)


def too_many_requests(allowance: Allowance) -> HttpResponse:
    """Return 429 with Retry-After."""
    wait = ceil(allowance.seconds_left)
    detail = f"The limit of requests per minute is reached; try again in {wait} s."
    return problem(429, "Too many requests", detail, code="throttled", headers={"Retry-After": str(wait)})
