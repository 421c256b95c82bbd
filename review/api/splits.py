"""How a file is parted into documents: seen, and mended by a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.documents import DocumentAnswer
from ingestion.domain.page.rotation import InvalidTurn
from ingestion.domain.splitting.edits import InvalidSplit
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint, seen_version
from refinery.core.web.problems import Problem
from review.selectors.split_editor import split_of
from review.services.edit_split import MendRequest, NotMendable, StaleSplit, mend_split
from review.services.edits import InOtherHands
from review.services.rotations import turn_pages
from review.services.split_document import FourEyes

MOST_PAGES = 10_000


def page_numbers(**more: Any) -> serializers.ListField:  # noqa: ANN401 - options of the field
    """Make a list of page numbers of the file."""
    return serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=MOST_PAGES, **more)


class PartAnswer(serializers.Serializer[Any]):
    """A part: its pages by their numbers in the file, in their order, and its document (null: erased since)."""

    document = serializers.UUIDField(allow_null=True)
    filename = serializers.CharField()
    status = serializers.CharField()
    pages = serializers.ListField(child=serializers.IntegerField())
    reasons = serializers.ListField(child=serializers.CharField(), help_text="why it begins there")


class DroppedAnswer(serializers.Serializer[Any]):
    """A page that belongs to no part."""

    page = serializers.IntegerField()
    why = serializers.ChoiceField(["separator", "blank", "left_out"])


class BoundaryAnswer(serializers.Serializer[Any]):
    """A page on which a document may begin, by what stands on it."""

    page = serializers.IntegerField()
    chance = serializers.FloatField(min_value=0, max_value=1)
    reasons = serializers.ListField(child=serializers.CharField())


class SplitAnswer(serializers.Serializer[Any]):
    """How a file is parted; `number` counts the ways it was, 0 where nothing was ever found to part."""

    document = serializers.UUIDField(help_text="the file")
    status = serializers.CharField()
    pages = serializers.IntegerField()
    number = serializers.IntegerField()
    by_person = serializers.BooleanField()
    parts = PartAnswer(many=True)
    dropped = DroppedAnswer(many=True)
    boundaries = BoundaryAnswer(many=True)


class PartRequest(serializers.Serializer[Any]):
    """A part as it shall be."""

    pages = page_numbers(min_length=1)


class SplitRequest(serializers.Serializer[Any]):
    """How the file shall be parted: each of its pages in one part, or dropped."""

    parts = PartRequest(many=True)
    dropped = page_numbers(required=False, default=list)


class SplitView(Endpoint):
    """The split of a file; a part of one answers with that of its file."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW, "PUT": Verb.REVIEW_WORK}

    @extend_schema(responses=SplitAnswer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Give the parts, what was left out, and where documents may begin; the ETag is needed to mend it."""
        return self._answer(document_id)

    @extend_schema(
        request=SplitRequest,
        responses=SplitAnswer,
        parameters=[OpenApiParameter("If-Match", location="header", required=True)],
    )
    def put(self, request: Request, document_id: UUID) -> Response:
        """Part the file anew: parts that stay as they are keep their documents, the others are judged again."""
        values = self.valid(SplitRequest)
        seen = seen_version(request, "split")
        wanted = MendRequest(
            document_id, tuple(tuple(part["pages"]) for part in values["parts"]), tuple(values["dropped"]), seen
        )
        try:
            with refused_as_problem():
                mend_split(actor=self.actor, request=wanted)
        except InvalidSplit as reason:
            raise Problem(422, "not-valid", "Not valid", str(reason), errors={"parts": [str(reason)]}) from reason
        except StaleSplit as reason:
            detail = "The file has been parted otherwise. Look at it again."
            tag = {"ETag": f'"{reason.current}"'}
            raise Problem(412, "stale", "The split has changed", detail, headers=tag) from reason
        return self._answer(document_id)

    def _answer(self, document_id: UUID) -> Response:
        found = split_of(self.actor, document_id)
        return Response(SplitAnswer(found).data, headers={"ETag": f'"{found["number"]}"'})


class TurnRequest(serializers.Serializer[Any]):
    """A page of the file, and by how many quarters it is turned, clockwise."""

    page = serializers.IntegerField(min_value=1)
    quarters = serializers.IntegerField(min_value=1, max_value=3)


class TurnsRequest(serializers.Serializer[Any]):
    """Pages to turn, from how they lie now."""

    pages = TurnRequest(many=True, allow_empty=False)

    def validate_pages(self, value: list[dict[str, int]]) -> list[dict[str, int]]:
        """Refuse to name one twice: which of its turns counts would be anyone's guess."""
        if len({turn["page"] for turn in value}) != len(value):
            message = "name each page once"
            raise serializers.ValidationError(message)
        return value


class TurnsView(Endpoint):
    """Pages that lie on their side or their head."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=TurnsRequest, responses={202: DocumentAnswer})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Turn them for good: they are drawn and read anew, and the file is judged again; other pages stay."""
        values = self.valid(TurnsRequest)
        turns = {turn["page"]: turn["quarters"] for turn in values["pages"]}
        try:
            with refused_as_problem():
                file = turn_pages(actor=self.actor, document_id=document_id, turns=turns)
        except InvalidTurn as reason:
            raise Problem(422, "not-valid", "Not valid", str(reason), errors={"pages": [str(reason)]}) from reason
        return Response(DocumentAnswer(file).data, status=202)


@contextmanager
def refused_as_problem() -> Iterator[None]:
    """Name why a file's pages are left alone."""
    try:
        yield
    except NotMendable as reason:
        detail = "The file is under way, or could not be read."
        raise Problem(409, "under-way", "The document is under way", detail) from reason
    except InOtherHands as reason:
        detail = "Someone reviews a document that would change. Wait for the decision."
        raise Problem(409, "task-taken", "In other hands", detail) from reason
    except FourEyes as reason:
        detail = "Another person has to look at a document that would change, and so to part its file."
        raise Problem(409, "four-eyes", "Another person is needed", detail) from reason
