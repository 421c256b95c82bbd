"""POST /v1/documents/ingest: 202 only after the commit."""

import json
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
from ingestion.models import Batch, Document
from ingestion.services.intake import BatchClosed, QuotaReached, UnknownSchema, admit_upload, hash_file
from refinery.api.idempotency import body_fingerprint, once
from refinery.api.views import Endpoint
from refinery.tenancy.roles import Verb
from refinery.web.problems import Problem

METADATA_BYTES = 16 * 1024


class IngestRequest(serializers.Serializer[Any]):
    """One file and what is known of it."""

    file = serializers.FileField(required=False, allow_empty_file=True)
    source_uri = serializers.URLField(required=False, max_length=500)
    schema = serializers.CharField(required=False, allow_blank=True, max_length=40)
    external_id = serializers.CharField(required=False, allow_blank=True, max_length=120)
    metadata = serializers.CharField(required=False, allow_blank=True, help_text="A JSON object.")
    batch = serializers.UUIDField(required=False)
    priority = serializers.IntegerField(required=False, min_value=-10, max_value=10)
    supersedes = serializers.UUIDField(required=False)
    webhook_url = serializers.URLField(required=False, max_length=500)

    def validate_metadata(self, value: str) -> dict[str, Any]:
        """Parse the JSON object."""
        if not value:
            return {}
        if len(value.encode()) > METADATA_BYTES:
            message = f"at most {METADATA_BYTES // 1024} KB"
            raise serializers.ValidationError(message)
        try:
            parsed = json.loads(value)
        except ValueError as reason:
            message = "not JSON"
            raise serializers.ValidationError(message) from reason
        if not isinstance(parsed, dict) or "\\u0000" in json.dumps(parsed):
            message = "a JSON object without NUL characters"
            raise serializers.ValidationError(message)
        return parsed


class Links(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.CharField()
    status = serializers.CharField()
    review = serializers.CharField()


class IngestAnswer(serializers.Serializer[Any]):
    """What became of the upload."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    duplicate_of = serializers.UUIDField(allow_null=True)
    links = Links()


class IngestView(Endpoint):
    """Take a file in."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_UPLOAD}
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": IngestRequest}, responses={202: IngestAnswer})
    def post(self, request: Request) -> Response:
        """Store the file and start its first run."""
        values = self.valid(IngestRequest)
        file = values.get("file")
        if values.get("source_uri"):
            raise Problem(
                422, "source-uri-not-enabled", "source_uri is not enabled here", "Send the bytes as `file`.",
                errors={"source_uri": ["not enabled by the operator"]},
            )  # fmt: skip
        if not isinstance(file, UploadedFile):
            raise Problem(422, "not-valid", "Not valid", "Send a file.", errors={"file": ["needed"]})
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise refusal(TooLarge(f"a file may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MB"))
        known = {name: value for name, value in values.items() if name != "file"}
        fingerprint = body_fingerprint(known) + (
            hash_file(file)[2].encode() if request.headers.get("Idempotency-Key") else b""
        )
        return once(request, self.actor, fingerprint, lambda: self._admit(file, values))

    def _admit(self, file: "UploadedFile[bytes]", values: dict[str, Any]) -> Response:
        options = IngestOptions(
            schema=values.get("schema", ""),
            external_id=values.get("external_id", ""),
            metadata=values.get("metadata") or {},
            batch_id=values.get("batch"),
            priority=values.get("priority", 0),
            supersedes_id=values.get("supersedes"),
            webhook_url=values.get("webhook_url", ""),
        )
        try:
            admitted = admit_upload(
                actor=self.actor,
                file=file,
                filename=file.name or "",
                declared_type=file.content_type or "",
                options=options,
            )
        except ReadingError as reason:
            raise refusal(reason) from reason
        except (UnknownSchema, BatchClosed, Batch.DoesNotExist, Document.DoesNotExist, QuotaReached) as reason:
            raise _refused(reason, values) from reason
        return Response(answer(admitted), status=202)


def answer(admitted: AdmittedUpload) -> dict[str, Any]:
    """Write the answer of an upload."""
    base = f"/v1/documents/{admitted.document_id}"
    return {
        "id": str(admitted.document_id),
        "status": admitted.status,
        "duplicate_of": str(admitted.duplicate_of) if admitted.duplicate_of else None,
        "links": {"self": base, "status": f"{base}/status", "review": f"/documents/{admitted.document_id}/"},
    }


def refusal(reason: ReadingError) -> Problem:
    """Give the problem of a file that is refused at the door."""
    status = {TooLarge: 413, UnsupportedFile: 415, EmptyFile: 422}.get(type(reason), 422)
    title = {
        "empty": "The file is empty",
        "too_large": "The file is too large",
        "unsupported": "This kind of file is not read",
        "corrupt": "The file is damaged",
        "policy": "Your organisation's rules refuse this file",
    }.get(reason.code, "The file cannot be read")
    return Problem(status, reason.code, title, str(reason), errors={"file": [str(reason) or title]})


def _refused(reason: Exception, values: dict[str, Any]) -> Problem:
    match reason:
        case UnknownSchema():
            detail = f"There is no schema {values.get('schema')!r}; GET /v1/schemas lists them."
            return Problem(422, "unknown-schema", "Unknown schema", detail, errors={"schema": ["unknown"]})
        case BatchClosed():
            return Problem(409, "batch-closed", "The batch takes no more files", f"It is {reason}.")
        case Batch.DoesNotExist():
            return Problem(422, "unknown-batch", "Unknown batch", errors={"batch": ["unknown"]})
        case QuotaReached():
            return Problem(
                429, "quota", "Today's documents are used up", "Try again tomorrow, or ask for more.",
                headers={"Retry-After": "3600"},
            )  # fmt: skip
        case _:
            return Problem(422, "unknown-document", "Unknown document", errors={"supersedes": ["unknown"]})
