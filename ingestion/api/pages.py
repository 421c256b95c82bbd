"""What was read: pages with words and boxes, their images, and fields."""

from typing import IO, Any, ClassVar, cast
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import F
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.domain.page.barcodes import KINDS
from ingestion.domain.page.elements import BlockKind
from ingestion.domain.page.notes import Note
from ingestion.domain.page.serialization import shown_blocks
from ingestion.models import Document, Field, Page
from ingestion.selectors.stored_readings import image_address, image_version
from ingestion.services.reading import THUMBNAIL_TYPE
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint

FOR_EVER = "private, max-age=31536000, immutable"
ASK_FIRST = "private, no-cache"


class WordAnswer(serializers.Serializer[Any]):
    """A word with its place."""

    text = serializers.CharField()
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))
    confidence = serializers.FloatField()
    source = serializers.CharField()  # type: ignore[assignment]  # the API's name; Field has one like it


class CodeAnswer(serializers.Serializer[Any]):
    """A bar code or matrix code with its place; controls in its text are escaped."""

    format = serializers.ChoiceField(choices=KINDS)
    text = serializers.CharField()
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))


class CellAnswer(serializers.Serializer[Any]):
    """A cell of a table; rows and columns count from 0."""

    row = serializers.IntegerField()
    column = serializers.IntegerField()
    row_span = serializers.IntegerField()
    column_span = serializers.IntegerField()
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))
    words = serializers.ListField(
        child=serializers.IntegerField(), help_text="the first, and the one behind the last"
    )
    text = serializers.CharField()


class BlockAnswer(serializers.Serializer[Any]):
    """What stands together, in the order of reading."""

    kind = serializers.ChoiceField([kind.value for kind in BlockKind])
    bbox = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1))
    words = serializers.ListField(
        child=serializers.IntegerField(), help_text="the first, and the one behind the last"
    )
    rows = serializers.IntegerField(required=False, help_text="of a table")
    columns = serializers.IntegerField(required=False, help_text="of a table")
    cells = CellAnswer(many=True, required=False, help_text="of a table")
    checked = serializers.BooleanField(required=False, help_text="of a check box")


class PageAnswer(serializers.Serializer[Any]):
    """A page as read."""

    number = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    image = serializers.CharField()
    thumbnail = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the API's name; Field has one like it
    confidence = serializers.FloatField()
    blocks = BlockAnswer(many=True)
    words = WordAnswer(many=True)
    codes = CodeAnswer(many=True)
    notes = serializers.ListField(child=serializers.ChoiceField([note.value for note in Note]))


class FieldAnswer(serializers.Serializer[Any]):
    """A field as it stands."""

    name = serializers.CharField()
    value = serializers.CharField()
    normalized = serializers.CharField()
    confidence = serializers.FloatField()
    page = serializers.IntegerField(allow_null=True)
    bbox = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # the API's name; Field has one like it
    validation = serializers.ListField(source="validations")
    alternatives = serializers.ListField()
    human = serializers.CharField()
    version = serializers.IntegerField()


class PageView(Endpoint):
    """One page of the current run."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}

    @extend_schema(responses=PageAnswer)
    def get(self, request: Request, document_id: UUID, number: int) -> Response:
        """Give the page's words and boxes; its image stands at its own address."""
        document = Document.objects.visible_to(self.actor).only("id", "run").get(pk=document_id)
        page = Page.objects.visible_to(self.actor).get(document=document, run=document.run, number=number)
        return Response(page_answer(page))


class PageImageView(Endpoint):
    """The picture of a page; under an address that names its content it is the same for ever."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}
    thumbnail = False

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, document_id: UUID, number: int) -> FileResponse | Response:
        """Stream the image; `run` picks another run than the current one, `v` names the picture itself."""
        rows = Page.objects.visible_to(self.actor).filter(document_id=document_id, number=number)
        run = request.query_params.get("run", "")
        page = rows.filter(run=int(run) if run.isdecimal() else F("document__run")).first()
        key = page and (page.thumbnail_key if self.thumbnail else page.image_key)
        if not page or not key:
            raise Page.DoesNotExist
        tag = f'"{key.rsplit("/", 1)[-1]}"'
        fixed = request.query_params.get("v") == image_version(key)
        headers = {"ETag": tag, "Cache-Control": FOR_EVER if fixed else ASK_FIRST}
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers=headers)
        content_type = THUMBNAIL_TYPE if self.thumbnail else page.image_type
        return FileResponse(_opened(key), content_type=content_type, headers=headers)


def _opened(key: str) -> IO[bytes]:
    """Open a picture; raises Page.DoesNotExist for one that storage has lost."""
    try:
        return cast("IO[bytes]", default_storage.open(key))
    except FileNotFoundError as reason:
        raise Page.DoesNotExist from reason


class FieldsView(Endpoint):
    """All fields of the current run."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}

    @extend_schema(responses=FieldAnswer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """List the fields in the schema's order."""
        document = Document.objects.visible_to(self.actor).only("id", "run").get(pk=document_id)
        rows = Field.objects.visible_to(self.actor).filter(document=document, run=document.run)
        return Response(FieldAnswer(rows.order_by("position"), many=True).data)


def image_url(page: Page, *, thumbnail: bool = False) -> str:
    """Give the address of a page's image, which names its content: caches may keep it for ever."""
    key = page.thumbnail_key if thumbnail else page.image_key
    return image_address(page.document_id, page.number, page.run, key, thumbnail=thumbnail)


def page_answer(page: Page) -> dict[str, Any]:
    """Write a page."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "image": image_url(page),
        "thumbnail": image_url(page, thumbnail=True),
        "source": page.source,
        "confidence": page.confidence,
        "error": page.error or None,
        "blocks": shown_blocks(page.blocks, page.words),
        "words": page.words,
        "codes": page.codes,
        "notes": page.notes,
    }
