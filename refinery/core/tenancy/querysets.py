"""Tenant querysets: rows are read only through `visible_to(actor)`, which excludes rows the actor may not see."""

from typing import Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from refinery.core.tenancy.actor import Actor, NotAllowed
from refinery.core.tenancy.roles import Permission

TenantRowT = TypeVar("TenantRowT", bound=models.Model)


class TenantQuerySet(models.QuerySet[TenantRowT]):
    """First barrier between tenants: only rows of the actor's tenant, and for a guest only those granted.

    A guest sees no row of a model whose queryset does not say which ones are granted.
    """

    def visible_to(self, actor: Actor) -> Self:
        """Filter the rows by the actor's tenant, and for a guest by grants of any access."""
        rows = self.filter(tenant_id=actor.tenant_id)
        return rows.granted_to(actor) if actor.is_restricted else rows

    def permitted(self, actor: Actor, permission: Permission) -> Self:
        """Filter the visible rows on which the actor may use a permission that the role has."""
        rows = self.filter(tenant_id=actor.tenant_id)
        return rows.granted_to(actor, permission) if actor.is_restricted else rows

    def get_permitted(self, actor: Actor, permission: Permission, **lookup: object) -> TenantRowT:
        """Return one row; raises DoesNotExist if the actor may not see it, NotAllowed if they may only see it."""
        try:
            return self.permitted(actor, permission).get(**lookup)
        except ObjectDoesNotExist:
            if actor.is_restricted and self.visible_to(actor).filter(**lookup).exists():
                raise NotAllowed(permission) from None
            raise

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter the rows with a grant of the permission to the actor; None: of any permission."""
        return self.none()


class SharedQuerySet(TenantQuerySet[TenantRowT]):
    """Rows that every member of the tenant may read, guests included."""

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Return all rows."""
        return self


class OwnQuerySet(TenantQuerySet[TenantRowT]):
    """Rows of users; a guest sees only their own."""

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter the rows by the actor."""
        return self.filter(user_id=actor.user_id)
