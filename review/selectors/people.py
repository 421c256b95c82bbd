"""Names of people by id: rows keep ids alone."""

from collections.abc import Iterable
from uuid import UUID

from refinery.tenancy.actor import Actor
from refinery.tenancy.models import Membership, User


def names_of(actor: Actor, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Give the names of members of the actor's tenant; who has left is not among them."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    members = Membership.objects.visible_to(actor).filter(user_id__in=wanted).values("user_id")
    return {user.id: str(user) for user in User.objects.filter(id__in=members).only("id", "name", "email")}
