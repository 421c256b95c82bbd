"""Tenant querysets: rows are read only through `visible_to(actor)`, which excludes rows the actor may not see."""

from typing import Self, TypeVar

from django.db import models

from refinery.core.tenancy.actor import Actor

TenantRowT = TypeVar("TenantRowT", bound=models.Model)


class TenantQuerySet(models.QuerySet[TenantRowT]):
    """First barrier between tenants: only rows of the actor's tenant."""

    def visible_to(self, actor: Actor) -> Self:
        """Filter the rows by the actor's tenant; apps narrow this by object grants."""
        return self.filter(tenant_id=actor.tenant_id)
