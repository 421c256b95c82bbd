"""REST resources of review tasks: the list, and the request and response bodies of task actions."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint, shared_serializer, uuid_parameter
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from refinery.core.web.whole_numbers import SMALL_INTEGER, whole_number
from review.contracts import ClaimedTask
from review.domain.lifecycle import ReviewVerdict, TaskState
from review.models import Queue, ReviewTask

POSTPONE_SECONDS = 3600


class TaskResponse(serializers.ModelSerializer[ReviewTask]):
    """Review task as returned by the API."""

    document = serializers.UUIDField(source="document_id")
    queue = serializers.CharField(source="queue.name")
    schema = serializers.CharField(source="schema_key")
    assignee = serializers.UUIDField(source="assignee_id", allow_null=True)
    status = serializers.CharField(source="state")

    class Meta:
        model = ReviewTask
        fields = (
            "id document run queue kind status schema priority risk reasons due_at assignee postponed_until "
            "verdict opened_at submitted_at"
        ).split()
        read_only_fields = fields


# Columns that the response to a claim needs; no others are fetched of queue and document.
CLAIM_COLUMNS = (
    *(field.attname for field in ReviewTask._meta.concrete_fields),  # noqa: SLF001 - Django's documented way
    "queue__name",
    "document__filename",
    "document__status",
    "document__schema_key",
    "document__pages",
)


class LeaseResponse(serializers.Serializer[Any]):
    """Lease: the right to write, which ends at `expires_at` without a heartbeat."""

    token = serializers.UUIDField()
    expires_at = serializers.DateTimeField()


class ClaimResponse(serializers.Serializer[Any]):
    """Claimed task with its document and lease."""

    task = TaskResponse()
    document = serializers.DictField()
    lease = LeaseResponse()


class NextTaskRequest(serializers.Serializer[Any]):
    """`ahead` requests one task besides the current one; `queue` is a queue's name, as in task responses, or its id."""

    ahead = serializers.BooleanField(required=False, default=False)
    queue = serializers.CharField(required=False, max_length=80)


class LeaseRequest(serializers.Serializer[Any]):
    """Token of the lease."""

    lease = serializers.UUIDField()


class PostponeRequest(LeaseRequest):
    """`seconds` until the task returns."""

    seconds = serializers.IntegerField(required=False, default=POSTPONE_SECONDS, min_value=60, max_value=14 * 86400)


class EscalateRequest(LeaseRequest):
    """Note for the person who decides: why the task is escalated."""

    reason = serializers.CharField(max_length=300)


class FieldCorrectionRequest(serializers.Serializer[Any]):
    """Confirmed or corrected value of one field."""

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
    """Decision with its corrections."""

    decision = serializers.ChoiceField(choices=[verdict.value for verdict in ReviewVerdict])
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    corrections = FieldCorrectionRequest(many=True, required=False)
    confirm_values = serializers.BooleanField(
        required=False,
        default=False,
        help_text="answer 422 to an approval of a value that is emptied or not valid, unless there is a reason",
    )


class SubmitResponse(serializers.Serializer[Any]):
    """Resulting status of the document."""

    status = serializers.CharField()
    document = serializers.UUIDField()
    undo_until = serializers.DateTimeField()
    training_examples = serializers.IntegerField()
    next = serializers.CharField()


def find_queue_id(view: Endpoint, name_or_id: str | None) -> UUID | None:
    """Return a queue's id by name or id, None if none was requested; raises Problem 422 if it is not visible."""
    if name_or_id is None:
        return None
    try:
        lookup: dict[str, Any] = {"pk": UUID(name_or_id)}
    except ValueError:
        lookup = {"name": name_or_id}
    found: UUID | None = Queue.objects.visible_to(view.actor).filter(**lookup).values_list("pk", flat=True).first()
    if found is None:
        detail = "There is no queue with this name or id that you may see; tasks show the names."
        raise Problem(422, "unknown-queue", "Unknown queue", detail, errors={"queue": ["unknown"]})
    return found


def claim_response(view: Endpoint, claimed: ClaimedTask) -> dict[str, Any]:
    """Return the response for a claim: task, document and lease."""
    (task,) = _claimed_task_rows(view.actor, claimed.task_id)
    document = task.document
    return {
        "task": shared_serializer(TaskResponse).to_representation(task),
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


@compiled_query
def _claimed_task_rows(actor: Actor, task_id: UUID) -> "QuerySet[ReviewTask]":
    rows = ReviewTask.objects.visible_to(actor).select_related("queue", "document")
    return rows.filter(pk=task_id).only(*CLAIM_COLUMNS)


FILTERS = [
    OpenApiParameter("status", enum=[state.value for state in TaskState]),
    OpenApiParameter("queue", description="its name"),
    OpenApiParameter("schema"),
    OpenApiParameter("priority", int),
    OpenApiParameter("overdue", enum=["1", "true"]),
    OpenApiParameter("assignee", UUID),
]


class TasksView(Endpoint):
    """Review tasks of the tenant."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.REVIEW_VIEW}

    @extend_schema(parameters=FILTERS, responses=TaskResponse(many=True))
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
        if given := query.get("priority"):
            priority = whole_number(given, -SMALL_INTEGER, SMALL_INTEGER)
            if priority is None:
                raise Problem(400, "bad-query", "Bad query", "`priority` is a whole number.")
            rows = rows.filter(priority=priority)
        if overdue := query.get("overdue"):
            if overdue not in {"1", "true"}:
                raise Problem(400, "bad-query", "Bad query", "`overdue` is 1, or omitted.")
            rows = rows.overdue(timezone.now())
        if assignee := uuid_parameter(request, "assignee"):
            rows = rows.filter(assignee_id=assignee)
        return self.paginated(rows, TaskResponse)
