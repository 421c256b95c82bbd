"""REST endpoints for reprocessing many documents: request, list, apply and discard them together."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.reprocessings import (
    ReprocessingOptionsRequest,
    ReprocessingResponse,
    reprocessing_options_of,
    reprocessing_response,
)
from ingestion.contracts import BulkChoiceResult
from ingestion.selectors.open_reprocessings import OpenReprocessings, open_reprocessings
from ingestion.selectors.reprocessings import ReprocessingComparison
from ingestion.services.reprocessing_choices import (
    apply_improvements,
    apply_many_reprocessings,
    drop_all_reprocessings,
    drop_many_reprocessings,
)
from ingestion.services.reprocessings import MOST_AT_ONCE, request_many_reprocessings
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint, uuid_parameter
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once

BATCH = OpenApiParameter("batch", UUID, description="only those of this batch")


class BulkReprocessingRequest(ReprocessingOptionsRequest):
    """Reprocessing of the listed documents, or of those in a batch."""

    documents = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_empty=False, max_length=MOST_AT_ONCE
    )
    batch = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require either documents or a batch."""
        attrs = super().validate(attrs)
        if bool(attrs.get("documents")) == bool(attrs.get("batch")):
            message = "give either documents or a batch"
            raise serializers.ValidationError({"documents": [message]})
        return attrs


class BulkReprocessingResponse(serializers.Serializer[Any]):
    """Result of a bulk request; `remaining` counts documents of the batch beyond the limit of one request."""

    started = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    refused = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    remaining = serializers.IntegerField()


class OpenReprocessingResponse(ReprocessingResponse):
    """Open reprocessing: its changes, and whether it only improves the document."""

    filename = serializers.CharField()
    fields_changed = serializers.IntegerField()
    words_changed = serializers.IntegerField()
    confidence_before = serializers.FloatField(allow_null=True)
    confidence_after = serializers.FloatField(allow_null=True)
    only_improves = serializers.BooleanField()


class OpenReprocessingsResponse(serializers.Serializer[Any]):
    """Open reprocessings with their totals; `remaining` counts those beyond the limit of one response."""

    ready = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    only_improve = serializers.IntegerField()
    fields_changed = serializers.IntegerField()
    words_changed = serializers.IntegerField()
    pages_failed = serializers.IntegerField()
    remaining = serializers.IntegerField()
    results = OpenReprocessingResponse(many=True)


class BulkChoiceRequest(serializers.Serializer[Any]):
    """Selection of reprocessings: listed ones, those of a batch, or all if neither is named."""

    reprocessings = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_empty=False, max_length=MOST_AT_ONCE
    )
    batch = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Reject a list together with a batch."""
        if attrs.get("reprocessings") and attrs.get("batch"):
            message = "give either reprocessings or a batch"
            raise serializers.ValidationError({"reprocessings": [message]})
        return attrs


class BulkChoiceResponse(serializers.Serializer[Any]):
    """Result of a bulk choice: reprocessings applied or dropped, refused ones, and the number left for another
    request.
    """

    done = serializers.ListField(child=serializers.UUIDField())
    refused = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    remaining = serializers.IntegerField()


class BulkReprocessingsView(Endpoint):
    """Reprocessings of many documents."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW, "POST": Permission.DOCUMENT_RERUN}
    problems: ClassVar = {"GET": (404,), "POST": (404,)}  # an unknown batch

    @extend_schema(parameters=[BATCH], responses=OpenReprocessingsResponse)
    def get(self, request: Request) -> Response:
        """Return the open reprocessings, optionally of one batch, with the total of their changes."""
        return Response(open_reprocessings_response(open_reprocessings(self.actor, uuid_parameter(request, "batch"))))

    @extend_schema(
        request=BulkReprocessingRequest, responses={202: BulkReprocessingResponse}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Request reprocessing with a priority below new uploads; refused documents are listed and do not delay
        others.
        """
        values = self.validated(BulkReprocessingRequest)
        return run_once(request, self.actor, body_fingerprint(values), lambda: self._request_reprocessings(values))

    def _request_reprocessings(self, values: dict[str, Any]) -> Response:
        found = request_many_reprocessings(
            actor=self.actor,
            document_ids=values.get("documents", ()),
            batch_id=values.get("batch"),
            options=reprocessing_options_of(values),
        )
        started = [{"document": str(key), "id": str(value)} for key, value in found.started.items()]
        refused = [{"document": str(key), "code": value} for key, value in found.refused.items()]
        return Response({"started": started, "refused": refused, "remaining": found.remaining}, status=202)


class BulkApplyView(Endpoint):
    """Bulk application of reprocessings."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_RERUN}
    problems: ClassVar = {"POST": (404,)}

    @extend_schema(request=BulkChoiceRequest, responses={202: BulkChoiceResponse})
    def post(self, request: Request) -> Response:
        """Apply the listed reprocessings; of a batch or of all, only improvements without a downside."""
        values = self.validated(BulkChoiceRequest)
        named = values.get("reprocessings")
        chosen = (
            apply_many_reprocessings(actor=self.actor, reprocessing_ids=named)
            if named
            else apply_improvements(actor=self.actor, batch_id=values.get("batch"))
        )
        return Response(bulk_choice_response(chosen), status=202)


class BulkDropView(Endpoint):
    """Bulk discard of reprocessings."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_RERUN}
    problems: ClassVar = {"POST": (404,)}

    @extend_schema(request=BulkChoiceRequest, responses=BulkChoiceResponse)
    def post(self, request: Request) -> Response:
        """Drop the listed reprocessings, those of a batch, or all; the documents stay unchanged."""
        values = self.validated(BulkChoiceRequest)
        named = values.get("reprocessings")
        chosen = (
            drop_many_reprocessings(actor=self.actor, reprocessing_ids=named)
            if named
            else drop_all_reprocessings(actor=self.actor, batch_id=values.get("batch"))
        )
        return Response(bulk_choice_response(chosen))


def open_reprocessings_response(found: OpenReprocessings) -> dict[str, Any]:
    """Return the open reprocessings with their totals."""
    return {
        "ready": len(found.ready),
        "in_progress": found.in_progress,
        "only_improve": len(found.improvements),
        "fields_changed": found.fields_changed,
        "words_changed": found.words_changed,
        "pages_failed": found.pages_failed,
        "remaining": found.remaining,
        "results": [_open_reprocessing(one) for one in found.comparisons],
    }


def _open_reprocessing(one: ReprocessingComparison) -> dict[str, Any]:
    before, after = one.mean_confidences
    return reprocessing_response(one) | {
        "filename": one.document.filename,
        "fields_changed": one.fields_changed,
        "words_changed": one.words_changed,
        "confidence_before": before,
        "confidence_after": after,
        "only_improves": one.is_improvement,
    }


def bulk_choice_response(chosen: BulkChoiceResult) -> dict[str, Any]:
    """Return the result of a bulk choice."""
    refused = [{"id": str(key), "code": code} for key, code in chosen.refused.items()]
    return {"done": [str(key) for key in chosen.done], "refused": refused, "remaining": chosen.remaining}
