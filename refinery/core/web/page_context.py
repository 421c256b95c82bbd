"""Template context of every page: signed-in user, tenant, and permissions."""

from typing import Any

from django.http import HttpRequest

from refinery.core.tenancy.platform import memberships_of
from refinery.core.tenancy.roles import Permission
from refinery.core.web.requests import actor_or_none


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the actor and a lazy list of their tenants; the database is queried only if they are shown."""
    actor = actor_or_none(request)
    if actor is None:
        return {"actor": None}
    return {
        "actor": actor,
        "permissions": {str(permission).replace(".", "_"): actor.can(permission) for permission in Permission},
        "memberships": lambda: memberships_of(actor.user_id),
    }
