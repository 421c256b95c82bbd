"""A part of a page, read again: asked for here, read by a worker, fetched by who asked."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.pages import WordAnswer
from ingestion.contracts import RegionRequest
from ingestion.models import RegionReading
from ingestion.services.regions import ENGINES, TooManyRegions, reread_region
from refinery.core.tenancy.roles import Verb
from refinery.core.types import BoundingBox
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import body_fingerprint, once
from refinery.core.web.problems import Problem

SMALLEST = 0.002  # of the page: less than a full stop


class RereadRequest(serializers.Serializer[Any]):
    """Which part of the page, and by which engine alone; without one the usual ones read together."""

    bbox = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4
    )
    engine = serializers.ChoiceField(choices=ENGINES, required=False)

    def validate_bbox(self, value: list[float]) -> list[float]:
        """Refuse what is no part of a page."""
        x0, y0, x1, y1 = value
        if x1 - x0 < SMALLEST or y1 - y0 < SMALLEST:
            message = "[x0, y0, x1, y1] with x0 < x1 and y0 < y1, as shares of the page"
            raise serializers.ValidationError(message)
        return value


class RegionLinks(serializers.Serializer[Any]):
    """Where to ask how it came out."""

    self = serializers.CharField()


class RegionAnswer(serializers.Serializer[Any]):
    """A part of a page as it was read; `text` and `words` stay empty until `status` is done."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["queued", "done", "failed"])
    page = serializers.IntegerField()
    bbox = serializers.ListField(child=serializers.FloatField())
    text = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    words = WordAnswer(many=True)
    error = serializers.CharField(allow_null=True)
    links = RegionLinks()


class RegionsView(Endpoint):
    """Parts of one page."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=RereadRequest, responses={202: RegionAnswer})
    def post(self, request: Request, document_id: UUID, number: int) -> Response:
        """Have a part read again; a live event `region.read` on the document's socket tells when it is done."""
        values = self.valid(RereadRequest)
        wanted = RegionRequest(document_id, number, BoundingBox(*values["bbox"]), values.get("engine", ""))
        return once(request, self.actor, body_fingerprint(values), lambda: self._ask(wanted))

    def _ask(self, wanted: RegionRequest) -> Response:
        try:
            region = reread_region(actor=self.actor, request=wanted)
        except TooManyRegions as reason:
            detail = "Wait until the places that you asked for are read."
            raise Problem(
                429, "too-many-regions", "Too many places at once", detail, headers={"Retry-After": "2"}
            ) from reason
        return Response(answer(region), status=202)


class RegionView(Endpoint):
    """One part."""

    verbs: ClassVar = {"GET": Verb.REVIEW_WORK}

    @extend_schema(responses=RegionAnswer)
    def get(self, request: Request, document_id: UUID, number: int, region_id: UUID) -> Response:
        """Give what was read; ten minutes after it was asked for it is forgotten."""
        asked = RegionReading.objects.asked_by(self.actor)
        return Response(answer(asked.get(pk=region_id, document_id=document_id, page=number)))


def answer(region: RegionReading) -> dict[str, Any]:
    """Write a region."""
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
