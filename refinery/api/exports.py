"""Exports: JSON and CSV of a document at once, Label Studio and PDF by a worker; training examples."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.api.pages import FieldResponse
from ingestion.api.stored_files import open_for_response
from ingestion.models import Artefact, Document, Field
from ingestion.selectors.page_text import page_texts
from ingestion.services.exports import FORMATS, request_export
from quality.models import TrainingExample
from refinery.api.document_status import StatusResponse, document_status
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.content_negotiation import IgnoreAcceptHeader
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from refinery.core.web.streaming import JSON_TYPE, PieceByPiece, StreamedFile, attached, streamed_json

NDJSON = "application/x-ndjson"
ENDINGS = {"application/pdf": "pdf", "application/zip": "zip", "application/json": "json"}
CHUNK_ROWS = 500
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
CSV_COLUMNS = ("document", "schema", "field", "value", "normalized", "confidence", "page", "source", "human")


class ArtefactResponse(serializers.Serializer[Any]):
    """Export that a worker produces."""

    id = serializers.UUIDField()
    format = serializers.CharField()
    status = serializers.CharField()
    detail = serializers.CharField()
    links = serializers.DictField()


class ExportedPageResponse(serializers.Serializer[Any]):
    """Text of a page in reading order."""

    number = serializers.IntegerField()
    text = serializers.CharField()


class ExportedDocumentResponse(StatusResponse):
    """Document with its status, scores, issues, fields, and the text of its pages."""

    filename = serializers.CharField()
    external_id = serializers.CharField()
    sha256 = serializers.CharField()
    schema = serializers.CharField()
    metadata = serializers.DictField()
    run = serializers.IntegerField()
    fields = FieldResponse(many=True)  # type: ignore[assignment]  # the API's name
    pages = ExportedPageResponse(many=True)  # type: ignore[assignment]  # here with their text


class ExportView(Endpoint):
    """Export of one document."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_EXPORT}
    content_negotiation_class = IgnoreAcceptHeader

    @extend_schema(
        parameters=[OpenApiParameter("format", enum=["json", "csv", *FORMATS])],
        responses={
            200: ExportedDocumentResponse,
            (200, "text/csv; charset=utf-8"): OpenApiTypes.STR,
            202: ArtefactResponse,
        },
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponseBase:
        """Return JSON and CSV at once; `label-studio` and `pdf` return 202 and a link."""
        form = request.query_params.get("format", "json")
        document = Document.objects.get_permitted(self.actor, Permission.DOCUMENT_EXPORT, pk=document_id)
        if form in FORMATS:
            artefact = request_export(actor=self.actor, document_id=document_id, form=form)
            return Response(artefact_response(artefact), status=202)
        if form not in {"json", "csv"}:
            raise Problem(400, "bad-format", "Unknown format", f"`format` is one of json, csv, {', '.join(FORMATS)}.")
        record_event(self.actor.audit, "document.exported", "document", document.id, format=form)
        rows = list(
            Field.objects.visible_to(self.actor).filter(document=document, run=document.run).order_by("position")
        )
        return json_export(self.actor, document, rows) if form == "json" else csv_export(document, rows)


class ArtefactView(Endpoint):
    """Export that a worker produces."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_EXPORT}

    @extend_schema(responses=ArtefactResponse)
    def get(self, request: Request, artefact_id: UUID) -> Response:
        """Return the state of the export."""
        return Response(
            artefact_response(Artefact.objects.get_permitted(self.actor, Permission.DOCUMENT_EXPORT, pk=artefact_id))
        )


class ArtefactFileView(Endpoint):
    """File of a finished export."""

    required_permissions: ClassVar = {"GET": Permission.DOCUMENT_EXPORT}
    problems: ClassVar = {"GET": (409,)}
    content_negotiation_class = IgnoreAcceptHeader

    @extend_schema(responses={(200, *FORMATS.values()): OpenApiTypes.BINARY})
    def get(self, request: Request, artefact_id: UUID) -> FileResponse:
        """Stream the file; 409 if it is not ready yet."""
        artefact = Artefact.objects.get_permitted(self.actor, Permission.DOCUMENT_EXPORT, pk=artefact_id)
        if artefact.status != "done":
            raise Problem(409, "not-ready", "The export is not ready", artefact.detail or "Ask again in a moment.")
        record_event(self.actor.audit, "document.exported", "document", artefact.document_id, format=artefact.format)
        ending = ENDINGS.get(artefact.media_type, "bin")
        name = f"{artefact.document_id}-{artefact.format}.{ending}"
        file = open_for_response(artefact.blob_key)
        return StreamedFile(file, content_type=artefact.media_type, as_attachment=True, filename=name)


def artefact_response(artefact: Artefact) -> dict[str, Any]:
    """Return the state of an export as a dictionary."""
    base = f"/v1/artefacts/{artefact.id}"
    links = {"self": base, "document": f"/v1/documents/{artefact.document_id}"}
    if artefact.status == "done":
        links["file"] = f"{base}/file"
    return {
        "id": str(artefact.id),
        "format": artefact.format,
        "status": artefact.status,
        "detail": artefact.detail,
        "links": links,
    }


def json_export(actor: Actor, document: Document, rows: list[Field]) -> HttpResponseBase:
    """Return the document with its status, scores, issues, fields, and its pages' text in reading order."""
    body = {
        **document_status(actor, document.id),
        "filename": document.filename,
        "external_id": document.external_id,
        "sha256": document.sha256,
        "schema": document.schema_key,
        "metadata": document.metadata,
        "run": document.run,
        "fields": FieldResponse(rows, many=True).data,
    }
    pages = ({"number": page["number"], "text": page["text"]} for page in page_texts(actor, document))
    return attached(streamed_json(body, "pages", pages), JSON_TYPE, f"{document.id}.json")


def csv_export(document: Document, rows: list[Field]) -> HttpResponseBase:
    """Return one line per field; values that a spreadsheet would run as a formula are escaped."""
    lines = csv_lines(document, rows)
    return attached(lines, "text/csv; charset=utf-8", f"{document.id}.csv")


def csv_lines(document: Document, rows: Iterable[Field]) -> Iterator[str]:
    """Yield the header and a line for each field."""
    yield _line(CSV_COLUMNS)
    for row in rows:
        yield _line(
            (
                document.id,
                document.schema_key,
                row.name,
                row.value,
                row.normalized,
                round(row.shown_confidence, 4),
                row.page or "",
                row.source,
                row.human,
            )
        )


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([escape_formula(cell) for cell in cells])
    return out.getvalue()


def escape_formula(cell: object) -> object:
    """Prefix text that a spreadsheet would take for a formula with an apostrophe (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_PREFIXES) else cell


class TrainingExampleResponse(serializers.ModelSerializer[TrainingExample]):
    """Field that a reviewer confirmed or corrected."""

    document = serializers.UUIDField(source="document_id")
    schema = serializers.CharField(source="schema_key")

    class Meta:
        model = TrainingExample
        fields = (
            "id kind document schema field model_prediction expert_correction model_version reviewer_role "
            "created_at confidence pool"
        ).split()
        read_only_fields = fields


class TrainingExamplesView(Endpoint):
    """Training examples from the reviewers' corrections and confirmations."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.TRAINING_VIEW}
    content_negotiation_class = IgnoreAcceptHeader

    @extend_schema(responses={200: TrainingExampleResponse(many=True), (200, NDJSON): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponseBase:
        """Return a page of examples; all of them as NDJSON if `Accept` asks for it."""
        if NDJSON in request.headers.get("Accept", ""):
            record_event(self.actor.audit, "training.exported", "training_example")
            return PieceByPiece(training_example_lines(self.actor), content_type=NDJSON)
        pages = KeysetPagination()
        found = pages.paginate_queryset(TrainingExample.objects.visible_to(self.actor), request, self) or []
        record_event(self.actor.audit, "training.exported", "training_example", rows=len(found))
        return pages.get_paginated_response(TrainingExampleResponse(found, many=True).data)


def training_example_lines(actor: Actor) -> Iterator[str]:
    """Yield a line for each example, oldest first, with a separate transaction for each chunk.

    The request's transaction has ended when the response streams, so each chunk enters the tenant's scope again.
    """
    last: UUID | None = None
    while True:
        with tenant_scope(actor.tenant_id):
            rows = TrainingExample.objects.visible_to(actor).order_by("id")
            chunk = list(rows.filter(pk__gt=last)[:CHUNK_ROWS] if last else rows[:CHUNK_ROWS])
        if not chunk:
            return
        for row in chunk:
            yield json.dumps(TrainingExampleResponse(row).data, default=str, ensure_ascii=False) + "\n"
        last = chunk[-1].id
