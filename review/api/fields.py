"""One field of a document: read, and changed outside of a review task."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.pages import FieldAnswer
from ingestion.models import Document, Field
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint, seen_version
from refinery.core.web.problems import Problem
from review.contracts import FieldEdit
from review.domain.corrections import UnknownField
from review.services.edits import EditRequest, InOtherHands, StaleVersion, edit_field
from review.services.submit import DocumentMovedOn


class FieldRequest(serializers.Serializer[Any]):
    """A new value for a field."""

    value = serializers.CharField(allow_blank=True, max_length=4000)
    bbox = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4, required=False
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class FieldView(Endpoint):
    """One field."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW, "PATCH": Verb.DOCUMENT_EDIT_FIELD}

    @extend_schema(responses=FieldAnswer)
    def get(self, request: Request, document_id: UUID, name: str) -> Response:
        """Give the field; its ETag is needed to change it."""
        document = Document.objects.visible_to(self.actor).only("id", "run").get(pk=document_id)
        row = Field.objects.visible_to(self.actor).get(document=document, run=document.run, name=name)
        return Response(FieldAnswer(row).data, headers={"ETag": f'"{row.version}"'})

    @extend_schema(request=FieldRequest, responses=FieldAnswer)
    def patch(self, request: Request, document_id: UUID, name: str) -> Response:
        """Change the value; If-Match guards against a change that the caller has not seen."""
        values = self.valid(FieldRequest)
        bbox = tuple(values["bbox"]) if values.get("bbox") else None
        edit = FieldEdit(name, values["value"], bbox=bbox)
        wanted = EditRequest(document_id, edit, seen_version(request, "field"), values.get("reason", ""))
        try:
            row = edit_field(actor=self.actor, request=wanted)
        except StaleVersion as reason:
            detail = "Read the field again and apply your change to what is there now."
            headers = {"ETag": f'"{reason.current}"'}
            raise Problem(412, "stale", "The field has changed", detail, headers=headers) from reason
        except (InOtherHands, DocumentMovedOn) as reason:
            detail = "A reviewer has it in hand, or it is not open to changes."
            raise Problem(409, "not-open", "The document is not open to changes", detail) from reason
        except UnknownField as reason:
            raise Field.DoesNotExist from reason
        return Response(FieldAnswer(row).data, headers={"ETag": f'"{row.version}"'})
