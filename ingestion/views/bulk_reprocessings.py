"""Open reprocessing runs of many documents on one page, with bulk application and discard."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ingestion.contracts import BulkChoiceResult
from ingestion.selectors.open_reprocessings import open_reprocessings
from ingestion.services.reprocessing_choices import (
    apply_improvements,
    apply_many_reprocessings,
    drop_all_reprocessings,
    drop_many_reprocessings,
)
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.page_views import page, query_string_without, render_page


@page(GET=Permission.DOCUMENT_VIEW)
def reprocessings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the open reprocessing runs, optionally of one batch."""
    batch_id = uuid_or_none(request.GET.get("batch", ""))
    context = {
        "section": "batches" if batch_id else "documents",
        "found": open_reprocessings(actor, batch_id),
        "query": query_string_without(request),
    }
    return render_page(request, "ingestion/reprocessings.html", context, parts=("reprocessings",))


@page(POST=Permission.DOCUMENT_RERUN)
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Apply or drop the selected runs, or all that the button names."""
    batch_id = uuid_or_none(request.POST.get("batch", ""))
    named = [key for value in request.POST.getlist("reprocessing") if (key := uuid_or_none(value))]
    action = request.POST.get("action", "")
    if action == "apply-improvements":
        _report_applied(request, apply_improvements(actor=actor, batch_id=batch_id))
    elif action == "drop-all":
        _report_dropped(request, drop_all_reprocessings(actor=actor, batch_id=batch_id))
    elif not named:
        messages.error(request, _("Select the reprocessings first."))
    elif action == "apply":
        _report_applied(request, apply_many_reprocessings(actor=actor, reprocessing_ids=named))
    elif action == "drop":
        _report_dropped(request, drop_many_reprocessings(actor=actor, reprocessing_ids=named))
    address = reverse("ingestion:reprocessings")
    return redirect(f"{address}?batch={batch_id}" if batch_id else address)


def _report_applied(request: HttpRequest, chosen: BulkChoiceResult) -> None:
    said = ngettext(
        "%(n)s reprocessing is applied, and its document is being checked.",
        "%(n)s reprocessings are applied, and their documents are being checked.",
        len(chosen.done),
    )
    _report_result(request, chosen, said % {"n": len(chosen.done)})


def _report_dropped(request: HttpRequest, chosen: BulkChoiceResult) -> None:
    said = ngettext(
        "%(n)s reprocessing was discarded. Its document is unchanged.",
        "%(n)s reprocessings were discarded. Their documents are unchanged.",
        len(chosen.done),
    )
    _report_result(request, chosen, said % {"n": len(chosen.done)})


def _report_result(request: HttpRequest, chosen: BulkChoiceResult, said: str) -> None:
    """Report how many were applied or dropped, how many were refused, and how many remain."""
    parts = [said] if chosen.done else []
    if chosen.refused:
        more = ngettext(
            "%(n)s could not be: a reviewer has claimed its document, or it has changed.",
            "%(n)s could not be: reviewers have claimed their documents, or they have changed.",
            len(chosen.refused),
        )
        parts.append(more % {"n": len(chosen.refused)})
    if chosen.remaining:
        parts.append(_("%(n)s remain: choose again.") % {"n": chosen.remaining})
    if not parts:
        parts.append(_("There is nothing here to choose."))
    (messages.success if chosen.done else messages.error)(request, " ".join(parts))
