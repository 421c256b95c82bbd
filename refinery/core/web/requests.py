"""Access to the actor of a request."""

from django.http import HttpRequest
from rest_framework.request import Request

from refinery.core.tenancy.actor import Actor

ACTOR = "refinery.actor"


class SignInNeeded(Exception):
    """No user is signed in: pages redirect to the sign-in form, the API responds 401."""


def actor_or_none(request: HttpRequest | Request) -> Actor | None:
    """Return the actor, None for an anonymous request."""
    found = request.META.get(ACTOR)
    return found if isinstance(found, Actor) else None


def actor_of_request(request: HttpRequest | Request) -> Actor:
    """Return the actor. Raises SignInNeeded for an anonymous request."""
    actor = actor_or_none(request)
    if actor is None:
        message = "sign in, or send a key"
        raise SignInNeeded(message)
    return actor
