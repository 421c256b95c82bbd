"""REST endpoints of a document's e-invoice: its content, and the original XML."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.stored_files import open_for_response
from ingestion.models import Document, XmlInvoice
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.content_negotiation import IgnoreAcceptHeader
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.streaming import StreamedFile


class EInvoiceResponse(serializers.Serializer[Any]):
    """E-invoice: `invoice` uses the terms of EN 16931; it is null if `fault` says why it cannot be read.

    `rules` is the report of the official rules: `rule_set`, `version`, and `violations`, each with `rule` (its id),
    `text`, `flag` (fatal, warning, unused) and `place` in the XML. It is null if no official rules apply.
    """

    name = serializers.CharField()
    sha256 = serializers.CharField()
    fault = serializers.CharField(allow_blank=True)
    invoice = serializers.DictField(source="facts", allow_null=True)
    rules = serializers.DictField(source="rule_report", allow_null=True)
    xml = serializers.SerializerMethodField()

    def get_xml(self, row: XmlInvoice) -> str:
        """Return the URL of the XML."""
        return f"/v1/documents/{row.document_id}/e-invoice/xml"


class EInvoiceView(Endpoint):
    """E-invoice of the current run."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}

    @extend_schema(responses=EInvoiceResponse)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Return the e-invoice; 404 for a document without one."""
        return Response(EInvoiceResponse(_row(self.actor, document_id)).data)


class EInvoiceXmlView(Endpoint):
    """Original XML, byte for byte, for archiving and for other programs."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}
    content_negotiation_class = IgnoreAcceptHeader

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, document_id: UUID) -> FileResponse:
        """Return the XML as an attachment, so that browsers never render it."""
        row = _row(self.actor, document_id)
        record_event(self.actor.audit, "document.exported", "document", document_id, format="xml")
        file = open_for_response(row.blob_key)
        return StreamedFile(file, content_type="application/xml", as_attachment=True, filename=f"{document_id}.xml")


def _row(actor: Actor, document_id: UUID) -> XmlInvoice:
    """Return the current run's e-invoice; raises DoesNotExist."""
    document = Document.objects.visible_to(actor).only("id", "run").get(pk=document_id)
    return XmlInvoice.objects.visible_to(actor).get(document=document, run=document.run)
