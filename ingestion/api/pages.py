"""REST endpoints of pages with words and boxes, of page images, and of fields."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, QuerySet, Subquery
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.stored_files import open_for_response
from ingestion.domain.page.barcodes import BARCODE_KINDS
from ingestion.domain.page.elements import BlockKind
from ingestion.domain.page.notes import Note
from ingestion.domain.page.serialization import api_blocks
from ingestion.models import Document, Field, Page
from ingestion.selectors.stored_readings import image_address, image_version
from ingestion.services.reading import THUMBNAIL_TYPE
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import ETAG, Endpoint
from refinery.core.web.streaming import StreamedFile
from refinery.core.web.whole_numbers import whole_number

CACHE_IMMUTABLE = "private, max-age=31536000, immutable"
IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")
CACHE_REVALIDATE = "private, no-cache"


class WordResponse(serializers.Serializer[Any]):
    """Word with its place."""

    text = serializers.CharField()
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))
    confidence = serializers.FloatField()
    source = serializers.CharField()  # type: ignore[assignment]  # the API's name; Field has one like it


class CodeResponse(serializers.Serializer[Any]):
    """Bar code or matrix code with its place; control characters in its text are escaped."""

    format = serializers.ChoiceField(choices=BARCODE_KINDS)
    text = serializers.CharField()
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))


class CellResponse(serializers.Serializer[Any]):
    """Cell of a table; rows and columns count from 0."""

    row = serializers.IntegerField()
    column = serializers.IntegerField()
    row_span = serializers.IntegerField()
    column_span = serializers.IntegerField()
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))
    words = serializers.ListField(
        child=serializers.IntegerField(), help_text="index of the first word, and one past the last"
    )
    text = serializers.CharField()


class BlockResponse(serializers.Serializer[Any]):
    """Layout block, in reading order."""

    kind = serializers.ChoiceField([kind.value for kind in BlockKind])
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))
    words = serializers.ListField(
        child=serializers.IntegerField(), help_text="index of the first word, and one past the last"
    )
    rows = serializers.IntegerField(required=False, help_text="of a table")
    columns = serializers.IntegerField(required=False, help_text="of a table")
    cells = CellResponse(many=True, required=False, help_text="of a table")
    checked = serializers.BooleanField(required=False, help_text="of a check box")


class PageResponse(serializers.Serializer[Any]):
    """Page as it was read."""

    number = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    image = serializers.CharField()
    thumbnail = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the API's name; Field has one like it
    confidence = serializers.FloatField()
    error = serializers.CharField(allow_null=True)
    blocks = BlockResponse(many=True)
    words = WordResponse(many=True)
    codes = CodeResponse(many=True)
    notes = serializers.ListField(child=serializers.ChoiceField([note.value for note in Note]))


class FieldResponse(serializers.Serializer[Any]):
    """Field with its current value."""

    name = serializers.CharField()
    value = serializers.CharField()
    normalized = serializers.CharField()
    confidence = serializers.FloatField(
        source="shown_confidence", help_text="in `value`: 1 for one that a person confirmed or corrected"
    )
    model_confidence = serializers.FloatField(source="confidence", help_text="in the value that the model read")
    page = serializers.IntegerField(allow_null=True)
    bbox = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # the API's name; Field has one like it
    validation = serializers.ListField(source="validations")
    alternatives = serializers.ListField()
    human = serializers.CharField()
    version = serializers.IntegerField()


class PageView(Endpoint):
    """Page of the current run."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}

    @extend_schema(responses=PageResponse)
    def get(self, request: Request, document_id: UUID, number: int) -> Response:
        """Return the page's words and boxes; its image has a separate URL."""
        page = _page_of_document.first(self.actor, document_id, number)
        if page is None:
            raise Page.DoesNotExist
        return Response(page_response(page))


@compiled_query
def _page_of_document(actor: Actor, document_id: UUID, number: int) -> "QuerySet[Page]":
    """Return a page of a document's current run."""
    documents = Document.objects.visible_to(actor).filter(pk=document_id)
    return Page.objects.visible_to(actor).filter(
        document_id=document_id, run=Subquery(documents.values("run")), number=number
    )


class PageImageView(Endpoint):
    """Image of a page; a URL that contains the content's version is immutable."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}
    thumbnail = False

    @extend_schema(
        parameters=[ETAG, OpenApiParameter("run", int), OpenApiParameter("v", description="version of the image")],
        responses={(200, *IMAGE_TYPES): OpenApiTypes.BINARY, 304: None},
    )
    def get(self, request: Request, document_id: UUID, number: int) -> FileResponse | Response:
        """Stream the image; `run` selects another run than the current one, `v` is the version of the image."""
        rows = Page.objects.visible_to(self.actor).filter(document_id=document_id, number=number)
        run = whole_number(request.query_params.get("run", ""))
        page = rows.filter(run=F("document__run") if run is None else run).first()
        key = page and (page.thumbnail_key if self.thumbnail else page.image_key)
        if not page or not key:
            raise Page.DoesNotExist
        tag = f'"{key.rsplit("/", 1)[-1]}"'
        fixed = request.query_params.get("v") == image_version(key)
        headers = {"ETag": tag, "Cache-Control": CACHE_IMMUTABLE if fixed else CACHE_REVALIDATE}
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers=headers)
        content_type = THUMBNAIL_TYPE if self.thumbnail else page.image_type
        return StreamedFile(open_for_response(key), content_type=content_type, headers=headers)


class FieldsView(Endpoint):
    """Fields of the current run."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}

    @extend_schema(responses=FieldResponse(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """List the fields in the schema's order."""
        document = Document.objects.visible_to(self.actor).only("id", "run").get(pk=document_id)
        rows = Field.objects.visible_to(self.actor).filter(document=document, run=document.run)
        return Response(FieldResponse(rows.order_by("position"), many=True).data)


def page_image_url(page: Page, *, thumbnail: bool = False) -> str:
    """Return the URL of a page's image; it contains the content's version, so that caches may keep it indefinitely."""
    key = page.thumbnail_key if thumbnail else page.image_key
    return image_address(page.document_id, page.number, page.run, key, thumbnail=thumbnail)


def page_response(page: Page) -> dict[str, Any]:
    """Return a page as JSON."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "image": page_image_url(page),
        "thumbnail": page_image_url(page, thumbnail=True),
        "source": page.source,
        "confidence": page.confidence,
        "error": page.error or None,
        "blocks": api_blocks(page.blocks, page.words),
        "words": page.words,
        "codes": page.codes,
        "notes": page.notes,
    }
