"""Names of people by id: rows keep ids alone."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import ApiKey, Membership, User


def names_of(actor: Actor, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Give the names of the tenant's members and of its keys; a person who has left is not among them.

    A key acts as a service user that bears its name: without it a program's decision would look like the engine's.
    """
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    members = Membership.objects.visible_to(actor).filter(user_id__in=wanted).values("user_id")
    keys = ApiKey.objects.visible_to(actor).filter(user_id__in=wanted).values("user_id")
    found = User.objects.filter(Q(id__in=members) | Q(id__in=keys))
    return {user.id: str(user) for user in found.only("id", "name", "email")}
