"""Batches: the list, and the page of one batch with its files and its controls."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ingestion.domain.lifecycle import InvalidDocumentTransition
from ingestion.selectors.batches import batch_summary, batches, failed_documents
from ingestion.selectors.documents import DocumentFilter, documents, schemas_of
from ingestion.selectors.open_reprocessings import open_reprocessing_runs
from ingestion.selectors.reprocessings import available_presets
from ingestion.services.batches import BATCH_TRANSITIONS, InvalidBatchTransition, control_batch, create_batch
from ingestion.services.reruns import rerun_document
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_views import page, query_string_without, render_page

LONGEST_NAME = 120


@page(GET=Permission.BATCH_VIEW, POST=Permission.BATCH_CONTROL)
def batch_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the batches; a POST creates one."""
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        if 0 < len(name) <= LONGEST_NAME:
            return redirect("ingestion:batch", create_batch(actor=actor, name=name).id)
        messages.error(request, _("A batch needs a name of at most 120 characters."))
        return redirect("ingestion:batches")
    found = batches(actor, request.GET.get("cursor", ""))
    context = {"section": "batches", "batches": found.rows, **found.links(request)}
    return render_page(request, "ingestion/batches.html", context)


@page(GET=Permission.BATCH_VIEW, POST=Permission.BATCH_CONTROL)
def batch(request: HttpRequest, actor: Actor, batch_id: UUID) -> HttpResponse:
    """Show a batch with its files; a POST controls it."""
    if request.method == "POST":
        _control(request, actor, batch_id, request.POST.get("action", ""))
        return redirect("ingestion:batch", batch_id)
    board = batch_summary(actor, batch_id)
    wanted = DocumentFilter(batch=str(batch_id), cursor=request.GET.get("cursor", ""))
    found = documents(actor, wanted, dict(schemas_of(actor)))
    context = {
        "section": "batches",
        "batch": board,
        "documents": found.rows,
        "upload_url": f"{reverse('ingestion:documents')}?batch={batch_id}",
        "query": query_string_without(request),
        "presets": available_presets(),
        "open_reprocessings": open_reprocessing_runs(actor, batch_id).count(),
        **found.links(request),
    }
    return render_page(request, "ingestion/batch.html", context, parts=("batch",))


def _control(request: HttpRequest, actor: Actor, batch_id: UUID, action: str) -> None:
    if action == "retry":
        _retry(request, actor, batch_id)
        return
    try:
        if action in BATCH_TRANSITIONS:
            control_batch(actor=actor, batch_id=batch_id, action=action)
    except InvalidBatchTransition:
        messages.error(request, _("The batch has moved on; that is not possible any more."))


def _retry(request: HttpRequest, actor: Actor, batch_id: UUID) -> None:
    again = 0
    for document_id in failed_documents(actor, batch_id):
        try:
            rerun_document(actor=actor, document_id=document_id)
            again += 1
        except InvalidDocumentTransition:
            continue
    said = ngettext("%(n)s file is being read again.", "%(n)s files are being read again.", again)
    messages.success(request, said % {"n": again})
