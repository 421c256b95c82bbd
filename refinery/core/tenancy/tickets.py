"""Short-lived tickets for page images and sockets, which cannot send a header: `?token=`.

A ticket stands for its holder's right to look, nothing else, and dies with the key or membership behind it.
"""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils import timezone

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import InvalidCredentials, actor_of_fact, actor_of_user
from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.platform import key_by_prefix
from refinery.core.tenancy.roles import ROLE_VERBS, Verb
from refinery.core.types import UserId

TICKET_SECONDS: Final = 300
LOOK: Final = frozenset({Verb.DOCUMENT_VIEW, Verb.BATCH_VIEW, Verb.REVIEW_VIEW})
_SALT: Final = "refinery.ticket"


def issue_ticket(actor: Actor) -> str:
    """Sign a ticket for the actor within their tenant; it opens only what LOOK names, for TICKET_SECONDS."""
    claims = {"u": str(actor.user_id), "t": str(actor.tenant_id), "s": sorted(_narrowed(actor))}
    if actor.key_id is not None:
        with tenant_scope(actor.tenant_id):
            claims["k"] = ApiKey.objects.visible_to(actor).values_list("prefix", flat=True).get(pk=actor.key_id)
    return signing.TimestampSigner(salt=_SALT).sign_object(claims)


def actor_of_ticket(ticket: str, request_id: str = "", *, admitted: bool = False) -> Actor:
    """Make the actor behind a ticket, with no right but to look; raises InvalidCredentials.

    `admitted` asks anew for one that was let in before: the ticket's age no longer counts, its holder still does.
    """
    try:
        max_age = None if admitted else TICKET_SECONDS
        claims = signing.TimestampSigner(salt=_SALT).unsign_object(ticket, max_age=max_age)
    except signing.BadSignature as reason:
        message = "the ticket is not valid or too old"
        raise InvalidCredentials(message) from reason
    actor = _holder(claims, request_id)
    if actor is None:
        message = "the ticket's holder may no longer come in"
        raise InvalidCredentials(message)
    return replace(actor, scopes=frozenset(Verb(scope) for scope in claims["s"]) & _narrowed(actor))


def _narrowed(actor: Actor) -> frozenset[Verb]:
    return frozenset(verb for verb in LOOK & ROLE_VERBS[actor.role] if actor.can(verb))


def _holder(claims: dict[str, Any], request_id: str) -> Actor | None:
    if "k" not in claims:
        return actor_of_user(UserId(UUID(claims["u"])), claims["t"], request_id=request_id)
    fact = key_by_prefix(claims["k"])
    if fact is None or str(fact.tenant_id) != claims["t"]:
        return None
    return actor_of_fact(fact, timezone.now(), request_id)
