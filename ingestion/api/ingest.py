"""POST /v1/documents/ingest: responds with 202 only after the commit."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.contracts import AdmittedUpload, IngestOptions
from ingestion.domain.errors import EmptyFile, ReadingError, TooLarge, UnsupportedFile
from ingestion.domain.formats.intake import AdmittedFile, IntakeLimits
from ingestion.models import Batch, Document
from ingestion.services.upload import (
    BatchClosed,
    DailyQuotaReached,
    IncomingFile,
    UnknownSchema,
    admit_upload,
    check_upload,
    store_and_admit,
)
from refinery.core.database.scope import release_connection, tenant_scope
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, find_stored_response, run_once
from refinery.core.web.json_bodies import InvalidJson, parse_json
from refinery.core.web.outbound_fetch import FetchFailed, fetch_source_file
from refinery.core.web.outbound_http import AddressNotAllowed, vet_without_lookup
from refinery.core.web.problems import Problem

METADATA_BYTES = 16 * 1024
NOT_FOUND_DETAIL = "There is nothing with this id that you may see."


class IngestRequest(serializers.Serializer[Any]):
    """Upload of one file with its options."""

    file = serializers.FileField(required=False, allow_empty_file=True)
    source_uri = serializers.URLField(required=False, max_length=500)
    schema = serializers.CharField(required=False, allow_blank=True, max_length=40)
    external_id = serializers.CharField(required=False, allow_blank=True, max_length=120)
    metadata = serializers.CharField(required=False, allow_blank=True, help_text="A JSON object.")
    batch = serializers.UUIDField(required=False)
    priority = serializers.IntegerField(required=False, min_value=-10, max_value=10)
    supersedes = serializers.UUIDField(required=False)
    webhook_url = serializers.URLField(required=False, max_length=500)

    def validate_webhook_url(self, value: str) -> str:
        """Reject addresses to which no webhook would be sent, while the caller can still correct them."""
        try:
            vet_without_lookup(value, loopback=settings.WEBHOOK_LOOPBACK)
        except AddressNotAllowed as reason:
            raise serializers.ValidationError(str(reason)) from reason
        return value

    def validate_metadata(self, value: str) -> dict[str, Any]:
        """Parse the JSON object."""
        if not value:
            return {}
        if len(value.encode()) > METADATA_BYTES:
            message = f"at most {METADATA_BYTES // 1024} KB"
            raise serializers.ValidationError(message)
        try:
            parsed = parse_json(value)
        except InvalidJson as reason:
            message = "not JSON"
            raise serializers.ValidationError(message) from reason
        if not isinstance(parsed, dict) or not is_storable_text(parsed):
            message = "a JSON object whose texts contain no NUL characters or lone surrogates"
            raise serializers.ValidationError(message)
        return parsed


def is_storable_text(parsed: dict[str, Any]) -> bool:
    """Return whether the JSON can be stored as text: no NUL characters and no unpaired surrogates."""
    written = json.dumps(parsed, ensure_ascii=False)
    return "\\u0000" not in written and not any("\ud800" <= character <= "\udfff" for character in written)


class IngestLinks(serializers.Serializer[Any]):
    """Related URLs; `batch` is the batch that receives an archive's files."""

    self = serializers.CharField()
    status = serializers.CharField()
    review = serializers.CharField()
    batch = serializers.CharField(required=False)


class IngestResponse(serializers.Serializer[Any]):
    """Result of the upload."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    duplicate_of = serializers.UUIDField(allow_null=True)
    links = IngestLinks()


class IngestView(Endpoint):
    """Upload of a file."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_UPLOAD}
    problems: ClassVar = {"POST": (409,)}
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": IngestRequest}, responses={202: IngestResponse}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Store the file and start its first run."""
        values = self.validated(IngestRequest)
        file, uri = values.get("file"), values.get("source_uri")
        if isinstance(file, UploadedFile) == bool(uri):
            detail = "Send either a file or an address to fetch it from."
            raise Problem(
                422, "not-valid", "Not valid", detail, errors={"file": ["required, unless source_uri is given"]}
            )
        known = body_fingerprint({name: value for name, value in values.items() if name != "file"})
        if not isinstance(file, UploadedFile):
            return self._ingest(request, known, values, partial(fetch_source_uri, str(uri)))
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise rejected_file_problem(TooLarge(f"a file may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MB"))
        incoming = IncomingFile.read(file, file.name, file.content_type)
        return self._ingest(request, known + incoming.facts.sha256.encode(), values, lambda _: incoming)

    def _ingest(
        self,
        request: Request,
        fingerprint: bytes,
        values: dict[str, Any],
        open_file: Callable[[IntakeLimits], IncomingFile],
    ) -> Response:
        """Transfer the bytes between two transactions: the checks before, document, audit and start of the
        run after.
        """
        options = ingest_options_of(values)
        with ingest_errors_as_problems(values):
            with tenant_scope(self.actor.tenant_id):
                earlier = find_stored_response(request, self.actor, fingerprint)
                if earlier is not None:
                    return earlier
                limits = check_upload(actor=self.actor, options=options)
            release_connection()  # fetching and storing may be slow
            incoming = open_file(limits)

            def admit(admitted: AdmittedFile) -> Response:
                with tenant_scope(self.actor.tenant_id):
                    return run_once(request, self.actor, fingerprint, lambda: self._admit(admitted, options))

            with closing(incoming.file):
                return store_and_admit(actor=self.actor, incoming=incoming, limits=limits, admit=admit)

    def _admit(self, admitted: AdmittedFile, options: IngestOptions) -> Response:
        return Response(ingest_response(admit_upload(actor=self.actor, admitted=admitted, options=options)), status=202)


def fetch_source_uri(uri: str, limits: IntakeLimits) -> IncomingFile:
    """Fetch the file at `source_uri`; raises Problem 422."""
    if not settings.SOURCE_URI_ENABLED:
        raise Problem(
            422,
            "source-uri-not-enabled",
            "source_uri is not enabled here",
            "Send the bytes as `file`.",
            errors={"source_uri": ["not enabled by the operator"]},
        )
    try:
        found = fetch_source_file(uri, max_bytes=min(limits.max_bytes, settings.UPLOAD_MAX_BYTES))
    except FetchFailed as reason:
        detail = f"Nothing was fetched: {reason}."
        raise Problem(
            422, "not-fetched", "The address did not return a file", detail, errors={"source_uri": [str(reason)]}
        ) from reason
    return IncomingFile.read(found.file, found.filename, found.declared_type)


def ingest_options_of(values: dict[str, Any]) -> IngestOptions:
    """Return the options of the upload."""
    return IngestOptions(
        schema=values.get("schema", ""),
        external_id=values.get("external_id", ""),
        metadata=values.get("metadata") or {},
        batch_id=values.get("batch"),
        priority=values.get("priority", 0),
        supersedes_id=values.get("supersedes"),
        webhook_url=values.get("webhook_url", ""),
    )


def ingest_response(admitted: AdmittedUpload) -> dict[str, Any]:
    """Return the response of an upload."""
    base = f"/v1/documents/{admitted.document_id}"
    links = {"self": base, "status": f"{base}/status", "review": f"/documents/{admitted.document_id}/"}
    if admitted.batch_id:
        links["batch"] = f"/v1/batches/{admitted.batch_id}"
    return {
        "id": str(admitted.document_id),
        "status": admitted.status,
        "duplicate_of": str(admitted.duplicate_of) if admitted.duplicate_of else None,
        "links": links,
    }


def rejected_file_problem(reason: ReadingError) -> Problem:
    """Return the problem for a file that is rejected at upload."""
    status = {TooLarge: 413, UnsupportedFile: 415, EmptyFile: 422}.get(type(reason), 422)
    title = {
        "empty": "The file is empty",
        "too_large": "The file is too large",
        "unsupported": "This kind of file is not supported",
        "corrupt": "The file is damaged",
        "policy": "Your organisation's rules do not allow this file",
    }.get(reason.code, "The file cannot be read")
    return Problem(status, reason.code, title, str(reason), errors={"file": [str(reason) or title]})


@contextmanager
def ingest_errors_as_problems(values: dict[str, Any]) -> Iterator[None]:
    """Convert exceptions of the upload services into problems."""
    try:
        yield
    except ReadingError as reason:
        raise rejected_file_problem(reason) from reason
    except (UnknownSchema, BatchClosed, Batch.DoesNotExist, Document.DoesNotExist, DailyQuotaReached) as reason:
        raise _ingest_problem(reason, values) from reason


def _ingest_problem(reason: Exception, values: dict[str, Any]) -> Problem:
    match reason:
        case UnknownSchema():
            detail = f"There is no schema {values.get('schema')!r}; GET /v1/schemas lists them."
            return Problem(422, "unknown-schema", "Unknown schema", detail, errors={"schema": ["unknown"]})
        case BatchClosed():
            return Problem(409, "batch-closed", "The batch takes no more files", f"It is {reason}.")
        case Batch.DoesNotExist():
            return Problem(422, "unknown-batch", "Unknown batch", NOT_FOUND_DETAIL, errors={"batch": ["unknown"]})
        case DailyQuotaReached():
            return Problem(
                429,
                "quota",
                "The daily limit of documents is reached",
                "Try again tomorrow, or ask for a higher limit.",
                headers={"Retry-After": "3600"},
            )
        case _:
            return Problem(
                422, "unknown-document", "Unknown document", NOT_FOUND_DETAIL, errors={"supersedes": ["unknown"]}
            )
