"""What every page's frame shows: who is signed in, where, and what they may open."""

from typing import Any

from django.http import HttpRequest

from refinery.core.tenancy.platform import memberships_of
from refinery.core.tenancy.roles import Verb
from refinery.core.web.requests import actor_or_none


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the actor and a lazy list of their tenants; nothing is asked of the database unless shown."""
    actor = actor_or_none(request)
    if actor is None:
        return {"actor": None}
    return {
        "actor": actor,
        "verbs": {str(verb).replace(".", "_"): actor.can(verb) for verb in Verb},
        "places": lambda: memberships_of(actor.user_id),
    }
