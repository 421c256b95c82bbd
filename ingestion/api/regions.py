"""REST endpoints of region readings: requested here, read by a worker, fetched by the requester."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.pages import WordResponse
from ingestion.contracts import RegionRequest
from ingestion.models import RegionReading
from ingestion.services.regions import REGION_ENGINES, TooManyPendingRegions, request_region_reading
from refinery.core.tenancy.roles import Permission
from refinery.core.types import BoundingBox
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once
from refinery.core.web.problems import Problem

MIN_REGION_SIDE = 0.002  # of the page: smaller than a full stop


class RegionReadingRequest(serializers.Serializer[Any]):
    """Region to read, optionally by a single engine; by default the usual engines are combined."""

    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4)
    engine = serializers.ChoiceField(choices=REGION_ENGINES, required=False)

    def validate_bbox(self, value: list[float]) -> list[float]:
        """Reject boxes that are not a region of the page."""
        x0, y0, x1, y1 = value
        if x1 - x0 < MIN_REGION_SIDE or y1 - y0 < MIN_REGION_SIDE:
            message = "[x0, y0, x1, y1] with x0 < x1 and y0 < y1, as shares of the page"
            raise serializers.ValidationError(message)
        return value


class RegionLinks(serializers.Serializer[Any]):
    """URL of the result."""

    self = serializers.CharField()


class RegionReadingResponse(serializers.Serializer[Any]):
    """Region as it was read; `text` and `words` are empty until `status` is done."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["queued", "done", "failed"])
    page = serializers.IntegerField()
    bbox = serializers.ListField(child=serializers.FloatField())
    text = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    words = WordResponse(many=True)
    error = serializers.CharField(allow_null=True)
    links = RegionLinks()


class RegionsView(Endpoint):
    """Region readings of one page."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}

    @extend_schema(request=RegionReadingRequest, responses={202: RegionReadingResponse}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, document_id: UUID, number: int) -> Response:
        """Request a reading of a region; the event `region.read` on the document's socket reports when it is done."""
        values = self.validated(RegionReadingRequest)
        wanted = RegionRequest(document_id, number, BoundingBox(*values["bbox"]), values.get("engine", ""))
        return run_once(request, self.actor, body_fingerprint(values), lambda: self._request_reading(wanted))

    def _request_reading(self, wanted: RegionRequest) -> Response:
        try:
            region = request_region_reading(actor=self.actor, request=wanted)
        except TooManyPendingRegions as reason:
            detail = "Wait until the regions that you requested have been read."
            raise Problem(
                429, "too-many-regions", "Too many regions at once", detail, headers={"Retry-After": "2"}
            ) from reason
        return Response(region_response(region), status=202)


class RegionView(Endpoint):
    """A single region reading."""

    required_permissions: ClassVar = {"GET": Permission.REVIEW_WORK}

    @extend_schema(responses=RegionReadingResponse)
    def get(self, request: Request, document_id: UUID, number: int, region_id: UUID) -> Response:
        """Return the result; it is deleted ten minutes after the request."""
        asked = RegionReading.objects.requested_by(self.actor)
        return Response(region_response(asked.get(pk=region_id, document_id=document_id, page=number)))


def region_response(region: RegionReading) -> dict[str, Any]:
    """Return a region reading as JSON."""
    return {
        "id": str(region.id),
        "status": region.status,
        "page": region.page,
        "bbox": region.bbox,
        "text": region.text,
        "confidence": region.confidence,
        "words": region.words,
        "error": region.error_code or None,
        "links": {"self": f"/v1/documents/{region.document_id}/pages/{region.page}/regions/{region.id}"},
    }
