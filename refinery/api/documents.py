"""Documents: the list, one of them, where it stands, a re-run, its end."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.documents import DocumentAnswer, LeftOutAnswer
from ingestion.domain.lifecycle import DocumentStatus, InvalidMove
from ingestion.models import Document, LeftOutFile
from ingestion.services.document_password import give_password
from ingestion.services.erasure import delete_document
from ingestion.services.reruns import rerun_document
from refinery.api.document_status import StatusAnswer, status_of
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint, one_uuid
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from review.services.reopen import reopen_document


class WholeDocumentAnswer(DocumentAnswer):
    """A document with the files in it that became no documents."""

    left_out = LeftOutAnswer(many=True)

    class Meta(DocumentAnswer.Meta):
        fields = (*DocumentAnswer.Meta.fields, "left_out")  # type: ignore[assignment]  # one more than its parent


class PasswordRequest(serializers.Serializer[Any]):
    """The password of an encrypted file."""

    password = serializers.CharField(max_length=500, trim_whitespace=False, write_only=True)


FILTERS = [
    OpenApiParameter("status", enum=[status.value for status in DocumentStatus]),
    OpenApiParameter("schema"),
    OpenApiParameter("batch"),
    OpenApiParameter("parent", description="the mail, archive or PDF that they came out of"),
    OpenApiParameter("external_id"),
    OpenApiParameter("search", description="part of the file name or external id"),
]


class DocumentsView(Endpoint):
    """All documents that the caller may see, newest first."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}

    @extend_schema(parameters=FILTERS, responses=DocumentAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List documents."""
        rows = Document.objects.visible_to(self.actor).defer("error_detail")
        query = request.query_params
        if status := query.get("status"):
            if status not in DocumentStatus.__members__:
                raise Problem(400, "bad-query", "Bad query", f"There is no status {status!r}.")
            rows = rows.in_status(DocumentStatus(status))
        if schema := query.get("schema"):
            rows = rows.filter(schema_key=schema)
        if batch := one_uuid(request, "batch"):
            rows = rows.filter(batch_id=batch)
        if parent := one_uuid(request, "parent"):
            rows = rows.filter(parent_id=parent)
        if external_id := query.get("external_id"):
            rows = rows.filter(external_id=external_id)
        if search := query.get("search"):
            rows = rows.matching(search)
        pages = KeysetPagination()
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(DocumentAnswer(found, many=True).data)


class DocumentView(Endpoint):
    """One document."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW, "DELETE": Verb.DOCUMENT_DELETE}

    @extend_schema(responses=WholeDocumentAnswer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Give the document; its ETag is its version."""
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        left_out = LeftOutFile.objects.visible_to(self.actor).filter(document=document).order_by("part")
        answer = {**DocumentAnswer(document).data, "left_out": LeftOutAnswer(left_out, many=True).data}
        return Response(answer, headers={"ETag": f'"{document.version}"'})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Erase the document with all its runs and files."""
        delete_document(actor=self.actor, document_id=document_id)
        return Response(status=204)


class StatusView(Endpoint):
    """Where a document stands."""

    verbs: ClassVar = {"GET": Verb.DOCUMENT_VIEW}

    @extend_schema(responses=StatusAnswer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Give status, scores, issues and decision."""
        return Response(status_of(self.actor, document_id))


class RerunView(Endpoint):
    """Read a document again."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_RERUN}

    @extend_schema(request=None, responses={202: DocumentAnswer})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Start the next run."""
        try:
            document = rerun_document(actor=self.actor, document_id=document_id)
        except InvalidMove as reason:
            raise Problem(409, "under-way", "The document is under way", str(reason)) from reason
        return Response(DocumentAnswer(document).data, status=202)


class ReopenRequest(serializers.Serializer[Any]):
    """Why a decided document is opened again."""

    reason = serializers.CharField(max_length=300)


class ReopenView(Endpoint):
    """Open a decided document again."""

    verbs: ClassVar = {"POST": Verb.REVIEW_REOPEN}

    @extend_schema(request=ReopenRequest, responses={202: DocumentAnswer})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Put it back into review with a task of its own."""
        reason = self.valid(ReopenRequest)["reason"]
        try:
            reopen_document(actor=self.actor, document_id=document_id, reason=reason)
        except InvalidMove as refused:
            raise Problem(409, "not-decided", "The document is not decided", str(refused)) from refused
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        return Response(DocumentAnswer(document).data, status=202)


class PasswordView(Endpoint):
    """The password of an encrypted document."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_UPLOAD}

    @extend_schema(request=PasswordRequest, responses={202: DocumentAnswer})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Hand in the password; it is never stored in clear nor logged."""
        values = self.valid(PasswordRequest)
        try:
            document = give_password(actor=self.actor, document_id=document_id, password=values["password"])
        except InvalidMove as reason:
            raise Problem(409, "no-password-asked", "No password is asked for", str(reason)) from reason
        return Response(DocumentAnswer(document).data, status=202)
