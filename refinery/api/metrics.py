"""Metrics of quality and of the review queues, for dashboards."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Avg, Count, F, Q, QuerySet
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
    touched = documents.exclude(decided_at=None).aggregate(
        decided=Count("id"), by_no_person=Count("id", filter=Q(decided_by_id=None))
    )
    scores = Assessment.objects.visible_to(actor).filter(document_id__gte=since, after_human=False)
    names = ("overall", "structural", "content", "compliance", "freshness", "coverage", "ocr_confidence")
    human_checked = Field.objects.visible_to(actor).filter(document_id__gte=since).exclude(human="")
    checked = dict(human_checked.order_by().values_list("human").annotate(number=Count("*")))
    return {
        "days": days,
        "documents": sum(counts.values()),
        "by_status": counts,
        "scores": scores.aggregate(**{name: Avg(name) for name in names}),
        "touchless_rate": ratio_of(touched["by_no_person"], touched["decided"]),
        "field_error_rate": ratio_of(checked.get("corrected", 0), sum(checked.values())),
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
    decided = done.aggregate(total=Count("id"), in_time=Count("id", filter=Q(submitted_at__lte=F("due_at"))))
    seconds = _median_seconds(done, decided["total"])
    return {
        "days": days,
        **counts,
        "submitted": decided["total"],
        "within_sla": ratio_of(decided["in_time"], decided["total"]),
        "median_seconds_to_decision": seconds,
    }


def _median_seconds(done: QuerySet[ReviewTask], total: int) -> float | None:
    """Return the upper median of the time from opening to decision; PostgreSQL sorts, and sends one row."""
    times = done.annotate(taken=F("submitted_at") - F("opened_at")).order_by("taken").values_list("taken", flat=True)
    middle = times[total // 2 : total // 2 + 1].first() if total else None
    return None if middle is None else middle.total_seconds()
