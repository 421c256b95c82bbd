"""Reprocessing of documents: request, comparison, and the choice between both runs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ingestion.contracts import BulkReprocessingResult, ReprocessingOptions
from ingestion.domain.lifecycle import InvalidDocumentTransition
from ingestion.selectors.reprocessing_page import reprocessing_page
from ingestion.selectors.reprocessings import available_presets, reprocessing_comparison
from ingestion.services.reprocessings import (
    MOST_AT_ONCE,
    ReprocessingClosed,
    ReprocessingInProgress,
    TooManyReprocessings,
    apply_reprocessing,
    drop_reprocessing,
    request_many_reprocessings,
    request_reprocessing,
)
from ingestion.services.review_port import DocumentClaimed
from ingestion.views.record import LONGEST_PASSWORD
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.page_views import page, query_string_without, render_page


def chosen_options(request: HttpRequest) -> ReprocessingOptions:
    """Return the options of the selected preset; the first preset if the selection is invalid."""
    offered = available_presets()
    preset = next((one for one in offered if one.value == request.POST.get("preset")), offered[0])
    return ReprocessingOptions(preset.mode, preset.engines)


@page(POST=Permission.DOCUMENT_RERUN)
def reprocess(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Request reprocessing and redirect to its comparison."""
    try:
        password = request.POST.get("password", "")[:LONGEST_PASSWORD]
        row = request_reprocessing(
            actor=actor, document_id=document_id, options=chosen_options(request), password=password
        )
    except InvalidDocumentTransition:
        messages.error(request, _("There is nothing to compare with yet: the document has not been read."))
    except ReprocessingInProgress:
        messages.error(request, _("Reprocessing is in progress or awaits your decision."))
    except TooManyReprocessings:
        messages.error(request, _("Too many reprocessings are pending already. Apply or discard some of them first."))
    else:
        return redirect("ingestion:reprocessing", document_id, row.id)
    return redirect("ingestion:document", document_id)


@page(GET=Permission.DOCUMENT_VIEW)
def reprocessing(request: HttpRequest, actor: Actor, document_id: UUID, reprocessing_id: UUID) -> HttpResponse:
    """Show the comparison of a reprocessing run."""
    comparison = reprocessing_comparison(actor, document_id, reprocessing_id)
    wanted = request.GET.get("page", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < len("10000") else None
    context = {
        "section": "documents",
        "comparison": comparison,
        "reprocessing_page": reprocessing_page(actor, comparison, number),
        "query": query_string_without(request),
    }
    return render_page(request, "ingestion/reprocessing.html", context, parts=("reprocessing", "words"))


@page(POST=Permission.DOCUMENT_RERUN)
def apply(request: HttpRequest, actor: Actor, document_id: UUID, reprocessing_id: UUID) -> HttpResponse:
    """Apply the reprocessing run."""
    try:
        apply_reprocessing(actor=actor, document_id=document_id, reprocessing_id=reprocessing_id)
    except DocumentClaimed:
        messages.error(request, _("A reviewer has claimed the document. Try again once it is released."))
        return redirect("ingestion:reprocessing", document_id, reprocessing_id)
    except (ReprocessingClosed, InvalidDocumentTransition):
        messages.error(request, _("This reprocessing can no longer be applied: the document has changed."))
    else:
        messages.success(
            request, _("The new results are applied and being checked. Values entered by people are kept.")
        )
    return redirect("ingestion:document", document_id)


@page(POST=Permission.DOCUMENT_RERUN)
def drop(request: HttpRequest, actor: Actor, document_id: UUID, reprocessing_id: UUID) -> HttpResponse:
    """Drop the reprocessing run."""
    try:
        drop_reprocessing(actor=actor, document_id=document_id, reprocessing_id=reprocessing_id)
        messages.success(request, _("The reprocessing was discarded. The document is unchanged."))
    except ReprocessingClosed:
        messages.error(request, _("There is nothing left to discard."))
    return redirect("ingestion:document", document_id)


@page(POST=Permission.DOCUMENT_RERUN)
def reprocess_chosen(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Reprocess the selected documents of the list."""
    chosen = [found for value in request.POST.getlist("document") if (found := uuid_or_none(value))]
    if chosen:
        asked = request_many_reprocessings(
            actor=actor, document_ids=chosen[:MOST_AT_ONCE], batch_id=None, options=chosen_options(request)
        )
        _report_started(request, asked)
    else:
        messages.error(request, _("Choose the documents first."))
    return redirect("ingestion:documents")


@page(POST=Permission.DOCUMENT_RERUN)
def reprocess_batch(request: HttpRequest, actor: Actor, batch_id: UUID) -> HttpResponse:
    """Reprocess the documents of a batch."""
    _report_started(
        request,
        request_many_reprocessings(actor=actor, document_ids=(), batch_id=batch_id, options=chosen_options(request)),
    )
    return redirect("ingestion:batch", batch_id)


def _report_started(request: HttpRequest, result: BulkReprocessingResult) -> None:
    """Report how many were started, how many were refused, and how many remain for another request."""
    said = ngettext(
        "%(n)s document is being read again. Its record shows what would change.",
        "%(n)s documents are being read again. Their records show what would change.",
        len(result.started),
    ) % {"n": len(result.started)}
    parts = [said] if result.started else []
    if result.refused:
        parts.append(
            ngettext(
                "%(n)s cannot be: it has not been read yet, or a reprocessing of it is pending.",
                "%(n)s cannot be: they have not been read yet, or reprocessings of them are pending.",
                len(result.refused),
            )
            % {"n": len(result.refused)}
        )
    if result.remaining:
        parts.append(_("%(n)s remain: submit again.") % {"n": result.remaining})
    if not parts:
        parts.append(_("There is no document here that could be read again."))
    (messages.success if result.started else messages.error)(request, " ".join(parts))
