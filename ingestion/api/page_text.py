"""What was read as plain text, in the order of reading: of a page, and of a whole document."""

from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.domain.page.elements import BlockKind
from ingestion.models import Document, Page
from ingestion.selectors.page_text import page_text, texts_of
from refinery.core.audit.services import record
from refinery.core.tenancy.roles import Verb
from refinery.core.web.content_negotiation import AnyAccept
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.problems import Problem

PLAIN: Final = "text/plain; charset=utf-8"
FORMATS: Final = ("text", "json")
PAGE_END: Final = "\f"
FORMAT = OpenApiParameter("format", enum=FORMATS, description="text by default")


class BlockTextAnswer(serializers.Serializer[Any]):
    """A block: cells of a table are parted by tabs, a check box is [x] or [ ] before its label."""

    kind = serializers.ChoiceField([kind.value for kind in BlockKind])
    text = serializers.CharField()


class PageTextAnswer(serializers.Serializer[Any]):
    """A page's text, whole and block by block in the order of reading; none for a page that was not read."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    blocks = BlockTextAnswer(many=True)
    error = serializers.CharField(allow_null=True)


class DocumentTextAnswer(serializers.Serializer[Any]):
    """The text of all pages of the current run."""

    document = serializers.UUIDField()
    run = serializers.IntegerField()
    pages = PageTextAnswer(many=True)


class PageTextView(Endpoint):
    """A page's text."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}
    content_negotiation_class = AnyAccept

    @extend_schema(parameters=[FORMAT], responses={(200, PLAIN): OpenApiTypes.STR, 200: PageTextAnswer})
    def get(self, request: Request, document_id: UUID, number: int) -> HttpResponse | Response:
        """Give it in the order of reading, blocks parted by an empty line, cells by a tab."""
        form = form_of(request)
        document = Document.objects.visible_to(self.actor).only("id", "run").get(pk=document_id)
        page = Page.objects.visible_to(self.actor).get(document=document, run=document.run, number=number)
        told = page_text(page)
        return Response(told) if form == "json" else HttpResponse(told["text"], content_type=PLAIN)


class DocumentTextView(Endpoint):
    """A document's text."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_EXPORT}
    content_negotiation_class = AnyAccept

    @extend_schema(parameters=[FORMAT], responses={(200, PLAIN): OpenApiTypes.STR, 200: DocumentTextAnswer})
    def get(self, request: Request, document_id: UUID) -> HttpResponse | Response:
        """Give the text of all pages, one behind the other, each but the last with a form feed behind it."""
        form = form_of(request)
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        record(self.actor.audit, "document.exported", "document", document.id, format=f"text-{form}")
        told = list(texts_of(self.actor, document))
        if form == "json":
            return Response({"document": str(document.id), "run": document.run, "pages": told})
        return HttpResponse(PAGE_END.join(page["text"] for page in told), content_type=PLAIN)


def form_of(request: Request) -> str:
    """Read the form that is wanted; raises Problem 400 for one that there is not."""
    form = request.query_params.get("format", FORMATS[0])
    if form not in FORMATS:
        raise Problem(400, "bad-format", "Unknown format", f"`format` is {' or '.join(FORMATS)}.")
    return form
