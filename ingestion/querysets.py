"""Which documents an actor sees, and the sets of them that pages ask for."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Count, Q

from ingestion.domain.lifecycle import FINAL, DocumentStatus
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.querysets import TenantQuerySet

Row = TypeVar("Row", bound=models.Model)


class DocumentQuerySet(TenantQuerySet[Row]):
    """Documents, tenant first."""

    def in_status(self, *statuses: DocumentStatus) -> Self:
        """Keep those in one of the statuses."""
        return self.filter(status__in=[status.value for status in statuses])

    def unfinished(self) -> Self:
        """Keep those whose workflow still runs."""
        return self.exclude(status__in=[status.value for status in FINAL])

    def newest_first(self) -> Self:
        """Order by arrival: the id carries the time."""
        return self.order_by("-id")

    def matching(self, text: str) -> Self:
        """Keep those whose file name or external id contains the text."""
        return self.filter(Q(filename__icontains=text) | Q(external_id__icontains=text))

    def counts_by_status(self) -> dict[str, int]:
        """Give how many stand where."""
        return dict(self.order_by().values_list("status").annotate(Count("id")))


class RegionQuerySet(TenantQuerySet[Row]):
    """Regions read again, tenant first."""

    def asked_by(self, actor: Actor) -> Self:
        """Keep what the actor has asked for: nobody else is told."""
        return self.visible_to(actor).filter(requested_by_id=actor.user_id)

    def waiting(self, at: datetime) -> Self:
        """Keep those that a worker may still answer."""
        return self.filter(status="queued", expires_at__gt=at)

    def expired(self, at: datetime) -> Self:
        """Keep those whose time is over."""
        return self.filter(expires_at__lte=at)
