"""Batches: open one, watch it, steer it."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.domain.lifecycle import FINAL, DocumentStatus
from ingestion.models import Batch, Document
from ingestion.services.batches import MOVES, BatchCannot, create_batch, steer_batch
from ingestion.services.upload import UnknownSchema
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import body_fingerprint, once
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem


class BatchRequest(serializers.Serializer[Any]):
    """A batch to open."""

    name = serializers.CharField(max_length=120)
    schema = serializers.CharField(required=False, allow_blank=True, max_length=40)


class BatchAnswer(serializers.Serializer[Any]):
    """A batch and how far it has come."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    schema = serializers.CharField(source="schema_key")
    status = serializers.CharField()
    created_at = serializers.DateTimeField()


class BatchProgress(BatchAnswer):
    """The same with its counts."""

    counts = serializers.DictField(child=serializers.IntegerField())
    progress = serializers.FloatField()


def batch_progress(actor: Actor, batch: Batch) -> dict[str, Any]:
    """Give the batch with its documents by status; a document in review counts as read, half done."""
    counts = Document.objects.visible_to(actor).filter(batch=batch).counts_by_status()
    total = sum(counts.values())
    done = sum(counts.get(status.value, 0) for status in FINAL)
    half = counts.get(DocumentStatus.IN_REVIEW.value, 0)
    progress = round((done + half / 2) / total, 4) if total else 0.0
    return {**BatchAnswer(batch).data, "counts": counts, "progress": progress}


class BatchesView(Endpoint):
    """All batches."""

    verbs: ClassVar = {"GET": Verb.BATCH_VIEW, "POST": Verb.BATCH_CONTROL}

    @extend_schema(responses=BatchAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List batches, newest first."""
        pages = KeysetPagination()
        found = pages.paginate_queryset(Batch.objects.visible_to(self.actor), request, self) or []
        return pages.get_paginated_response(BatchAnswer(found, many=True).data)

    @extend_schema(request=BatchRequest, responses={201: BatchAnswer})
    def post(self, request: Request) -> Response:
        """Open a batch."""
        values = self.valid(BatchRequest)
        return once(request, self.actor, body_fingerprint(values), lambda: self._create(values))

    def _create(self, values: dict[str, Any]) -> Response:
        try:
            batch = create_batch(actor=self.actor, name=values["name"], schema=values.get("schema", ""))
        except UnknownSchema as reason:
            detail = "There is none of this key; GET /v1/schemas lists them."
            raise Problem(
                422, "unknown-schema", "Unknown schema", detail, errors={"schema": ["unknown"]}
            ) from reason
        return Response(BatchAnswer(batch).data, status=201)


class BatchView(Endpoint):
    """One batch."""

    verbs: ClassVar = {"GET": Verb.BATCH_VIEW}

    @extend_schema(responses=BatchProgress)
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Give the batch with counts by status."""
        return Response(batch_progress(self.actor, Batch.objects.visible_to(self.actor).get(pk=batch_id)))


class SteerBatchView(Endpoint):
    """Pause, resume or cancel a batch."""

    verbs: ClassVar = {"POST": Verb.BATCH_CONTROL}

    @extend_schema(operation_id="steer_batch", request=None, responses=BatchProgress)
    def post(self, request: Request, batch_id: UUID, verb: str) -> Response:
        """Move the batch; 409 when its status does not lead there."""
        if verb not in MOVES:
            raise Batch.DoesNotExist
        try:
            batch = steer_batch(actor=self.actor, batch_id=batch_id, verb=verb)
        except BatchCannot as reason:
            raise Problem(409, "batch-cannot", "The batch cannot do that now", str(reason)) from reason
        return Response(batch_progress(self.actor, batch))
