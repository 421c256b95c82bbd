"""REST endpoints of splits: how a file is divided into documents, its correction by a person, and page rotation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.documents import DocumentResponse
from ingestion.domain.page.rotation import InvalidRotation
from ingestion.domain.splitting.edits import InvalidSplit
from ingestion.selectors.split_editor import split_of
from ingestion.services.edit_split import SplitEdit, SplitNotEditable, StaleSplit, edit_split
from ingestion.services.review_port import ClaimedByOther, FourEyesViolation
from ingestion.services.rotations import rotate_pages
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import ETAG, Endpoint, expected_version
from refinery.core.web.problems import Problem

MAX_SPLIT_PAGES = 10_000


def page_numbers(**more: Any) -> serializers.ListField:
    """Return a serializer field for page numbers of the file."""
    return serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=MAX_SPLIT_PAGES, **more)


class ChildDocumentResponse(serializers.Serializer[Any]):
    """Child document: its pages by their numbers in the file, in order, and its id (null if erased since)."""

    document = serializers.UUIDField(allow_null=True)
    filename = serializers.CharField()
    status = serializers.CharField()
    pages = serializers.ListField(child=serializers.IntegerField())
    reasons = serializers.ListField(child=serializers.CharField(), help_text="why a document begins there")


class DroppedPageResponse(serializers.Serializer[Any]):
    """Page that belongs to no child document."""

    page = serializers.IntegerField()
    reason = serializers.ChoiceField(["separator", "blank", "excluded"])


class BoundaryResponse(serializers.Serializer[Any]):
    """Page on which a document may begin, with the evidence."""

    page = serializers.IntegerField()
    chance = serializers.FloatField(min_value=0, max_value=1)
    reasons = serializers.ListField(child=serializers.CharField())


class SplitResponse(serializers.Serializer[Any]):
    """Split of a file; `number` counts its versions, 0 if no split was ever found."""

    document = serializers.UUIDField(help_text="the file")
    status = serializers.CharField()
    pages = serializers.IntegerField()
    number = serializers.IntegerField()
    by_person = serializers.BooleanField()
    parts = ChildDocumentResponse(many=True)
    dropped = DroppedPageResponse(many=True)
    boundaries = BoundaryResponse(many=True)


class SplitPartRequest(serializers.Serializer[Any]):
    """Requested child document."""

    pages = page_numbers(min_length=1)


class SplitRequest(serializers.Serializer[Any]):
    """Requested split of the file: each of its pages in exactly one part, or dropped."""

    parts = SplitPartRequest(many=True)
    dropped = page_numbers(required=False, default=list)


class SplitView(Endpoint):
    """Split of a file; a child document returns the split of its file."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW, "PUT": Permission.REVIEW_WORK}
    problems: ClassVar = {"PUT": (409, 412, 428)}

    @extend_schema(parameters=[ETAG], responses=SplitResponse)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Return parts, dropped pages and possible boundaries; the ETag is required to edit the split."""
        return self._split_response(document_id)

    @extend_schema(parameters=[ETAG], request=SplitRequest, responses=SplitResponse)
    def put(self, request: Request, document_id: UUID) -> Response:
        """Split the file again: unchanged parts keep their documents, the others are assessed again."""
        values = self.validated(SplitRequest)
        seen_version = expected_version(request, "split")
        wanted = SplitEdit(
            document_id, tuple(tuple(part["pages"]) for part in values["parts"]), tuple(values["dropped"]), seen_version
        )
        try:
            with split_errors_as_problems():
                edit_split(actor=self.actor, request=wanted)
        except InvalidSplit as reason:
            raise Problem(422, "not-valid", "Not valid", str(reason), errors={"parts": [str(reason)]}) from reason
        except StaleSplit as reason:
            detail = "The file has been split differently. Load the split again."
            tag = {"ETag": f'"{reason.current}"'}
            raise Problem(412, "stale", "The split has changed", detail, headers=tag) from reason
        return self._split_response(document_id)

    def _split_response(self, document_id: UUID) -> Response:
        found = split_of(self.actor, document_id)
        return Response(SplitResponse(found).data, headers={"ETag": f'"{found["number"]}"'})


class PageRotationRequest(serializers.Serializer[Any]):
    """Page of the file and its clockwise rotation in quarter turns."""

    page = serializers.IntegerField(min_value=1)
    quarter_turns = serializers.IntegerField(min_value=1, max_value=3)


class RotationsRequest(serializers.Serializer[Any]):
    """Pages to rotate, relative to their present rotation."""

    pages = PageRotationRequest(many=True, allow_empty=False)

    def validate_pages(self, value: list[dict[str, int]]) -> list[dict[str, int]]:
        """Reject a page that is named twice, because its rotation would be ambiguous."""
        if len({turn["page"] for turn in value}) != len(value):
            message = "give each page only once"
            raise serializers.ValidationError(message)
        return value


class RotationsView(Endpoint):
    """Rotations of pages of a file."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=RotationsRequest, responses={202: DocumentResponse})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Rotate pages permanently: they are rendered and read again and the file is reassessed; other
        pages are kept.
        """
        values = self.validated(RotationsRequest)
        rotations = {turn["page"]: turn["quarter_turns"] for turn in values["pages"]}
        try:
            with split_errors_as_problems():
                file = rotate_pages(actor=self.actor, document_id=document_id, rotations=rotations)
        except InvalidRotation as reason:
            raise Problem(422, "not-valid", "Not valid", str(reason), errors={"pages": [str(reason)]}) from reason
        return Response(DocumentResponse(file).data, status=202)


@contextmanager
def split_errors_as_problems() -> Iterator[None]:
    """Convert the reasons why a file's pages cannot be changed into problems."""
    try:
        yield
    except SplitNotEditable as reason:
        detail = "The file is still being processed, or could not be read."
        raise Problem(409, "in-progress", "The document is being processed", detail) from reason
    except ClaimedByOther as reason:
        detail = "Someone is reviewing a document that would change. Wait for the decision."
        raise Problem(409, "task-taken", "Claimed by a reviewer", detail) from reason
    except FourEyesViolation as reason:
        detail = "A document that would change must be reviewed by another person, who must also split the file."
        raise Problem(409, "four-eyes", "Another person is needed", detail) from reason
