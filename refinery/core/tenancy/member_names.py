"""Names of users by id, because rows store only ids."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import ApiKey, Membership, User


def names_of(actor: Actor, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of the tenant's members and API keys; former members are missing.

    An API key acts as a service user with the key's name. Without it, a program's decision would look like one of the
    system.
    """
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    members = Membership.objects.visible_to(actor).filter(user_id__in=wanted).values("user_id")
    keys = ApiKey.objects.visible_to(actor).filter(user_id__in=wanted).values("user_id")
    found = User.objects.filter(Q(id__in=members) | Q(id__in=keys))
    return {user.id: str(user) for user in found.only("id", "name", "email")}
