"""Read again with…: asking for another reading, looking at its differences, and choosing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ingestion.domain.lifecycle import InvalidMove
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.page_views import kept_query, page, show
from review.contracts import AskedMany, Means
from review.selectors.reprocessing_page import rereading_page
from review.selectors.reprocessings import comparison_of, ways
from review.services.reprocessings import (
    MOST_AT_ONCE,
    InReview,
    RereadingOver,
    RereadingUnderWay,
    TooManyRereadings,
    apply_rereading,
    ask_many,
    ask_rereading,
    drop_rereading,
)

LONGEST_PASSWORD = 500


def means_of(request: HttpRequest) -> Means:
    """Read the way that was chosen; the first one when it is none."""
    offered = ways()
    way = next((way for way in offered if way.value == request.POST.get("way")), offered[0])
    return Means(way.mode, way.engines)


@page(POST=Verb.DOCUMENT_RERUN)
def ask(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Have the document read by other means, and go where the differences will be."""
    try:
        password = request.POST.get("password", "")[:LONGEST_PASSWORD]
        row = ask_rereading(actor=actor, document_id=document_id, means=means_of(request), password=password)
    except InvalidMove:
        messages.error(request, _("There is nothing to compare with yet: the document has not been read."))
    except RereadingUnderWay:
        messages.error(request, _("Another reading is under way, or waits for your choice."))
    except TooManyRereadings:
        messages.error(request, _("Too many readings wait already. Take or leave some of them first."))
    else:
        return redirect("review:rereading", document_id, row.id)
    return redirect("review:document", document_id)


@page(GET=Verb.DOCUMENT_VIEW)
def rereading(request: HttpRequest, actor: Actor, document_id: UUID, rereading_id: UUID) -> HttpResponse:
    """Show what another reading would change."""
    found = comparison_of(actor, document_id, rereading_id)
    wanted = request.GET.get("page", "")
    shown = rereading_page(
        actor, found, int(wanted) if wanted.isdecimal() and len(wanted) < len("10000") else None
    )
    context = {"section": "documents", "shown": shown, "found": found, "query": kept_query(request)}
    return show(request, "ingestion/rereading.html", context, parts=("rereading", "words"))


@page(POST=Verb.DOCUMENT_RERUN)
def apply(request: HttpRequest, actor: Actor, document_id: UUID, rereading_id: UUID) -> HttpResponse:
    """Take it."""
    try:
        apply_rereading(actor=actor, document_id=document_id, rereading_id=rereading_id)
    except InReview:
        messages.error(request, _("A reviewer has the document in hand. Try again once it is given back."))
        return redirect("review:rereading", document_id, rereading_id)
    except (RereadingOver, InvalidMove):
        messages.error(request, _("This reading cannot be taken any more: the document has moved on."))
    else:
        messages.success(request, _("The new reading stands, and is being checked. Values given by people stay."))
    return redirect("review:document", document_id)


@page(POST=Verb.DOCUMENT_RERUN)
def drop(request: HttpRequest, actor: Actor, document_id: UUID, rereading_id: UUID) -> HttpResponse:
    """Leave it."""
    try:
        drop_rereading(actor=actor, document_id=document_id, rereading_id=rereading_id)
        messages.success(request, _("The other reading is dropped. The document stays as it is."))
    except RereadingOver:
        messages.error(request, _("There is nothing to drop any more."))
    return redirect("review:document", document_id)


@page(POST=Verb.DOCUMENT_RERUN)
def ask_chosen(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Have the chosen documents of the list read by other means."""
    chosen = [found for value in request.POST.getlist("document") if (found := uuid_or_none(value))]
    if chosen:
        asked = ask_many(actor=actor, document_ids=chosen[:MOST_AT_ONCE], batch_id=None, means=means_of(request))
        _say(request, asked)
    else:
        messages.error(request, _("Choose the documents first."))
    return redirect("review:documents")


@page(POST=Verb.DOCUMENT_RERUN)
def ask_batch(request: HttpRequest, actor: Actor, batch_id: UUID) -> HttpResponse:
    """Have the documents of a batch read by other means."""
    _say(request, ask_many(actor=actor, document_ids=(), batch_id=batch_id, means=means_of(request)))
    return redirect("review:batch", batch_id)


def _say(request: HttpRequest, asked: AskedMany) -> None:
    """Tell how many are read again, how many cannot be, and how many are left for another time."""
    said = ngettext(
        "%(n)s document is being read again. Its record shows what would change.",
        "%(n)s documents are being read again. Their records show what would change.",
        len(asked.asked),
    ) % {"n": len(asked.asked)}
    parts = [said] if asked.asked else []
    if asked.refused:
        parts.append(
            ngettext(
                "%(n)s cannot be: it is not read yet, or another reading of it waits.",
                "%(n)s cannot be: they are not read yet, or another reading of them waits.",
                len(asked.refused),
            )
            % {"n": len(asked.refused)}
        )
    if asked.left:
        parts.append(_("%(n)s are left: ask once more.") % {"n": asked.left})
    if not parts:
        parts.append(_("There is no document here that could be read again."))
    (messages.success if asked.asked else messages.error)(request, " ".join(parts))
