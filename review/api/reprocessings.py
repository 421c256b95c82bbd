"""Documents read again by other means: asked for, compared, and then applied or dropped."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.documents import DocumentAnswer
from ingestion.api.pages import WordAnswer
from ingestion.domain.lifecycle import InvalidMove
from ingestion.domain.reprocessing import FieldChange, FieldSight
from ingestion.models import Document
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import body_fingerprint, once
from refinery.core.web.problems import Problem
from review.contracts import Means
from review.domain.reprocessing_status import ENGINES, MODES, THIRD, RereadingStatus
from review.selectors.reprocessings import (
    Comparison,
    PageDiff,
    WordRun,
    compared,
    comparison_of,
    page_diff,
    rereadings_of,
)
from review.services.reprocessings import (
    InReview,
    RereadingOver,
    RereadingUnderWay,
    TooManyRereadings,
    apply_rereading,
    ask_rereading,
    drop_rereading,
)


class MeansRequest(serializers.Serializer[Any]):
    """By what: a mode, or engines alone in place of the usual ones."""

    mode = serializers.ChoiceField(choices=MODES, required=False)
    engines = serializers.ListField(
        child=serializers.ChoiceField(choices=(*ENGINES, THIRD)),
        required=False,
        allow_empty=False,
        max_length=len(ENGINES),
        help_text="trocr, alone, where its weights are set up",
    )

    def validate_engines(self, value: list[str]) -> list[str]:
        """Refuse to name one twice."""
        if len(set(value)) != len(value):
            message = "name each engine once"
            raise serializers.ValidationError(message)
        if THIRD in value and len(value) > 1:
            message = f"{THIRD} reads what the usual engines find: name it alone"
            raise serializers.ValidationError(message)
        if THIRD in value and not settings.THIRD_ENGINE:
            message = f"{THIRD} is not set up here"
            raise serializers.ValidationError(message)
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two at least: reading again as before is a re-run."""
        if not attrs.get("mode") and not attrs.get("engines"):
            message = "name a mode or engines"
            raise serializers.ValidationError({"mode": [message]})
        return attrs


class OneRequest(MeansRequest):
    """The same for one document; a locked original needs its password once more, for none is kept."""

    password = serializers.CharField(
        max_length=500, required=False, trim_whitespace=False, write_only=True, allow_blank=True
    )


class ReadValueAnswer(serializers.Serializer[Any]):
    """A field as one of the readings has it; `human` says that a person's word stands there."""

    value = serializers.CharField()
    confidence = serializers.FloatField()
    human = serializers.ChoiceField(choices=["", "confirmed", "corrected"])


class FieldChangeAnswer(serializers.Serializer[Any]):
    """A field in both readings; one that is `kept` stays whatever was read now."""

    name = serializers.CharField()
    before = ReadValueAnswer(allow_null=True)
    after = ReadValueAnswer(allow_null=True)
    changed = serializers.BooleanField()
    rewritten = serializers.BooleanField(help_text="one value, written otherwise")
    kept = serializers.BooleanField()


class PageChangeAnswer(serializers.Serializer[Any]):
    """A page in both readings; `changed` counts words."""

    number = serializers.IntegerField()
    changed = serializers.IntegerField()
    words_before = serializers.IntegerField()
    words_after = serializers.IntegerField()
    confidence_before = serializers.FloatField(allow_null=True)
    confidence_after = serializers.FloatField(allow_null=True)
    error = serializers.CharField(allow_null=True)


class RereadingLinks(serializers.Serializer[Any]):
    """Where it stands, where a page of it stands, and the page for people."""

    self = serializers.CharField()
    document = serializers.CharField()
    review = serializers.CharField()


class RereadingAnswer(serializers.Serializer[Any]):
    """Another reading of a document; it replaces nothing until it is applied."""

    id = serializers.UUIDField()
    document = serializers.UUIDField()
    status = serializers.ChoiceField(choices=[status.value for status in RereadingStatus])
    mode = serializers.CharField()
    engines = serializers.ListField(child=serializers.CharField())
    pages = serializers.IntegerField()
    pages_done = serializers.IntegerField()
    pages_failed = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    links = RereadingLinks()


class ComparisonAnswer(RereadingAnswer):
    """The same with what it would change; both lists are empty until it is ready."""

    schema_before = serializers.CharField()
    schema_after = serializers.CharField()
    fields = FieldChangeAnswer(many=True)  # type: ignore[assignment]  # the API's name; a serializer has one like it
    page_changes = PageChangeAnswer(many=True)


class WordRunAnswer(serializers.Serializer[Any]):
    """Neighbouring words: alike in both readings, or those before and those now."""

    alike = serializers.BooleanField()
    before = WordAnswer(many=True)
    after = WordAnswer(many=True)


class PageDiffAnswer(serializers.Serializer[Any]):
    """A page's words in both readings, in order; where they are alike `before` is left empty."""

    number = serializers.IntegerField()
    runs = WordRunAnswer(many=True)


class RereadingsView(Endpoint):
    """A document's other readings."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW, "POST": Verb.DOCUMENT_RERUN}

    @extend_schema(responses=RereadingAnswer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """List them, the newest first."""
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        found = [compared(self.actor, document, row) for row in rereadings_of(self.actor, document)]
        return Response([answer(one) for one in found])

    @extend_schema(request=OneRequest, responses={202: RereadingAnswer})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Have it read by other means, beside what stands; an event `rereading.status` tells when it is ready."""
        values = self.valid(OneRequest)
        return once(request, self.actor, body_fingerprint(values), lambda: self._ask(document_id, values))

    def _ask(self, document_id: UUID, values: dict[str, Any]) -> Response:
        means, password = means_of(values), values.get("password", "")
        try:
            row = ask_rereading(actor=self.actor, document_id=document_id, means=means, password=password)
        except InvalidMove as reason:
            raise Problem(409, "not-read", "The document has not been read", str(reason)) from reason
        except RereadingUnderWay as reason:
            detail = "Another reading is under way, or waits to be applied or dropped."
            raise Problem(409, "under-way", "Another reading is under way", detail) from reason
        except TooManyRereadings as reason:
            detail = "Apply or drop the readings that wait."
            raise Problem(
                429, "too-many-rereadings", "Too many readings wait", detail, headers={"Retry-After": "60"}
            ) from reason
        return Response(answer(comparison_of(self.actor, document_id, row.id)), status=202)


class RereadingView(Endpoint):
    """One other reading."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}

    @extend_schema(responses=ComparisonAnswer)
    def get(self, request: Request, document_id: UUID, rereading_id: UUID) -> Response:
        """Give what it would change: fields, and pages with how many of their words differ."""
        found = comparison_of(self.actor, document_id, rereading_id)
        return Response(
            answer(found)
            | {
                "schema_before": found.schema_before,
                "schema_after": found.schema_after,
                "fields": [field_answer(change) for change in found.fields],
                "page_changes": [
                    PageChangeAnswer(change).data | {"error": change.error or None}
                    for change in found.page_changes
                ],
            }
        )


class RereadingPageView(Endpoint):
    """One page of it, word by word."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}

    @extend_schema(responses=PageDiffAnswer)
    def get(self, request: Request, document_id: UUID, rereading_id: UUID, number: int) -> Response:
        """Give the words that came, went or read otherwise, among those that did not."""
        return Response(
            diff_answer(page_diff(self.actor, comparison_of(self.actor, document_id, rereading_id), number))
        )


class ApplyRereadingView(Endpoint):
    """Take it."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_RERUN}

    @extend_schema(request=None, responses={202: DocumentAnswer})
    def post(self, request: Request, document_id: UUID, rereading_id: UUID) -> Response:
        """Make it the document's next run, which is judged anew; what people confirmed or corrected stays."""
        try:
            document = apply_rereading(actor=self.actor, document_id=document_id, rereading_id=rereading_id)
        except InReview as reason:
            detail = "A reviewer has the document in hand."
            raise Problem(409, "in-hand", "A reviewer has it in hand", detail) from reason
        except (RereadingOver, InvalidMove) as reason:
            raise not_ready() from reason
        return Response(DocumentAnswer(document).data, status=202)


class DropRereadingView(Endpoint):
    """Leave it."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_RERUN}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, document_id: UUID, rereading_id: UUID) -> Response:
        """Forget it, read or not; the document stays as it is."""
        try:
            drop_rereading(actor=self.actor, document_id=document_id, rereading_id=rereading_id)
        except RereadingOver as reason:
            raise not_ready() from reason
        return Response(status=204)


def means_of(values: dict[str, Any]) -> Means:
    """Read what a request asks for."""
    return Means(values.get("mode") or "standard", tuple(values.get("engines") or ()))


def not_ready() -> Problem:
    """Say that there is nothing to choose."""
    detail = "It is not read yet, or was applied, dropped or overtaken by another run."
    return Problem(409, "not-ready", "There is nothing to choose", detail)


def answer(found: Comparison) -> dict[str, Any]:
    """Write a candidate."""
    document = found.document.pk
    return {
        "id": str(found.id),
        "document": str(document),
        "status": found.status.value,
        "mode": found.means.mode,
        "engines": list(found.means.engines),
        "pages": found.pages,
        "pages_done": found.pages_done,
        "pages_failed": found.pages_failed,
        "error": found.error_code or None,
        "created_at": found.created_at,
        "finished_at": found.finished_at,
        "links": {
            "self": f"/v1/documents/{document}/rereadings/{found.id}",
            "document": f"/v1/documents/{document}",
            "review": f"/documents/{document}/rereadings/{found.id}/",
        },
    }


def field_answer(change: FieldChange) -> dict[str, Any]:
    """Write a field in both readings."""
    return {
        "name": change.name,
        "before": _value(change.before),
        "after": _value(change.after),
        "changed": change.changed,
        "rewritten": change.rewritten,
        "kept": change.kept,
    }


def _value(sight: FieldSight | None) -> dict[str, Any] | None:
    if sight is None:
        return None
    return {"value": sight.value, "confidence": sight.confidence, "human": sight.human}


def diff_answer(found: PageDiff) -> dict[str, Any]:
    """Write a page in both readings."""
    return {"number": found.number, "runs": [_run(run) for run in found.runs]}


def _run(run: WordRun) -> dict[str, Any]:
    return {"alike": run.alike, "before": [] if run.alike else run.before, "after": run.after}
