"""A document's e-invoice: what its XML says, and the XML itself as it came."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.models import Document, XmlInvoice
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.content_negotiation import AnyAccept
from refinery.core.web.endpoint import Endpoint


class EInvoiceAnswer(serializers.Serializer[Any]):
    """An e-invoice: `invoice` by the terms of EN 16931, null where `fault` says why it cannot be read."""

    name = serializers.CharField()
    sha256 = serializers.CharField()
    fault = serializers.CharField(allow_blank=True)
    invoice = serializers.DictField(source="facts", allow_null=True)
    xml = serializers.SerializerMethodField()

    def get_xml(self, row: XmlInvoice) -> str:
        """Give the address of the XML."""
        return f"/v1/documents/{row.document_id}/e-invoice/xml"


class EInvoiceView(Endpoint):
    """What the XML of the current run says."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}

    @extend_schema(responses=EInvoiceAnswer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Give the e-invoice; 404 for a document without one."""
        return Response(EInvoiceAnswer(_row(self.actor, document_id)).data)


class EInvoiceXmlView(Endpoint):
    """The XML as it came, byte by byte: for those who must keep it, and for other programs."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}
    content_negotiation_class = AnyAccept

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, document_id: UUID) -> FileResponse:
        """Send the XML as a file, never to be shown by a browser."""
        row = _row(self.actor, document_id)
        record(self.actor.audit, "document.exported", "document", document_id, format="xml")
        file = default_storage.open(row.blob_key)
        return FileResponse(
            file, content_type="application/xml", as_attachment=True, filename=f"{document_id}.xml"
        )


def _row(actor: Actor, document_id: UUID) -> XmlInvoice:
    """Find the current run's e-invoice; raises DoesNotExist."""
    document = Document.objects.visible_to(actor).only("id", "run").get(pk=document_id)
    return XmlInvoice.objects.visible_to(actor).get(document=document, run=document.run)
