"""POST /v1/documents/ingest: 202 only after the commit."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.contracts import AdmittedUpload, FileFacts, IngestOptions
from ingestion.domain.errors import EmptyFile, ReadingError, TooLarge, UnsupportedFile
from ingestion.domain.formats.intake import AdmittedFile, IntakeLimits
from ingestion.models import Batch, Document
from ingestion.services.upload import (
    BatchClosed,
    QuotaReached,
    UnknownSchema,
    admit_upload,
    check_upload,
    look_at,
    store_upload,
)
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import answered_before, body_fingerprint, once
from refinery.core.web.outbound_fetch import NotFetched, fetch
from refinery.core.web.outbound_http import RefusedAddress, vet_form
from refinery.core.web.problems import Problem

METADATA_BYTES = 16 * 1024
NO_SUCH = "There is none of this id that you may see."


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

    def validate_webhook_url(self, value: str) -> str:
        """Refuse what would never be called, while someone is there to hear it."""
        try:
            vet_form(value, loopback=settings.WEBHOOK_LOOPBACK)
        except RefusedAddress as reason:
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
            parsed = json.loads(value)
        except ValueError as reason:
            message = "not JSON"
            raise serializers.ValidationError(message) from reason
        if not isinstance(parsed, dict) or not is_text(parsed):
            message = "a JSON object, its texts without NUL characters and halves of characters"
            raise serializers.ValidationError(message)
        return parsed


def is_text(parsed: dict[str, Any]) -> bool:
    """Tell whether all that it says can be kept as text: no NUL, and no surrogate without its other half."""
    written = json.dumps(parsed, ensure_ascii=False)
    return "\\u0000" not in written and not any("\ud800" <= character <= "\udfff" for character in written)


class Links(serializers.Serializer[Any]):
    """Where to go on; `batch` is where an archive's files will be."""

    self = serializers.CharField()
    status = serializers.CharField()
    review = serializers.CharField()
    batch = serializers.CharField(required=False)


class IngestAnswer(serializers.Serializer[Any]):
    """What became of the upload."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    duplicate_of = serializers.UUIDField(allow_null=True)
    links = Links()


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was sent or fetched; name and type are hints."""

    file: "File[Any]"
    facts: FileFacts
    filename: str
    declared_type: str


class IngestView(Endpoint):
    """Take a file in."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_UPLOAD}
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": IngestRequest}, responses={202: IngestAnswer})
    def post(self, request: Request) -> Response:
        """Store the file and start its first run."""
        values = self.valid(IngestRequest)
        file, uri = values.get("file"), values.get("source_uri")
        if isinstance(file, UploadedFile) == bool(uri):
            detail = "Send a file, or an address to fetch it from, and not both."
            raise Problem(422, "not-valid", "Not valid", detail, errors={"file": ["needed, or source_uri"]})
        known = body_fingerprint({name: value for name, value in values.items() if name != "file"})
        if not isinstance(file, UploadedFile):
            return self._take(request, known, values, partial(fetch_for, str(uri)))
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise refusal(TooLarge(f"a file may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MB"))
        given = Given(file, look_at(file), file.name or "", file.content_type or "")
        return self._take(request, known + given.facts.sha256.encode(), values, lambda _: given)

    def _take(
        self, request: Request, fingerprint: bytes, values: dict[str, Any], give: Callable[[IntakeLimits], Given]
    ) -> Response:
        """Move the bytes between two transactions: the checks, then document, audit and start."""
        options = options_of(values)
        with refusals(values):
            with tenant_scope(self.actor.tenant_id):
                earlier = answered_before(request, self.actor, fingerprint)
                if earlier is not None:
                    return earlier
                limits = check_upload(actor=self.actor, options=options)
            given = give(limits)
            with closing(given.file):
                admitted = store_upload(
                    actor=self.actor,
                    file=given.file,
                    facts=given.facts,
                    filename=given.filename,
                    declared_type=given.declared_type,
                    limits=limits,
                )
            with tenant_scope(self.actor.tenant_id):
                return once(request, self.actor, fingerprint, lambda: self._admit(admitted, options))

    def _admit(self, admitted: AdmittedFile, options: IngestOptions) -> Response:
        return Response(answer(admit_upload(actor=self.actor, admitted=admitted, options=options)), status=202)


def fetch_for(uri: str, limits: IntakeLimits) -> Given:
    """Fetch what `source_uri` names."""
    if not settings.SOURCE_URI_ENABLED:
        raise Problem(
            422, "source-uri-not-enabled", "source_uri is not enabled here", "Send the bytes as `file`.",
            errors={"source_uri": ["not enabled by the operator"]},
        )  # fmt: skip
    try:
        found = fetch(uri, most_bytes=min(limits.max_bytes, settings.UPLOAD_MAX_BYTES))
    except NotFetched as reason:
        detail = f"Nothing was fetched: {reason}."
        raise Problem(
            422, "not-fetched", "The address gave no file", detail, errors={"source_uri": [str(reason)]}
        ) from reason
    return Given(found.file, look_at(found.file), found.filename, found.declared_type)


def options_of(values: dict[str, Any]) -> IngestOptions:
    """Give what the uploader said of the file."""
    return IngestOptions(
        schema=values.get("schema", ""),
        external_id=values.get("external_id", ""),
        metadata=values.get("metadata") or {},
        batch_id=values.get("batch"),
        priority=values.get("priority", 0),
        supersedes_id=values.get("supersedes"),
        webhook_url=values.get("webhook_url", ""),
    )


def answer(admitted: AdmittedUpload) -> dict[str, Any]:
    """Write the answer of an upload."""
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


@contextmanager
def refusals(values: dict[str, Any]) -> Iterator[None]:
    """Turn what ingestion's services raise into problems."""
    try:
        yield
    except ReadingError as reason:
        raise refusal(reason) from reason
    except (UnknownSchema, BatchClosed, Batch.DoesNotExist, Document.DoesNotExist, QuotaReached) as reason:
        raise _refused(reason, values) from reason


def _refused(reason: Exception, values: dict[str, Any]) -> Problem:
    match reason:
        case UnknownSchema():
            detail = f"There is no schema {values.get('schema')!r}; GET /v1/schemas lists them."
            return Problem(422, "unknown-schema", "Unknown schema", detail, errors={"schema": ["unknown"]})
        case BatchClosed():
            return Problem(409, "batch-closed", "The batch takes no more files", f"It is {reason}.")
        case Batch.DoesNotExist():
            return Problem(422, "unknown-batch", "Unknown batch", NO_SUCH, errors={"batch": ["unknown"]})
        case QuotaReached():
            return Problem(
                429, "quota", "Today's documents are used up", "Try again tomorrow, or ask for more.",
                headers={"Retry-After": "3600"},
            )  # fmt: skip
        case _:
            return Problem(
                422, "unknown-document", "Unknown document", NO_SUCH, errors={"supersedes": ["unknown"]}
            )
