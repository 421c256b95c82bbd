"""Object grants: access of a user or a team to one batch, document or queue, stored by django-guardian.

Each kind of object has two tables with real foreign keys. Guardian's generic tables store the key as text, which no
foreign key and no index of the object serves.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, cast

from django.db import models
from django.db.models import QuerySet
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.roles import Permission

Ids = QuerySet[models.Model, Any]


class Access(StrEnum):
    """Access that a grant gives; each includes viewing."""

    VIEW = "view"
    REVIEW = "review"
    EXPORT = "export"


# Permissions that need more than a grant of any access.
ACCESS_NEEDED: Final[Mapping[Permission, Access]] = {
    Permission.REVIEW_WORK: Access.REVIEW,
    Permission.DOCUMENT_EDIT_FIELD: Access.REVIEW,
    Permission.DOCUMENT_EXPORT: Access.EXPORT,
}


class UserGrant(UserObjectPermissionBase):
    """Grant of one object to a user, with the tenant id for row level security."""

    content_object: Any
    tenant_id = models.UUIDField(editable=False)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Copy the object's tenant id and save."""
        self.tenant_id = self.content_object.tenant_id
        super().save(*args, **kwargs)


class TeamGrant(GroupObjectPermissionBase):
    """Grant of one object to a team: Django's groups belong to no tenant, so the team takes their place."""

    content_object: Any
    tenant_id = models.UUIDField(editable=False)
    group = models.ForeignKey(Team, on_delete=models.CASCADE)  # type: ignore[assignment]  # in place of Django's group

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Copy the object's tenant id and save."""
        self.tenant_id = self.content_object.tenant_id
        super().save(*args, **kwargs)


def codename(access: Access, model: type[models.Model]) -> str:
    """Return the name of Django's permission for the access to objects of a model."""
    return f"{access}_{model._meta.model_name}"  # noqa: SLF001 - Django's documented interface


def related_model(model: type[models.Model], field: str) -> type[models.Model]:
    """Return the model at the other end of a relation; querysets, which models import, find other models this way."""
    return cast("type[models.Model]", model._meta.get_field(field).related_model)  # noqa: SLF001 - Django's documented interface


def related_rows(model: type[models.Model], field: str) -> Any:  # noqa: ANN401 - a queryset of the related model's class
    """Return all rows of the model at the other end of a relation."""
    return related_model(model, field)._default_manager.all()  # noqa: SLF001 - Django's documented manager


def granted_ids(model: type[models.Model], actor: Actor, permission: Permission | None = None) -> Ids:
    """Return the ids of a model's objects that are granted to the actor or to one of their teams."""
    rows = _granted(related_rows(model, "user_grants"), model, actor, permission).filter(user_id=actor.user_id)
    if not actor.team_ids:
        return rows.values("content_object_id")
    by_team = _granted(related_rows(model, "team_grants"), model, actor, permission).filter(group_id__in=actor.team_ids)
    return rows.values("content_object_id").union(by_team.values("content_object_id"), all=True)


def _granted(grants: Ids, model: type[models.Model], actor: Actor, permission: Permission | None) -> Ids:
    rows = grants.filter(tenant_id=actor.tenant_id)
    needed = ACCESS_NEEDED.get(permission) if permission else None
    return rows.filter(permission__codename=codename(needed, model)) if needed else rows
