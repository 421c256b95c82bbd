"""POST /v1/extract: upload a small file and get its pages and fields in one request, if that is quick enough.

The file becomes an ordinary document with high priority; the request waits for the result while time and a slot
are left, and gets a link otherwise. The document is stored, so a timeout loses nothing.
"""

import time
from typing import Any, ClassVar, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.ingest import IngestLinks, IngestResponse, IngestView, rejected_file_problem
from ingestion.api.pages import FieldResponse, PageResponse, page_response
from ingestion.domain.errors import TooLarge
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, Field, Page
from ingestion.services.upload import IncomingFile
from refinery.api.document_status import StatusResponse, document_status
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Permission
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint
from refinery.core.web.live_events import document_group
from refinery.core.web.long_polling import WaitSlots, preferred_wait, wait_for
from refinery.core.web.problems import Problem

MAX_EXTRACT_BYTES: Final = 5 * 2**20
MAX_WAIT_SECONDS: Final = 10
EXTRACT_PRIORITY: Final = 10  # the highest priority that an uploader can set
WAITING_SLOTS: Final = WaitSlots(total=24, per_tenant=8)
S = DocumentStatus
UNSETTLED_STATUSES: Final = frozenset({S.RECEIVED, S.READING, S.ASSESSING})
FAILED_STATUSES: Final = frozenset({S.FAILED, S.QUARANTINED})


class ExtractRequest(serializers.Serializer[Any]):
    """Small file, and its schema."""

    file = serializers.FileField(allow_empty_file=True)
    schema = serializers.CharField(required=False, allow_blank=True, max_length=40)


class ExtractResponse(StatusResponse):
    """Status of a document with all extracted content."""

    schema = serializers.CharField()
    pages = PageResponse(many=True)  # type: ignore[assignment]  # here with their content
    fields = FieldResponse(many=True)  # type: ignore[assignment]  # the API's name
    links = IngestLinks()


class ExtractView(IngestView):
    """Extraction of a file while the client waits."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_UPLOAD}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(
        request={"multipart/form-data": ExtractRequest},
        parameters=[
            IDEMPOTENCY_KEY,
            OpenApiParameter("Prefer", location="header", description="wait=N (0 to 10 seconds), respond-async"),
        ],
        responses={200: ExtractResponse, 202: IngestResponse},
    )
    def post(self, request: Request) -> Response:
        """Take the file and wait for the result: 10 seconds, or as set by `Prefer: wait=N`."""
        self.actor.require(Permission.DOCUMENT_VIEW)
        seconds, applied = preferred_wait(request.headers.get("Prefer", ""), MAX_WAIT_SECONDS)
        deadline = time.monotonic() + seconds
        accepted = self._ingest_upload(request)
        links = accepted.data["links"]
        found = self._wait_for_result(UUID(accepted.data["id"]), deadline, links) if seconds else None
        answer = accepted if found is None else Response(found)
        if found is None:
            answer["Location"], answer["Retry-After"] = links["status"], "1"
        if applied:
            answer["Preference-Applied"] = applied
        return answer

    def _ingest_upload(self, request: Request) -> Response:
        """Ingest the file as an ordinary upload, with high priority."""
        values = self.validated(ExtractRequest)
        file = values["file"]
        if (file.size or 0) > MAX_EXTRACT_BYTES:
            raise rejected_file_problem(
                TooLarge(f"at most {MAX_EXTRACT_BYTES // 2**20} MB here; larger ones by /v1/documents/ingest")
            )
        given = IncomingFile.read(file, file.name, file.content_type)
        known = {"schema": values.get("schema", ""), "priority": EXTRACT_PRIORITY}
        fingerprint = body_fingerprint(known) + given.facts.sha256.encode()
        return self._ingest(request, fingerprint, known, lambda _: given)

    def _wait_for_result(self, document_id: UUID, deadline: float, links: dict[str, str]) -> dict[str, Any] | None:
        """Return the result; None if it takes longer, needs a person first, or there is no free slot to wait in."""
        with WAITING_SLOTS.slot(self.actor.tenant_id) as has_slot:
            wait_until = deadline if has_slot else 0.0
            group = document_group(document_id)
            status = wait_for(lambda: self._settled(document_id), group, "document.status", wait_until)
        if status is None or status is S.NEEDS_PASSWORD:
            return None
        with tenant_scope(self.actor.tenant_id):
            found = self._found(document_id)
        if status in FAILED_STATUSES:
            raise unreadable_file_problem(found, links)
        return found | {"links": links}

    def _settled(self, document_id: UUID) -> DocumentStatus | None:
        with tenant_scope(self.actor.tenant_id):
            rows = Document.objects.visible_to(self.actor).values_list("status", flat=True)
            status = S(rows.get(pk=document_id))
        return None if status in UNSETTLED_STATUSES else status

    def _found(self, document_id: UUID) -> dict[str, Any]:
        document = Document.objects.visible_to(self.actor).only("id", "run", "schema_key").get(pk=document_id)
        current = {"document": document, "run": document.run}
        pages = Page.objects.visible_to(self.actor).filter(**current).order_by("number")
        fields = Field.objects.visible_to(self.actor).filter(**current).order_by("position")
        return document_status(self.actor, document_id) | {
            "schema": document.schema_key,
            "pages": [page_response(page) for page in pages],
            "fields": FieldResponse(fields, many=True).data,
        }


def unreadable_file_problem(found: dict[str, Any], links: dict[str, str]) -> Problem:
    """Return the problem for a file that was ingested but could not be read."""
    error = found.get("error", {})
    code = str(error.get("code") or "unreadable")
    return Problem(422, code, "The file could not be read", str(error.get("detail") or ""), id=found["id"], links=links)
