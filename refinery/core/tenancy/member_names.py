"""Names of users by id, because rows store only ids."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query, is_any_of
from refinery.core.tenancy.models import ApiKey, Membership, User


def names_of(actor: Actor, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of the tenant's members and API keys; former members are missing.

    An API key acts as a service user with the key's name. Without it, a program's decision would look like one of the
    system.
    """
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {user.id: str(user) for user in _members_among(actor, wanted)}


@compiled_query
def _members_among(actor: Actor, ids: Collection[UUID]) -> "QuerySet[User]":
    members = Membership.objects.visible_to(actor).filter(is_any_of("user_id", ids)).values("user_id")
    keys = ApiKey.objects.visible_to(actor).filter(is_any_of("user_id", ids)).values("user_id")
    return User.objects.filter(Q(id__in=members) | Q(id__in=keys)).only("id", "name", "email")
