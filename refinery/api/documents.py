"""REST endpoints of documents: list, detail, status, rerun, reopen, password and deletion."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.documents import DocumentResponse, SkippedFileResponse
from ingestion.domain.lifecycle import DocumentStatus, InvalidDocumentTransition
from ingestion.models import Document, SkippedContainerFile
from ingestion.services.document_password import submit_password
from ingestion.services.erasure import delete_document
from ingestion.services.reruns import rerun_document
from refinery.api.document_status import StatusResponse, document_status
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import ETAG, Endpoint, uuid_parameter
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from review.services.reopen import reopen_document


class DocumentDetailResponse(DocumentResponse):
    """Document, with the skipped files that it contains."""

    skipped_files = SkippedFileResponse(many=True)

    class Meta(DocumentResponse.Meta):
        fields = (*DocumentResponse.Meta.fields, "skipped_files")  # type: ignore[assignment]  # one more than its parent


class PasswordRequest(serializers.Serializer[Any]):
    """Password of an encrypted file."""

    password = serializers.CharField(max_length=500, trim_whitespace=False, write_only=True)


FILTERS = [
    OpenApiParameter("status", enum=[status.value for status in DocumentStatus]),
    OpenApiParameter("schema"),
    OpenApiParameter("batch", UUID),
    OpenApiParameter("parent", UUID, description="the mail, archive or PDF that they were extracted from"),
    OpenApiParameter("external_id"),
    OpenApiParameter("search", description="part of the file name or external id"),
]


class DocumentsView(Endpoint):
    """All documents that the user may see, newest first."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}

    @extend_schema(parameters=FILTERS, responses=DocumentResponse(many=True))
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
        if batch := uuid_parameter(request, "batch"):
            rows = rows.filter(batch_id=batch)
        if parent := uuid_parameter(request, "parent"):
            rows = rows.filter(parent_id=parent)
        if external_id := query.get("external_id"):
            rows = rows.filter(external_id=external_id)
        if search := query.get("search"):
            rows = rows.matching(search)
        return self.paginated(rows, DocumentResponse)


class DocumentView(Endpoint):
    """A single document."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW, "DELETE": Permission.DOCUMENT_DELETE}

    @extend_schema(parameters=[ETAG], responses=DocumentDetailResponse)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Return the document; its ETag is its version."""
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        skipped_files = SkippedContainerFile.objects.visible_to(self.actor).filter(document=document).order_by("part")
        answer = {
            **DocumentResponse(document).data,
            "skipped_files": SkippedFileResponse(skipped_files, many=True).data,
        }
        return Response(answer, headers={"ETag": f'"{document.version}"'})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Delete the document with all its runs and files."""
        delete_document(actor=self.actor, document_id=document_id)
        return Response(status=204)


class StatusView(Endpoint):
    """Status of a document."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_VIEW}

    @extend_schema(responses=StatusResponse)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Return status, scores, issues and decision."""
        return Response(document_status(self.actor, document_id))


class RerunView(Endpoint):
    """Rerun of a document."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_RERUN}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=None, responses={202: DocumentResponse})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Start the next run."""
        try:
            document = rerun_document(actor=self.actor, document_id=document_id)
        except InvalidDocumentTransition as reason:
            raise Problem(409, "in-progress", "The document is being processed", str(reason)) from reason
        return Response(DocumentResponse(document).data, status=202)


class ReopenRequest(serializers.Serializer[Any]):
    """Reason for reopening a decided document."""

    reason = serializers.CharField(max_length=300)


class ReopenView(Endpoint):
    """Reopening of a decided document."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_REOPEN}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=ReopenRequest, responses={202: DocumentResponse})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Return the document to review with a new task."""
        reason = self.validated(ReopenRequest)["reason"]
        try:
            reopen_document(actor=self.actor, document_id=document_id, reason=reason)
        except InvalidDocumentTransition as refused:
            raise Problem(409, "not-decided", "The document is not decided", str(refused)) from refused
        document = Document.objects.visible_to(self.actor).get(pk=document_id)
        return Response(DocumentResponse(document).data, status=202)


class PasswordView(Endpoint):
    """Password of an encrypted document."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_UPLOAD}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=PasswordRequest, responses={202: DocumentResponse})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Submit the password; it is never stored in clear text nor logged."""
        values = self.validated(PasswordRequest)
        try:
            document = submit_password(actor=self.actor, document_id=document_id, password=values["password"])
        except InvalidDocumentTransition as reason:
            raise Problem(409, "no-password-asked", "The document needs no password", str(reason)) from reason
        return Response(DocumentResponse(document).data, status=202)
