"""REST endpoints of a single field: read it, and change it outside of a review task."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.pages import FieldResponse
from ingestion.models import Document, Field
from ingestion.services.review_port import ClaimedByOther
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import ETAG, Endpoint, expected_version
from refinery.core.web.problems import Problem
from review.contracts import FieldEdit
from review.domain.corrections import UnknownField
from review.services.edits import EditRequest, StaleVersion, edit_field
from review.services.submit import DocumentNotInReview


class FieldUpdateRequest(serializers.Serializer[Any]):
    """New value of a field."""

    value = serializers.CharField(allow_blank=True, max_length=4000)
    bbox = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4, required=False
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class FieldView(Endpoint):
    """A single field."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW, "PATCH": Permission.DOCUMENT_EDIT_FIELD}
    problems: ClassVar = {"PATCH": (409, 412, 428)}

    @extend_schema(parameters=[ETAG], responses=FieldResponse)
    def get(self, request: Request, document_id: UUID, name: str) -> Response:
        """Return the field; its ETag is required to change it."""
        document = Document.objects.visible_to(self.actor).only("id", "run").get(pk=document_id)
        row = Field.objects.visible_to(self.actor).get(document=document, run=document.run, name=name)
        return Response(FieldResponse(row).data, headers={"ETag": f'"{row.version}"'})

    @extend_schema(parameters=[ETAG], request=FieldUpdateRequest, responses=FieldResponse)
    def patch(self, request: Request, document_id: UUID, name: str) -> Response:
        """Change the value; If-Match prevents overwriting a change that the caller has not seen."""
        values = self.validated(FieldUpdateRequest)
        bbox = tuple(values["bbox"]) if values.get("bbox") else None
        edit = FieldEdit(name, values["value"], bbox=bbox)
        wanted = EditRequest(document_id, edit, expected_version(request, "field"), values.get("reason", ""))
        try:
            row = edit_field(actor=self.actor, request=wanted)
        except StaleVersion as reason:
            detail = "Read the field again and apply your change to what is there now."
            headers = {"ETag": f'"{reason.current}"'}
            raise Problem(412, "stale", "The field has changed", detail, headers=headers) from reason
        except (ClaimedByOther, DocumentNotInReview) as reason:
            detail = "A reviewer has claimed it, or it is not open to changes."
            raise Problem(409, "not-open", "The document is not open to changes", detail) from reason
        except UnknownField as reason:
            raise Field.DoesNotExist from reason
        return Response(FieldResponse(row).data, headers={"ETag": f'"{row.version}"'})
