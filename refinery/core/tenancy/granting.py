"""Granting and revoking of access to one object; a revoked access ends with the next request."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction

from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.grants import Access, codename, related_rows
from refinery.core.tenancy.models import ApiKey, Membership, Team, User
from refinery.core.tenancy.roles import Permission

RELATIONS: Final = {User: "user_grants", Team: "team_grants"}
COLUMNS: Final = {User: "user_id", Team: "group_id"}
Grantee = User | Team


class UnknownGrantee(Exception):
    """The user or team does not belong to the tenant."""


@dataclass(frozen=True, slots=True)
class ObjectGrant:
    """Accesses of one user or team to one object."""

    kind: str  # user | team
    owner: Grantee
    accesses: tuple[Access, ...]


def find_grantee(actor: Actor, key: UUID) -> Grantee:
    """Return a user or a team of the actor's tenant; raises UnknownGrantee."""
    members = Membership.objects.visible_to(actor).filter(is_active=True).values("user_id")
    keys = ApiKey.objects.visible_to(actor).filter(revoked_at=None).values("user_id")
    user = User.objects.filter(models.Q(pk__in=members) | models.Q(pk__in=keys), pk=key).first()
    found = user or Team.objects.visible_to(actor).filter(pk=key).first()
    if found is None:
        raise UnknownGrantee
    return found


def set_grants(*, actor: Actor, target: models.Model, grantee: Grantee, wanted: frozenset[Access]) -> None:
    """Store exactly these accesses of a user or a team to an object; none revokes all.

    Raises NotAllowed, the model's DoesNotExist for an object of another tenant, UnknownGrantee.
    """
    actor.require(Permission.MEMBER_EDIT)
    kind = type(grantee).__name__.lower()
    with transaction.atomic():
        rows: Any = type(target)._default_manager  # noqa: SLF001 - Django's documented manager
        locked = rows.visible_to(actor).select_for_update(of=("self",)).get(pk=target.pk)
        if wanted:
            find_grantee(actor, grantee.pk)
        before = accesses_of(locked, grantee)
        _write(locked, grantee, before, wanted)
        if before != wanted:
            detail = {kind: str(grantee.pk), "before": sorted(before), "after": sorted(wanted)}
            record_event(actor.audit, "grants.changed", str(type(target)._meta.model_name), target.pk, **detail)  # noqa: SLF001 - as above


def _write(target: models.Model, grantee: Grantee, before: frozenset[Access], wanted: frozenset[Access]) -> None:
    grants: Any = related_rows(type(target), RELATIONS[type(grantee)]).model.objects
    for access in wanted - before:
        grants.assign_perm(codename(access, type(target)), grantee, target)
    for access in before - wanted:
        grants.remove_perm(codename(access, type(target)), grantee, target)


def accesses_of(target: models.Model, grantee: Grantee) -> frozenset[Access]:
    """Return the accesses of a user or team to an object."""
    rows = related_rows(type(target), RELATIONS[type(grantee)]).filter(content_object=target)
    names = rows.filter(**{COLUMNS[type(grantee)]: grantee.pk}).values_list("permission__codename", flat=True)
    return _to_accesses(target, set(names))


def _to_accesses(target: models.Model, names: set[str]) -> frozenset[Access]:
    return frozenset(access for access in Access if codename(access, type(target)) in names)


def grants_of(target: models.Model) -> list[ObjectGrant]:
    """Return the grants of an object: users before teams, each by name."""
    return [*_listed(target, "user", "user"), *_listed(target, "team", "group")]


def _listed(target: models.Model, kind: str, field: str) -> list[ObjectGrant]:
    rows = related_rows(type(target), f"{kind}_grants").filter(content_object=target)
    owners: dict[Any, set[str]] = {}
    for row in rows.select_related(field, "permission"):
        owners.setdefault(getattr(row, field), set()).add(row.permission.codename)
    found = [ObjectGrant(kind, owner, tuple(sorted(_to_accesses(target, names)))) for owner, names in owners.items()]
    return sorted(found, key=lambda grant: (str(grant.owner), grant.owner.pk))
