"""Documents: the list with live filters, uploads, and the search palette."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from ingestion.domain.formats.registry import READABLE_SUFFIXES
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Batch, Document
from ingestion.selectors.documents import DocumentFilter, documents, find_documents, schemas_of
from ingestion.selectors.open_reprocessings import open_reprocessing_runs
from ingestion.selectors.reprocessings import available_presets
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.page_views import page, query_string_without, render_page
from refinery.core.web.status_badges import mark_of_state

UPLOAD = {"url": "/v1/documents/ingest", "record": "/documents/{id}/"}


@page(GET=Permission.DOCUMENT_VIEW)
def document_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the documents and the upload area."""
    given = request.GET
    names = ("q", "status", "schema", "batch", "parent", "cursor")
    wanted = DocumentFilter(*(given.get(name, "") for name in names))
    schemas = schemas_of(actor)
    found = documents(actor, wanted, dict(schemas))
    batch_id, parent_id = uuid_or_none(wanted.batch), uuid_or_none(wanted.parent)
    context = {
        "section": "documents",
        "documents": found.rows,
        "filters": wanted,
        "filtered": wanted.active,
        "schemas": schemas,
        "statuses": [(status.value, mark_of_state(status.value).title) for status in DocumentStatus],
        "batch": Batch.objects.visible_to(actor).get(pk=batch_id) if batch_id else None,
        "parent": Document.objects.visible_to(actor).get(pk=parent_id) if parent_id else None,
        "upload": {**UPLOAD, "most_bytes": settings.UPLOAD_MAX_BYTES, "accept": ",".join(READABLE_SUFFIXES)},
        "query": query_string_without(request),
        "presets": available_presets(),
        "open_reprocessings": open_reprocessing_runs(actor, batch_id).count(),
        **found.links(request),
    }
    return render_page(request, "ingestion/documents.html", context, parts=("rows",), filtered_part="rows")


@page(GET=Permission.DOCUMENT_VIEW)
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find documents by name, for the palette."""
    text = request.GET.get("q", "").strip()
    found = find_documents(actor, text, dict(schemas_of(actor))) if text else []
    results = [
        {"title": line.title, "url": reverse("ingestion:document", args=[line.id]), "hint": line.schema_title}
        for line in found
    ]
    return JsonResponse({"results": results})
