"""Metrics of quality and of the review queues, for dashboards."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Avg, Count, F, Q
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.models import Document, Field
from quality.models import Assessment, Issue
from refinery.core.database.ids import first_id_at
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint, int_parameter
from review.domain.lifecycle import TaskState
from review.models import ReviewTask

DAYS = OpenApiParameter("days", int, description="how far back to look, 1 to 365, 30 when not given")


class QualityMetricsResponse(serializers.Serializer[Any]):
    """Scores and rates of documents and checks."""

    days = serializers.IntegerField()
    documents = serializers.IntegerField()
    by_status = serializers.DictField(child=serializers.IntegerField())
    scores = serializers.DictField(child=serializers.FloatField(allow_null=True))
    touchless_rate = serializers.FloatField(allow_null=True)
    field_error_rate = serializers.FloatField(allow_null=True)
    checks = serializers.ListField()


class SlaMetricsResponse(serializers.Serializer[Any]):
    """Backlog and compliance of review tasks with their deadlines."""

    days = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    due_within_hour = serializers.IntegerField()
    submitted = serializers.IntegerField()
    within_sla = serializers.FloatField(allow_null=True)
    median_seconds_to_decision = serializers.FloatField(allow_null=True)


class QualityMetricsView(Endpoint):
    """Quality metrics."""

    required_permissions: ClassVar = {"GET": Permission.METRICS_VIEW}

    @extend_schema(parameters=[DAYS], responses=QualityMetricsResponse)
    def get(self, request: Request) -> Response:
        """Return scores, rates and the results of each check over the last days."""
        return Response(quality_metrics(self.actor, int_parameter(request, "days", 30, 1, 365)))


class SlaMetricsView(Endpoint):
    """Metrics of the review queues."""

    required_permissions: ClassVar = {"GET": Permission.METRICS_VIEW}

    @extend_schema(parameters=[DAYS], responses=SlaMetricsResponse)
    def get(self, request: Request) -> Response:
        """Return the backlog and the number of decisions made in time."""
        return Response(sla_metrics(self.actor, int_parameter(request, "days", 30, 1, 365)))


def ratio_of(part: int, whole: int) -> float | None:
    """Return a ratio, None if `whole` is zero."""
    return round(part / whole, 4) if whole else None


def quality_metrics(actor: Actor, days: int) -> dict[str, Any]:
    """Compute the metrics of the documents that arrived in the last `days`."""
    since = first_id_at(timezone.now() - timedelta(days=days))
    documents = Document.objects.visible_to(actor).filter(pk__gte=since)
    counts = documents.counts_by_status()
    decided = documents.exclude(decided_at=None)
    scores = Assessment.objects.visible_to(actor).filter(document_id__gte=since, after_human=False)
    names = ("overall", "structural", "content", "compliance", "freshness", "coverage", "ocr_confidence")
    human_checked = Field.objects.visible_to(actor).filter(document_id__gte=since).exclude(human="")
    human_checked_count = human_checked.count()
    return {
        "days": days,
        "documents": sum(counts.values()),
        "by_status": counts,
        "scores": scores.aggregate(**{name: Avg(name) for name in names}),
        "touchless_rate": ratio_of(decided.filter(decided_by_id=None).count(), decided.count()),
        "field_error_rate": ratio_of(human_checked.filter(human="corrected").count(), human_checked_count),
        "checks": check_statistics(actor, since),
    }


def check_statistics(actor: Actor, since: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an id as the ORM takes it
    """Return how often each check fired, and how often a reviewer marked it as wrong."""
    rows = Issue.objects.visible_to(actor).filter(document_id__gte=since).values("code")
    counted = rows.annotate(
        fired=Count("id"),
        judged=Count("id", filter=Q(overturned__isnull=False)),
        overturned=Count("id", filter=Q(overturned=True)),
    )
    return [
        {**row, "precision": ratio_of(row["judged"] - row["overturned"], row["judged"])}
        for row in counted.order_by("-fired")
    ]


def sla_metrics(actor: Actor, days: int) -> dict[str, Any]:
    """Compute the metrics of the tasks; `median` is over those submitted in the last `days`."""
    now = timezone.now()
    tasks = ReviewTask.objects.visible_to(actor)
    waiting = tasks.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED])
    done = tasks.filter(state=TaskState.SUBMITTED, submitted_at__gte=now - timedelta(days=days))
    counts = waiting.aggregate(
        open=Count("id"),
        overdue=Count("id", filter=Q(due_at__lt=now)),
        due_within_hour=Count("id", filter=Q(due_at__gte=now, due_at__lt=now + timedelta(hours=1))),
    )
    total = done.count()
    seconds = sorted(
        (submitted - opened).total_seconds()
        for submitted, opened in done.values_list("submitted_at", "opened_at")
        if submitted is not None
    )
    return {
        "days": days,
        **counts,
        "submitted": total,
        "within_sla": ratio_of(done.filter(submitted_at__lte=F("due_at")).count(), total),
        "median_seconds_to_decision": seconds[len(seconds) // 2] if seconds else None,
    }
