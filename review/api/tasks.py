"""Review tasks: find, claim, hold and decide."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint, one_uuid
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from review.contracts import ClaimedTask
from review.domain.lifecycle import TaskState, Verdict
from review.models import Queue, ReviewTask

POSTPONE_SECONDS = 3600


class TaskAnswer(serializers.ModelSerializer[ReviewTask]):
    """A task as the API shows it."""

    document = serializers.UUIDField(source="document_id")
    queue = serializers.CharField(source="queue.name")
    schema = serializers.CharField(source="schema_key")
    assignee = serializers.UUIDField(source="assignee_id", allow_null=True)
    status = serializers.CharField(source="state")

    class Meta:
        model = ReviewTask
        fields = (
            "id", "document", "run", "queue", "kind", "status", "schema", "priority", "risk", "reasons", "due_at",
            "assignee", "postponed_until", "verdict", "opened_at", "submitted_at",
        )  # fmt: skip
        read_only_fields = fields


# What a claim's answer is made of: of queue and document only this much is fetched.
TOLD = (
    *(field.attname for field in ReviewTask._meta.concrete_fields),  # noqa: SLF001 - Django's documented way
    "queue__name", "document__filename", "document__status", "document__schema_key", "document__pages",
)  # fmt: skip


class LeaseAnswer(serializers.Serializer[Any]):
    """The right to write, until `expires_at` without a heartbeat."""

    token = serializers.UUIDField()
    expires_at = serializers.DateTimeField()


class ClaimAnswer(serializers.Serializer[Any]):
    """A claimed task."""

    task = TaskAnswer()
    document = serializers.DictField()
    lease = LeaseAnswer()


class NextRequest(serializers.Serializer[Any]):
    """`ahead` asks for one more than the task in work; `queue` is a queue's name, as tasks tell it, or its id."""

    ahead = serializers.BooleanField(required=False, default=False)
    queue = serializers.CharField(required=False, max_length=80)


class LeaseRequest(serializers.Serializer[Any]):
    """The lease's token."""

    lease = serializers.UUIDField()


class PostponeRequest(LeaseRequest):
    """`seconds` until the task comes back."""

    seconds = serializers.IntegerField(
        required=False, default=POSTPONE_SECONDS, min_value=60, max_value=14 * 86400
    )


class EscalateRequest(LeaseRequest):
    """Why someone else should look."""

    reason = serializers.CharField(max_length=300)


class EditRequest(serializers.Serializer[Any]):
    """A reviewer's word on one field."""

    field = serializers.CharField(max_length=60)
    value = serializers.CharField(allow_blank=True, max_length=4000, trim_whitespace=False)
    page = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    bbox = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1),
        min_length=4,
        max_length=4,
        required=False,
        allow_null=True,
    )


class SubmitRequest(LeaseRequest):
    """A decision."""

    decision = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    corrections = EditRequest(many=True, required=False)


class SubmitAnswer(serializers.Serializer[Any]):
    """What became of the document."""

    status = serializers.CharField()
    document = serializers.UUIDField()
    undo_until = serializers.DateTimeField()
    training_examples = serializers.IntegerField()
    next = serializers.CharField()


def queue_named(view: Endpoint, given: str | None) -> UUID | None:
    """Find a queue by its name or id; None when none was given, 422 when there is none to be seen."""
    if given is None:
        return None
    try:
        wanted: dict[str, Any] = {"pk": UUID(given)}
    except ValueError:
        wanted = {"name": given}
    found: UUID | None = Queue.objects.visible_to(view.actor).filter(**wanted).values_list("pk", flat=True).first()
    if found is None:
        detail = "There is none of this name or id that you may see; tasks tell the names."
        raise Problem(422, "unknown-queue", "Unknown queue", detail, errors={"queue": ["unknown"]})
    return found


def claim_answer(view: Endpoint, claimed: ClaimedTask) -> dict[str, Any]:
    """Write a claim with its task and document."""
    rows = ReviewTask.objects.visible_to(view.actor).select_related("queue", "document")
    task = rows.only(*TOLD).get(pk=claimed.task_id)
    document = task.document
    return {
        "task": TaskAnswer(task).data,
        "document": {
            "id": str(document.id),
            "filename": document.filename,
            "status": document.status,
            "schema": document.schema_key,
            "pages": document.pages,
            "links": {"self": f"/v1/documents/{document.id}", "fields": f"/v1/documents/{document.id}/fields"},
        },
        "lease": {"token": str(claimed.lease.token), "expires_at": claimed.lease.expires_at},
    }


class TasksView(Endpoint):
    """All review tasks."""

    verbs: ClassVar = {"GET": Verb.REVIEW_VIEW}

    @extend_schema(
        parameters=[OpenApiParameter(n) for n in ("status", "queue", "schema", "priority", "overdue", "assignee")],
        responses=TaskAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List tasks, newest first."""
        rows = ReviewTask.objects.visible_to(self.actor).select_related("queue")
        query = request.query_params
        if status := query.get("status"):
            if status not in TaskState.__members__:
                raise Problem(400, "bad-query", "Bad query", f"There is no status {status!r}.")
            rows = rows.filter(state=status)
        if queue := query.get("queue"):
            rows = rows.filter(queue__name=queue)
        if schema := query.get("schema"):
            rows = rows.filter(schema_key=schema)
        if priority := query.get("priority"):
            if not priority.removeprefix("-").isdecimal():
                raise Problem(400, "bad-query", "Bad query", "`priority` is a whole number.")
            rows = rows.filter(priority=int(priority))
        if overdue := query.get("overdue"):
            if overdue not in {"1", "true"}:
                raise Problem(400, "bad-query", "Bad query", "`overdue` is 1, or left out.")
            rows = rows.overdue(timezone.now())
        if assignee := one_uuid(request, "assignee"):
            rows = rows.filter(assignee_id=assignee)
        pages = KeysetPagination()
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(TaskAnswer(found, many=True).data)
