"""Batches: the list, one of them with its files, and how it is steered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ingestion.domain.lifecycle import InvalidMove
from ingestion.selectors.batches import batch_board, batches, failed_documents
from ingestion.services.batches import MOVES, BatchCannot, create_batch, steer_batch
from ingestion.services.reruns import rerun_document
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.page_views import kept_query, page, show
from review.selectors.bulk_reprocessings import open_rows
from review.selectors.documents import DocumentFilter, documents, schemas_of
from review.selectors.reprocessings import ways

LONGEST_NAME = 120


@page(GET=Verb.BATCH_VIEW, POST=Verb.BATCH_CONTROL)
def batch_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show batches; a POST opens one."""
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        if 0 < len(name) <= LONGEST_NAME:
            return redirect("review:batch", create_batch(actor=actor, name=name).id)
        messages.error(request, _("A batch needs a name of at most 120 characters."))
        return redirect("review:batches")
    found = batches(actor, request.GET.get("cursor", ""))
    context = {"section": "batches", "batches": found.rows, **found.links(request)}
    return show(request, "ingestion/batches.html", context)


@page(GET=Verb.BATCH_VIEW, POST=Verb.BATCH_CONTROL)
def batch(request: HttpRequest, actor: Actor, batch_id: UUID) -> HttpResponse:
    """Show a batch with its files; a POST steers it."""
    if request.method == "POST":
        _steer(request, actor, batch_id, request.POST.get("verb", ""))
        return redirect("review:batch", batch_id)
    board = batch_board(actor, batch_id)
    wanted = DocumentFilter(batch=str(batch_id), cursor=request.GET.get("cursor", ""))
    found = documents(actor, wanted, dict(schemas_of(actor)))
    context = {
        "section": "batches",
        "batch": board,
        "documents": found.rows,
        "upload_url": f"{reverse('review:documents')}?batch={batch_id}",
        "query": kept_query(request),
        "ways": ways(),
        "open_rereadings": open_rows(actor, batch_id).count(),
        **found.links(request),
    }
    return show(request, "ingestion/batch.html", context, parts=("batch",))


def _steer(request: HttpRequest, actor: Actor, batch_id: UUID, verb: str) -> None:
    if verb == "retry":
        _retry(request, actor, batch_id)
        return
    try:
        if verb in MOVES:
            steer_batch(actor=actor, batch_id=batch_id, verb=verb)
    except BatchCannot:
        messages.error(request, _("The batch has moved on; that is not possible any more."))


def _retry(request: HttpRequest, actor: Actor, batch_id: UUID) -> None:
    again = 0
    for document_id in failed_documents(actor, batch_id):
        try:
            rerun_document(actor=actor, document_id=document_id)
            again += 1
        except InvalidMove:
            continue
    said = ngettext("%(n)s file is being read again.", "%(n)s files are being read again.", again)
    messages.success(request, said % {"n": again})
