"""POST /v1/extract: a small file in, its pages and fields out, in one request where that is quick enough.

The file becomes an ordinary document, ahead of others; the request waits for it as long as there is hope and a
seat, and is answered with a link otherwise. What is read is kept, so that nothing is lost by not waiting.
"""

import time
from typing import Any, ClassVar, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.ingest import Given, IngestAnswer, IngestView, Links, refusal
from ingestion.api.pages import FieldAnswer, PageAnswer, page_answer
from ingestion.domain.errors import TooLarge
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, Field, Page
from ingestion.services.upload import look_at
from refinery.api.document_status import StatusAnswer, status_of
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Verb
from refinery.core.web.idempotency import body_fingerprint
from refinery.core.web.live_events import document_group
from refinery.core.web.long_polling import Seats, preferred_wait, wait_for
from refinery.core.web.problems import Problem

MOST_BYTES: Final = 5 * 2**20
MOST_SECONDS: Final = 10
AHEAD: Final = 10  # the highest priority that an uploader can give
SEATS: Final = Seats(most=24, of_one=8)
S = DocumentStatus
UNDER_WAY: Final = frozenset({S.RECEIVED, S.READING, S.ASSESSING})
UNREADABLE: Final = frozenset({S.FAILED, S.QUARANTINED})


class ExtractRequest(serializers.Serializer[Any]):
    """One small file, and what it is."""

    file = serializers.FileField(allow_empty_file=True)
    schema = serializers.CharField(required=False, allow_blank=True, max_length=40)


class ExtractAnswer(StatusAnswer):
    """A document's status with all that was read."""

    schema = serializers.CharField()
    pages = PageAnswer(many=True)
    pages_failed = serializers.IntegerField()
    fields = FieldAnswer(many=True)  # type: ignore[assignment]  # the API's name
    links = Links()


class ExtractView(IngestView):
    """Read a file while the caller waits."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_UPLOAD}

    @extend_schema(
        request={"multipart/form-data": ExtractRequest},
        parameters=[
            OpenApiParameter("Prefer", location="header", description="wait=N (0 to 10 seconds), respond-async")
        ],
        responses={200: ExtractAnswer, 202: IngestAnswer},
    )
    def post(self, request: Request) -> Response:
        """Take the file and wait for what is in it: 10 seconds, or as `Prefer: wait=N` says."""
        self.actor.require(Verb.DOCUMENT_VIEW)
        seconds, applied = preferred_wait(request.headers.get("Prefer", ""), MOST_SECONDS)
        until = time.monotonic() + seconds
        accepted = self._accept(request)
        links = accepted.data["links"]
        found = self._await(UUID(accepted.data["id"]), until, links) if seconds else None
        answer = accepted if found is None else Response(found)
        if found is None:
            answer["Location"], answer["Retry-After"] = links["status"], "1"
        if applied:
            answer["Preference-Applied"] = applied
        return answer

    def _accept(self, request: Request) -> Response:
        """Take the file in as any other, ahead of others."""
        values = self.valid(ExtractRequest)
        file = values["file"]
        if (file.size or 0) > MOST_BYTES:
            raise refusal(TooLarge(f"at most {MOST_BYTES // 2**20} MB here; larger ones by /v1/documents/ingest"))
        given = Given(file, look_at(file), file.name or "", file.content_type or "")
        known = {"schema": values.get("schema", ""), "priority": AHEAD}
        fingerprint = body_fingerprint(known) + given.facts.sha256.encode()
        return self._take(request, fingerprint, known, lambda _: given)

    def _await(self, document_id: UUID, until: float, links: dict[str, str]) -> dict[str, Any] | None:
        """Give what was read; None when it takes longer, needs a person first, or there is no seat to wait on."""
        with SEATS.seat(self.actor.tenant_id) as seated:
            patience = until if seated else 0.0
            group = document_group(document_id)
            status = wait_for(lambda: self._settled(document_id), group, "document.status", patience)
        if status is None or status is S.NEEDS_PASSWORD:
            return None
        with tenant_scope(self.actor.tenant_id):
            found = self._found(document_id)
        if status in UNREADABLE:
            raise unreadable(found, links)
        return found | {"links": links}

    def _settled(self, document_id: UUID) -> DocumentStatus | None:
        with tenant_scope(self.actor.tenant_id):
            rows = Document.objects.visible_to(self.actor).values_list("status", flat=True)
            status = S(rows.get(pk=document_id))
        return None if status in UNDER_WAY else status

    def _found(self, document_id: UUID) -> dict[str, Any]:
        document = Document.objects.visible_to(self.actor).only("id", "run", "schema_key").get(pk=document_id)
        current = {"document": document, "run": document.run}
        pages = Page.objects.visible_to(self.actor).filter(**current).order_by("number")
        fields = Field.objects.visible_to(self.actor).filter(**current).order_by("position")
        return status_of(self.actor, document_id) | {
            "schema": document.schema_key,
            "pages": [page_answer(page) for page in pages],
            "fields": FieldAnswer(fields, many=True).data,
        }


def unreadable(found: dict[str, Any], links: dict[str, str]) -> Problem:
    """Give the problem of a file that was taken in and could not be read."""
    error = found.get("error", {})
    code = str(error.get("code") or "unreadable")
    return Problem(
        422, code, "The file could not be read", str(error.get("detail") or ""), id=found["id"], links=links
    )
