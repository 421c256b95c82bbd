"""Number of documents that a tenant received today, without counting all of them at each upload."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from ingestion.models import Document
from refinery.core.database.ids import first_id_at
from refinery.core.types import TenantId

SETTLED_AFTER: Final = timedelta(minutes=1)  # uploads commit within seconds of the time in their ids

# First id of the day, id up to which documents are counted, their number; of each tenant, in this process.
_Counted = tuple[UUID, UUID, int]
_counted: dict[TenantId, _Counted] = {}


def is_quota_left(tenant_id: TenantId, wanted: int, quota: int, now: datetime | None = None) -> bool:
    """Return whether the tenant may add `wanted` documents on this UTC day.

    Documents older than SETTLED_AFTER are counted once by each process. Those erased since then still count until the
    quota seems used up; then all are counted anew, so that no document is refused wrongly.
    """
    now = now or datetime.now(UTC)
    if _count_today(tenant_id, now) + wanted <= quota:
        return True
    _counted.pop(tenant_id, None)
    return _count_today(tenant_id, now) + wanted <= quota


def _count_today(tenant_id: TenantId, now: datetime) -> int:
    day = first_id_at(now.replace(hour=0, minute=0, second=0, microsecond=0))
    known_day, border, known = _counted.get(tenant_id, (day, day, 0))
    if known_day != day:
        border, known = day, 0
    settled = max(border, first_id_at(now - SETTLED_AFTER))
    newer = Document.objects.filter(tenant_id=tenant_id, pk__gte=border)
    counts = newer.aggregate(total=Count("pk"), settled=Count("pk", filter=Q(pk__lt=settled)))
    _counted[tenant_id] = (day, settled, known + counts["settled"])
    return int(known + counts["total"])
