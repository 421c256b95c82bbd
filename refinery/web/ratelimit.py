"""Requests a minute, for each tenant and each key: one upsert in an unlogged table, right across processes."""

from typing import TYPE_CHECKING

from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from refinery.web.requests import actor_or_none

if TYPE_CHECKING:  # rest_framework.views loads this very module for its defaults
    from rest_framework.views import APIView

WINDOW_SECONDS = 60
SHARE_OF_ONE_CALLER = 0.5  # one key may use half of its tenant's allowance, so that its neighbours go on

COUNT = "SELECT * FROM platform_count_request(%s, %s, %s)"


class TenantThrottle(BaseThrottle):
    """Fixed windows; `wait` gives Retry-After."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count the request and compare with the tenant's allowance."""
        actor = actor_or_none(request)
        if actor is None:
            return True
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [actor.tenant_id, actor.key_id or actor.user_id, WINDOW_SECONDS])
            row = cursor.fetchone()
        if row is None:
            return True
        of_tenant, of_caller, allowance, self.seconds_left = row
        return bool(of_tenant <= allowance and of_caller <= max(1, allowance * SHARE_OF_ONE_CALLER))

    def wait(self) -> float | None:
        """Give the seconds until the window ends."""
        return float(getattr(self, "seconds_left", WINDOW_SECONDS))
