"""REST endpoints of plain text in reading order: of a page, and of a whole document."""

from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.domain.page.elements import BlockKind
from ingestion.models import Document, Page
from ingestion.selectors.page_text import page_text, page_texts
from refinery.core.audit.services import record_event
from refinery.core.tenancy.roles import Permission
from refinery.core.web.content_negotiation import IgnoreAcceptHeader
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.problems import Problem
from refinery.core.web.streaming import JSON_TYPE, PieceByPiece, streamed_json

PLAIN: Final = "text/plain; charset=utf-8"
FORMATS: Final = ("text", "json")
PAGE_SEPARATOR: Final = "\f"
FORMAT = OpenApiParameter("format", enum=FORMATS, description="text by default")


class BlockTextResponse(serializers.Serializer[Any]):
    """Block of text: cells of a table are separated by tabs, a check box is [x] or [ ] before its label."""

    kind = serializers.ChoiceField([kind.value for kind in BlockKind])
    text = serializers.CharField()


class PageTextResponse(serializers.Serializer[Any]):
    """Text of a page, whole and by block in reading order; empty for a page that was not read."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    blocks = BlockTextResponse(many=True)
    error = serializers.CharField(allow_null=True)


class DocumentTextResponse(serializers.Serializer[Any]):
    """Text of all pages of the current run."""

    document = serializers.UUIDField()
    run = serializers.IntegerField()
    pages = PageTextResponse(many=True)


class PageTextView(Endpoint):
    """Text of a page."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}
    content_negotiation_class = IgnoreAcceptHeader

    @extend_schema(parameters=[FORMAT], responses={(200, PLAIN): OpenApiTypes.STR, 200: PageTextResponse})
    def get(self, request: Request, document_id: UUID, number: int) -> HttpResponse | Response:
        """Return the text in reading order: blocks separated by an empty line, cells by a tab."""
        form = text_format_of(request)
        document = Document.objects.visible_to(self.actor).only("id", "run").get(pk=document_id)
        page = Page.objects.visible_to(self.actor).get(document=document, run=document.run, number=number)
        text = page_text(page)
        return Response(text) if form == "json" else HttpResponse(text["text"], content_type=PLAIN)


class DocumentTextView(Endpoint):
    """Text of a document."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_EXPORT}
    content_negotiation_class = IgnoreAcceptHeader

    @extend_schema(parameters=[FORMAT], responses={(200, PLAIN): OpenApiTypes.STR, 200: DocumentTextResponse})
    def get(self, request: Request, document_id: UUID) -> HttpResponseBase:
        """Stream the text of all pages, separated by form feeds."""
        form = text_format_of(request)
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        record_event(self.actor.audit, "document.exported", "document", document.id, format=f"text-{form}")
        pages = page_texts(self.actor, document)
        if form == "json":
            head = {"document": str(document.id), "run": document.run}
            return PieceByPiece(streamed_json(head, "pages", pages), content_type=JSON_TYPE)
        texts = (f"{PAGE_SEPARATOR if place else ''}{page['text']}" for place, page in enumerate(pages))
        return PieceByPiece(texts, content_type=PLAIN)


def text_format_of(request: Request) -> str:
    """Return the requested format; raises Problem 400 for an unknown one."""
    form = request.query_params.get("format", FORMATS[0])
    if form not in FORMATS:
        raise Problem(400, "bad-format", "Unknown format", f"`format` is {' or '.join(FORMATS)}.")
    return form
