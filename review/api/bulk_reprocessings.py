"""Other readings of many documents: asked for by one request, looked at together, and taken or dropped at once."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint, one_uuid
from refinery.core.web.idempotency import body_fingerprint, once
from review.api.reprocessings import MeansRequest, RereadingAnswer, answer, means_of
from review.contracts import ChosenMany
from review.selectors.bulk_reprocessings import Waiting, waiting
from review.selectors.reprocessings import Comparison
from review.services.bulk_reprocessings import drop_all, drop_many, take_better, take_many
from review.services.reprocessings import MOST_AT_ONCE, ask_many

BATCH = OpenApiParameter("batch", UUID, description="those of this batch alone")


class ManyRequest(MeansRequest):
    """The same for documents that are named, or for those of a batch."""

    documents = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_empty=False, max_length=MOST_AT_ONCE
    )
    batch = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        attrs = super().validate(attrs)
        if bool(attrs.get("documents")) == bool(attrs.get("batch")):
            message = "name documents or a batch"
            raise serializers.ValidationError({"documents": [message]})
        return attrs


class ManyAnswer(serializers.Serializer[Any]):
    """What became of asking for many; `left` counts documents of the batch beyond what one request takes."""

    asked = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    refused = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    left = serializers.IntegerField()


class WaitingLineAnswer(RereadingAnswer):
    """One of many: what it would change, and whether it is better somewhere and worse nowhere."""

    filename = serializers.CharField()
    fields_changed = serializers.IntegerField()
    words_changed = serializers.IntegerField()
    confidence_before = serializers.FloatField(allow_null=True)
    confidence_after = serializers.FloatField(allow_null=True)
    only_improves = serializers.BooleanField()


class WaitingAnswer(serializers.Serializer[Any]):
    """The open readings and their sum; `left` counts those beyond what one answer holds."""

    ready = serializers.IntegerField()
    under_way = serializers.IntegerField()
    only_improve = serializers.IntegerField()
    fields_changed = serializers.IntegerField()
    words_changed = serializers.IntegerField()
    pages_failed = serializers.IntegerField()
    left = serializers.IntegerField()
    results = WaitingLineAnswer(many=True)


class ChoiceRequest(serializers.Serializer[Any]):
    """Which: named ones, those of a batch, or, when neither is named, all."""

    rereadings = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_empty=False, max_length=MOST_AT_ONCE
    )
    batch = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both at once."""
        if attrs.get("rereadings") and attrs.get("batch"):
            message = "name readings or a batch"
            raise serializers.ValidationError({"rereadings": [message]})
        return attrs


class ChoiceAnswer(serializers.Serializer[Any]):
    """What became of it: those chosen, those that could not be, and how many are left for another request."""

    done = serializers.ListField(child=serializers.UUIDField())
    refused = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    left = serializers.IntegerField()


class ManyRereadingsView(Endpoint):
    """Other readings of many documents, by one request."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW, "POST": Verb.DOCUMENT_RERUN}

    @extend_schema(parameters=[BATCH], responses=WaitingAnswer)
    def get(self, request: Request) -> Response:
        """Give those that are open, of a batch alone where one is named, and what all of them would change."""
        return Response(waiting_answer(waiting(self.actor, one_uuid(request, "batch"))))

    @extend_schema(request=ManyRequest, responses={202: ManyAnswer})
    def post(self, request: Request) -> Response:
        """Ask for each, behind what arrives; what cannot be read again is named and keeps nobody else waiting."""
        values = self.valid(ManyRequest)
        return once(request, self.actor, body_fingerprint(values), lambda: self._ask(values))

    def _ask(self, values: dict[str, Any]) -> Response:
        found = ask_many(
            actor=self.actor,
            document_ids=values.get("documents", ()),
            batch_id=values.get("batch"),
            means=means_of(values),
        )
        asked = [{"document": str(key), "id": str(value)} for key, value in found.asked.items()]
        refused = [{"document": str(key), "code": value} for key, value in found.refused.items()]
        return Response({"asked": asked, "refused": refused, "left": found.left}, status=202)


class TakeManyView(Endpoint):
    """Take many."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_RERUN}

    @extend_schema(request=ChoiceRequest, responses={202: ChoiceAnswer})
    def post(self, request: Request) -> Response:
        """Take those that are named; of a batch, or of all, only those that improve and make nothing worse."""
        values = self.valid(ChoiceRequest)
        named = values.get("rereadings")
        chosen = (
            take_many(actor=self.actor, rereading_ids=named)
            if named
            else take_better(actor=self.actor, batch_id=values.get("batch"))
        )
        return Response(choice_answer(chosen), status=202)


class DropManyView(Endpoint):
    """Drop many."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_RERUN}

    @extend_schema(request=ChoiceRequest, responses=ChoiceAnswer)
    def post(self, request: Request) -> Response:
        """Drop those that are named, or all of a batch, or all; documents stay as they are."""
        values = self.valid(ChoiceRequest)
        named = values.get("rereadings")
        chosen = (
            drop_many(actor=self.actor, rereading_ids=named)
            if named
            else drop_all(actor=self.actor, batch_id=values.get("batch"))
        )
        return Response(choice_answer(chosen))


def waiting_answer(found: Waiting) -> dict[str, Any]:
    """Write the open readings with their sum."""
    return {
        "ready": len(found.ready),
        "under_way": found.under_way,
        "only_improve": len(found.better),
        "fields_changed": found.fields_changed,
        "words_changed": found.words_changed,
        "pages_failed": found.pages_failed,
        "left": found.left,
        "results": [_line(one) for one in found.comparisons],
    }


def _line(one: Comparison) -> dict[str, Any]:
    before, after = one.sureness
    return answer(one) | {
        "filename": one.document.filename,
        "fields_changed": one.fields_changed,
        "words_changed": one.words_changed,
        "confidence_before": before,
        "confidence_after": after,
        "only_improves": one.better,
    }


def choice_answer(chosen: ChosenMany) -> dict[str, Any]:
    """Write what became of a choice."""
    refused = [{"id": str(key), "code": code} for key, code in chosen.refused.items()]
    return {"done": [str(key) for key in chosen.done], "refused": refused, "left": chosen.left}
