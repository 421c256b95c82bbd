"""Rows are reached through `visible_to(actor)` alone: you cannot fetch what you may not see."""

from typing import Self, TypeVar

from django.db import models

from refinery.core.tenancy.actor import Actor

Row = TypeVar("Row", bound=models.Model)


class TenantQuerySet(models.QuerySet[Row]):
    """The first wall: rows of the actor's tenant."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the rows of the actor's tenant; apps narrow this by object grants."""
        return self.filter(tenant_id=actor.tenant_id)
