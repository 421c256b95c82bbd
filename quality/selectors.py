"""What pages and the API ask of quality: how checks do, and how near a promise is."""

from dataclasses import dataclass

from django.db.models import Count, Q

from quality.domain.bounds import Interval, interval, required_trials
from quality.domain.calibration import LADDER
from quality.domain.records import CheckRecord
from quality.models import Assessment, Issue
from refinery.types import TenantId


@dataclass(frozen=True, slots=True)
class Ladder:
    """How far a kind of document is from its first promise: reviewed documents, and those that were right."""

    schema_key: str
    reviewed: int
    flawless: Interval
    promise: float
    needed: int


def check_records(tenant_id: TenantId) -> tuple[CheckRecord, ...]:
    """Give each check's own record: how often it fired, was judged, and was overturned by a reviewer."""
    rows = (
        Issue.objects.filter(tenant_id=tenant_id)
        .values("code", "check_version")
        .annotate(
            fired=Count("id"),
            judged=Count("id", filter=Q(overturned__isnull=False)),
            wrong=Count("id", filter=Q(overturned=True)),
        )
        .order_by("code", "check_version")
    )
    return tuple(
        CheckRecord(row["code"], row["check_version"], row["fired"], row["judged"], row["wrong"]) for row in rows
    )


def ladders(tenant_id: TenantId) -> tuple[Ladder, ...]:
    """Give, for each kind of document, how many a human has decided and how many needed no correction."""
    decided = Assessment.objects.filter(tenant_id=tenant_id, after_human=True)
    rows = (
        decided.values("document__schema_key")
        .annotate(
            reviewed=Count("document", distinct=True),
            corrected=Count("document", distinct=True, filter=Q(document__field_rows__human="corrected")),
        )
        .order_by("document__schema_key")
    )
    return tuple(_ladder(row["document__schema_key"], row["reviewed"], row["corrected"]) for row in rows)


def _ladder(schema_key: str, reviewed: int, corrected: int) -> Ladder:
    promise = LADDER[0]
    needed = required_trials(promise, min(corrected, 3))
    return Ladder(schema_key, reviewed, interval(reviewed - corrected, reviewed), promise, needed)
