"""Short-lived tickets for page images and sockets, which cannot send a header: `?token=`.

A ticket grants its holder's read permissions only, and becomes invalid with the key or membership behind it.
"""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils import timezone

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import InvalidCredentials, actor_of_key_record, actor_of_user
from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.platform import key_by_prefix
from refinery.core.tenancy.roles import ROLE_PERMISSIONS, Permission
from refinery.core.types import UserId

TICKET_SECONDS: Final = 300
TICKET_PERMISSIONS: Final = frozenset({Permission.DOCUMENT_VIEW, Permission.BATCH_VIEW, Permission.REVIEW_VIEW})
_SALT: Final = "refinery.ticket"


def issue_ticket(actor: Actor) -> str:
    """Sign a ticket for the actor within their tenant; it grants only TICKET_PERMISSIONS, for TICKET_SECONDS."""
    claims = {"u": str(actor.user_id), "t": str(actor.tenant_id), "s": sorted(_granted_permissions(actor))}
    if actor.key_id is not None:
        with tenant_scope(actor.tenant_id):
            claims["k"] = ApiKey.objects.visible_to(actor).values_list("prefix", flat=True).get(pk=actor.key_id)
    return signing.TimestampSigner(salt=_SALT).sign_object(claims)


def actor_of_ticket(ticket: str, request_id: str = "", *, already_admitted: bool = False) -> Actor:
    """Return the actor behind a ticket, with read permissions only. Raises InvalidCredentials.

    `already_admitted` repeats the check for an open connection: the ticket's age is ignored, its holder still checked.
    """
    try:
        max_age = None if already_admitted else TICKET_SECONDS
        claims = signing.TimestampSigner(salt=_SALT).unsign_object(ticket, max_age=max_age)
    except signing.BadSignature as reason:
        message = "the ticket is not valid or too old"
        raise InvalidCredentials(message) from reason
    actor = _ticket_holder(claims, request_id)
    if actor is None:
        message = "the ticket's holder no longer has access"
        raise InvalidCredentials(message)
    return replace(actor, scopes=frozenset(Permission(scope) for scope in claims["s"]) & _granted_permissions(actor))


def _granted_permissions(actor: Actor) -> frozenset[Permission]:
    return frozenset(
        permission for permission in TICKET_PERMISSIONS & ROLE_PERMISSIONS[actor.role] if actor.can(permission)
    )


def _ticket_holder(claims: dict[str, Any], request_id: str) -> Actor | None:
    if "k" not in claims:
        return actor_of_user(UserId(UUID(claims["u"])), claims["t"], request_id=request_id)
    fact = key_by_prefix(claims["k"])
    if fact is None or str(fact.tenant_id) != claims["t"]:
        return None
    return actor_of_key_record(fact, timezone.now(), request_id)
