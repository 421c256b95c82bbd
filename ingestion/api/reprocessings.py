"""REST endpoints of reprocessing: read a document again with other options, compare, then apply or drop the result."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.documents import DocumentResponse
from ingestion.api.pages import WordResponse
from ingestion.contracts import ReprocessingOptions
from ingestion.domain.lifecycle import InvalidDocumentTransition
from ingestion.domain.reprocessing_status import ENGINES, MODES, THIRD_ENGINE_NAME, ReprocessingStatus
from ingestion.models import Document
from ingestion.selectors.reprocessings import (
    PageDiff,
    ReprocessingComparison,
    WordDiff,
    build_comparison,
    page_diff,
    reprocessing_comparison,
    reprocessings_of,
)
from ingestion.services.reprocessings import (
    ReprocessingClosed,
    ReprocessingInProgress,
    TooManyReprocessings,
    apply_reprocessing,
    drop_reprocessing,
    request_reprocessing,
)
from ingestion.services.review_port import DocumentClaimed
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once
from refinery.core.web.problems import Problem


class ReprocessingOptionsRequest(serializers.Serializer[Any]):
    """Options of reprocessing: a mode, or engines that replace the usual ones."""

    mode = serializers.ChoiceField(choices=MODES, required=False)
    engines = serializers.ListField(
        child=serializers.ChoiceField(choices=(*ENGINES, THIRD_ENGINE_NAME)),
        required=False,
        allow_empty=False,
        max_length=len(ENGINES),
        help_text="trocr cannot be combined with others, and needs its weights",
    )

    def validate_engines(self, value: list[str]) -> list[str]:
        """Reject an engine that is named twice."""
        if len(set(value)) != len(value):
            message = "give each engine only once"
            raise serializers.ValidationError(message)
        if THIRD_ENGINE_NAME in value and len(value) > 1:
            message = f"{THIRD_ENGINE_NAME} reads the lines that other engines find: it cannot be combined with them"
            raise serializers.ValidationError(message)
        if THIRD_ENGINE_NAME in value and not settings.THIRD_ENGINE:
            message = f"{THIRD_ENGINE_NAME} is not set up here"
            raise serializers.ValidationError(message)
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require a mode or engines: a reading with the same options is a re-run."""
        if not attrs.get("mode") and not attrs.get("engines"):
            message = "give a mode or engines"
            raise serializers.ValidationError({"mode": [message]})
        return attrs


class ReprocessingRequest(ReprocessingOptionsRequest):
    """Reprocessing of one document; a locked original needs its password again, because passwords are not stored."""

    password = serializers.CharField(
        max_length=500, required=False, trim_whitespace=False, write_only=True, allow_blank=True
    )


class FieldReadingResponse(serializers.Serializer[Any]):
    """Field in one of the two readings; `human` marks a value that a person confirmed or corrected."""

    value = serializers.CharField()
    confidence = serializers.FloatField()
    human = serializers.ChoiceField(choices=["", "confirmed", "corrected"])


class FieldChangeResponse(serializers.Serializer[Any]):
    """Field in both readings; one that is `kept` keeps its human value."""

    name = serializers.CharField()
    before = FieldReadingResponse(allow_null=True)
    after = FieldReadingResponse(allow_null=True)
    changed = serializers.BooleanField()
    rewritten = serializers.BooleanField(help_text="the same value in another format")
    kept = serializers.BooleanField()


class PageChangeResponse(serializers.Serializer[Any]):
    """Page in both readings; `changed` counts words."""

    number = serializers.IntegerField()
    changed = serializers.IntegerField()
    words_before = serializers.IntegerField()
    words_after = serializers.IntegerField()
    confidence_before = serializers.FloatField(allow_null=True)
    confidence_after = serializers.FloatField(allow_null=True)
    error = serializers.CharField(allow_null=True)


class ReprocessingLinks(serializers.Serializer[Any]):
    """URLs of the reprocessing, of the document, and of the page for people."""

    self = serializers.CharField()
    document = serializers.CharField()
    review = serializers.CharField()


class ReprocessingResponse(serializers.Serializer[Any]):
    """Reprocessing of a document; it replaces nothing until it is applied."""

    id = serializers.UUIDField()
    document = serializers.UUIDField()
    status = serializers.ChoiceField(choices=[status.value for status in ReprocessingStatus])
    mode = serializers.CharField()
    engines = serializers.ListField(child=serializers.CharField())
    pages = serializers.IntegerField()
    pages_done = serializers.IntegerField()
    pages_failed = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    links = ReprocessingLinks()


class ReprocessingComparisonResponse(ReprocessingResponse):
    """Reprocessing with its changes; both lists are empty until it is ready."""

    schema_before = serializers.CharField()
    schema_after = serializers.CharField()
    fields = FieldChangeResponse(many=True)  # type: ignore[assignment]  # the API's name; a serializer has one like it
    page_changes = PageChangeResponse(many=True)


class WordDiffResponse(serializers.Serializer[Any]):
    """Adjacent words: equal in both readings, or the ones before and the ones after."""

    alike = serializers.BooleanField()
    before = WordResponse(many=True)
    after = WordResponse(many=True)


class PageDiffResponse(serializers.Serializer[Any]):
    """Words of a page in both readings, in order; `before` is empty where they are equal."""

    number = serializers.IntegerField()
    runs = WordDiffResponse(many=True)


class ReprocessingsView(Endpoint):
    """Reprocessings of a document."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW, "POST": Permission.DOCUMENT_RERUN}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(responses=ReprocessingResponse(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """List the reprocessings, the newest first."""
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        found = [build_comparison(self.actor, document, row) for row in reprocessings_of(self.actor, document)]
        return Response([reprocessing_response(one) for one in found])

    @extend_schema(request=ReprocessingRequest, responses={202: ReprocessingResponse}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, document_id: UUID) -> Response:
        """Request reprocessing with other options; the event `reprocessing.status` reports when the result is ready."""
        values = self.validated(ReprocessingRequest)
        return run_once(
            request, self.actor, body_fingerprint(values), lambda: self._request_reprocessing(document_id, values)
        )

    def _request_reprocessing(self, document_id: UUID, values: dict[str, Any]) -> Response:
        options, password = reprocessing_options_of(values), values.get("password", "")
        try:
            row = request_reprocessing(actor=self.actor, document_id=document_id, options=options, password=password)
        except InvalidDocumentTransition as reason:
            raise Problem(409, "not-read", "The document has not been read", str(reason)) from reason
        except ReprocessingInProgress as reason:
            detail = "Another reprocessing is in progress, or waits to be applied or discarded."
            raise Problem(409, "in-progress", "Another reprocessing is in progress", detail) from reason
        except TooManyReprocessings as reason:
            detail = "Apply or discard pending reprocessings first."
            raise Problem(
                429, "too-many-reprocessings", "Too many pending reprocessings", detail, headers={"Retry-After": "60"}
            ) from reason
        return Response(reprocessing_response(reprocessing_comparison(self.actor, document_id, row.id)), status=202)


class ReprocessingView(Endpoint):
    """A single reprocessing."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}

    @extend_schema(responses=ReprocessingComparisonResponse)
    def get(self, request: Request, document_id: UUID, reprocessing_id: UUID) -> Response:
        """Return the changes: fields, and pages with the number of different words."""
        found = reprocessing_comparison(self.actor, document_id, reprocessing_id)
        return Response(
            reprocessing_response(found)
            | {
                "schema_before": found.schema_before,
                "schema_after": found.schema_after,
                "fields": FieldChangeResponse(found.fields, many=True).data,
                "page_changes": [
                    PageChangeResponse(change).data | {"error": change.error or None} for change in found.page_changes
                ],
            }
        )


class ReprocessingPageView(Endpoint):
    """Word-by-word comparison of one page."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}

    @extend_schema(responses=PageDiffResponse)
    def get(self, request: Request, document_id: UUID, reprocessing_id: UUID, number: int) -> Response:
        """Return the words that were added, removed or read differently, among the unchanged ones."""
        return Response(
            page_diff_response(
                page_diff(self.actor, reprocessing_comparison(self.actor, document_id, reprocessing_id), number)
            )
        )


class ApplyReprocessingView(Endpoint):
    """Application of a reprocessing."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_RERUN}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=None, responses={202: DocumentResponse})
    def post(self, request: Request, document_id: UUID, reprocessing_id: UUID) -> Response:
        """Make it the document's next run, which is assessed again; human values are kept."""
        try:
            document = apply_reprocessing(actor=self.actor, document_id=document_id, reprocessing_id=reprocessing_id)
        except DocumentClaimed as reason:
            detail = "A reviewer has claimed the document."
            raise Problem(409, "claimed", "A reviewer has claimed it", detail) from reason
        except (ReprocessingClosed, InvalidDocumentTransition) as reason:
            raise not_ready_problem() from reason
        return Response(DocumentResponse(document).data, status=202)


class DropReprocessingView(Endpoint):
    """Discard of a reprocessing."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_RERUN}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, document_id: UUID, reprocessing_id: UUID) -> Response:
        """Drop it, finished or not; the document stays unchanged."""
        try:
            drop_reprocessing(actor=self.actor, document_id=document_id, reprocessing_id=reprocessing_id)
        except ReprocessingClosed as reason:
            raise not_ready_problem() from reason
        return Response(status=204)


def reprocessing_options_of(values: dict[str, Any]) -> ReprocessingOptions:
    """Return the options of a request."""
    return ReprocessingOptions(values.get("mode") or "standard", tuple(values.get("engines") or ()))


def not_ready_problem() -> Problem:
    """Return the problem for a reprocessing that is not ready to be applied or dropped."""
    detail = "It is not read yet, or was applied, discarded or superseded by another run."
    return Problem(409, "not-ready", "The reprocessing is not ready", detail)


def reprocessing_response(found: ReprocessingComparison) -> dict[str, Any]:
    """Return a reprocessing as JSON."""
    document = found.document.pk
    return {
        "id": str(found.id),
        "document": str(document),
        "status": found.status.value,
        "mode": found.options.mode,
        "engines": list(found.options.engines),
        "pages": found.pages,
        "pages_done": found.pages_done,
        "pages_failed": found.pages_failed,
        "error": found.error_code or None,
        "created_at": found.created_at,
        "finished_at": found.finished_at,
        "links": {
            "self": f"/v1/documents/{document}/reprocessings/{found.id}",
            "document": f"/v1/documents/{document}",
            "review": f"/documents/{document}/reprocessings/{found.id}/",
        },
    }


def page_diff_response(found: PageDiff) -> dict[str, Any]:
    """Return the comparison of a page as JSON."""
    return {"number": found.number, "runs": [_word_diff(run) for run in found.word_diffs]}


def _word_diff(run: WordDiff) -> dict[str, Any]:
    return {"alike": run.alike, "before": [] if run.alike else run.before, "after": run.after}
