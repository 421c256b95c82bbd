"""REST endpoints of batches: create, list, show progress, pause, resume and cancel."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.domain.lifecycle import FINAL, DocumentStatus
from ingestion.models import Batch, Document
from ingestion.services.batches import BATCH_TRANSITIONS, InvalidBatchTransition, control_batch, create_batch
from ingestion.services.upload import UnknownSchema
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem


class BatchRequest(serializers.Serializer[Any]):
    """Batch to create."""

    name = serializers.CharField(max_length=120)
    schema = serializers.CharField(required=False, allow_blank=True, max_length=40)


class BatchResponse(serializers.Serializer[Any]):
    """Batch with its progress."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    schema = serializers.CharField(source="schema_key")
    status = serializers.CharField()
    created_at = serializers.DateTimeField()


class BatchProgressResponse(BatchResponse):
    """Batch with its progress and its counts by status."""

    counts = serializers.DictField(child=serializers.IntegerField())
    progress = serializers.FloatField()


def batch_progress(actor: Actor, batch: Batch) -> dict[str, Any]:
    """Return the batch with document counts by status; a document in review counts as half done."""
    counts = Document.objects.visible_to(actor).filter(batch=batch).counts_by_status()
    total = sum(counts.values())
    done = sum(counts.get(status.value, 0) for status in FINAL)
    half = counts.get(DocumentStatus.IN_REVIEW.value, 0)
    progress = round((done + half / 2) / total, 4) if total else 0.0
    return {**BatchResponse(batch).data, "counts": counts, "progress": progress}


class BatchesView(Endpoint):
    """Batches of the tenant."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.BATCH_VIEW, "POST": Permission.BATCH_CONTROL}

    @extend_schema(responses=BatchResponse(many=True))
    def get(self, request: Request) -> Response:
        """List batches, newest first."""
        return self.paginated(Batch.objects.visible_to(self.actor), BatchResponse)

    @extend_schema(request=BatchRequest, responses={201: BatchResponse}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request) -> Response:
        """Create a batch."""
        values = self.validated(BatchRequest)
        return run_once(request, self.actor, body_fingerprint(values), lambda: self._create(values))

    def _create(self, values: dict[str, Any]) -> Response:
        try:
            batch = create_batch(actor=self.actor, name=values["name"], schema=values.get("schema", ""))
        except UnknownSchema as reason:
            detail = "There is no schema with this key; GET /v1/schemas lists them."
            raise Problem(422, "unknown-schema", "Unknown schema", detail, errors={"schema": ["unknown"]}) from reason
        return Response(BatchResponse(batch).data, status=201)


class BatchView(Endpoint):
    """A single batch."""

    required_permissions: ClassVar = {"GET": Permission.BATCH_VIEW}

    @extend_schema(responses=BatchProgressResponse)
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Return the batch with counts by status."""
        return Response(batch_progress(self.actor, Batch.objects.visible_to(self.actor).get(pk=batch_id)))


class ControlBatchView(Endpoint):
    """Control of a batch: pause, resume or cancel."""

    required_permissions: ClassVar = {"POST": Permission.BATCH_CONTROL}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(operation_id="control_batch", request=None, responses=BatchProgressResponse)
    def post(self, request: Request, batch_id: UUID, action: str) -> Response:
        """Apply the action; 409 if the batch's status does not allow it."""
        if action not in BATCH_TRANSITIONS:
            raise Batch.DoesNotExist
        try:
            batch = control_batch(actor=self.actor, batch_id=batch_id, action=action)
        except InvalidBatchTransition as reason:
            raise Problem(409, "invalid-batch-transition", "The batch does not allow that now", str(reason)) from reason
        return Response(batch_progress(self.actor, batch))
