"""Querysets of documents, region readings and reprocessing runs."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Count, F, Q

from ingestion.domain.lifecycle import FINAL, DocumentStatus
from ingestion.domain.reprocessing_status import OPEN_STATUSES
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.querysets import TenantQuerySet

Row = TypeVar("Row", bound=models.Model)


class DocumentQuerySet(TenantQuerySet[Row]):
    """Documents, filtered by tenant first."""

    def in_status(self, *statuses: DocumentStatus) -> Self:
        """Filter documents in one of the statuses."""
        return self.filter(status__in=[status.value for status in statuses])

    def unfinished(self) -> Self:
        """Filter documents whose workflow is still running."""
        return self.exclude(status__in=[status.value for status in FINAL])

    def newest_first(self) -> Self:
        """Order by arrival, because ids contain the time."""
        return self.order_by("-id")

    def matching(self, text: str) -> Self:
        """Filter documents whose file name or external id contains the text."""
        return self.filter(Q(filename__icontains=text) | Q(external_id__icontains=text))

    def counts_by_status(self) -> dict[str, int]:
        """Return the number of documents by status."""
        return dict(self.order_by().values_list("status").annotate(Count("id")))


class RegionQuerySet(TenantQuerySet[Row]):
    """Region readings, filtered by tenant first."""

    def requested_by(self, actor: Actor) -> Self:
        """Filter regions that the actor has requested; no other user may see them."""
        return self.visible_to(actor).filter(requested_by_id=actor.user_id)

    def waiting(self, at: datetime) -> Self:
        """Filter regions that a worker may still answer."""
        return self.filter(status="queued", expires_at__gt=at)

    def expired(self, at: datetime) -> Self:
        """Filter regions past their expiry."""
        return self.filter(expires_at__lte=at)


class ReprocessingQuerySet(TenantQuerySet[Row]):
    """Reprocessing runs, filtered by tenant first."""

    def open(self) -> Self:
        """Filter runs that are in progress or wait for a decision."""
        return self.filter(status__in=OPEN_STATUSES)

    def stale(self) -> Self:
        """Filter open runs whose document has a newer run meanwhile, so that nothing can be compared."""
        return self.open().exclude(base_run=F("document__run"))

    def current(self) -> Self:
        """Filter open runs that are based on their document's current run; only these block another request."""
        return self.open().filter(base_run=F("document__run"))

    def newest_first(self) -> Self:
        """Order by the time of the request, because ids contain the time."""
        return self.order_by("-id")
