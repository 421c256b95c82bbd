"""Other readings of many documents on one page: what they would change, and the choice of many at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.page_views import kept_query, page, show
from review.contracts import ChosenMany
from review.selectors.bulk_reprocessings import waiting
from review.services.bulk_reprocessings import drop_all, drop_many, take_better, take_many


@page(GET=Verb.DOCUMENT_VIEW)
def rereadings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the readings that are open, of a batch alone where one is named."""
    batch_id = uuid_or_none(request.GET.get("batch", ""))
    context = {
        "section": "batches" if batch_id else "documents",
        "found": waiting(actor, batch_id),
        "query": kept_query(request),
    }
    return show(request, "ingestion/rereadings.html", context, parts=("rereadings",))


@page(POST=Verb.DOCUMENT_RERUN)
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take or drop what was chosen, or all that the button names."""
    batch_id = uuid_or_none(request.POST.get("batch", ""))
    named = [key for value in request.POST.getlist("rereading") if (key := uuid_or_none(value))]
    verb = request.POST.get("verb", "")
    if verb == "take-better":
        _say_taken(request, take_better(actor=actor, batch_id=batch_id))
    elif verb == "drop-all":
        _say_dropped(request, drop_all(actor=actor, batch_id=batch_id))
    elif not named:
        messages.error(request, _("Choose the readings first."))
    elif verb == "take":
        _say_taken(request, take_many(actor=actor, rereading_ids=named))
    elif verb == "drop":
        _say_dropped(request, drop_many(actor=actor, rereading_ids=named))
    address = reverse("review:rereadings")
    return redirect(f"{address}?batch={batch_id}" if batch_id else address)


def _say_taken(request: HttpRequest, chosen: ChosenMany) -> None:
    said = ngettext(
        "%(n)s reading is taken, and its document is being checked.",
        "%(n)s readings are taken, and their documents are being checked.",
        len(chosen.done),
    )
    _say(request, chosen, said % {"n": len(chosen.done)})


def _say_dropped(request: HttpRequest, chosen: ChosenMany) -> None:
    said = ngettext(
        "%(n)s reading is dropped. Its document stays as it is.",
        "%(n)s readings are dropped. Their documents stay as they are.",
        len(chosen.done),
    )
    _say(request, chosen, said % {"n": len(chosen.done)})


def _say(request: HttpRequest, chosen: ChosenMany, said: str) -> None:
    """Tell how many it were, how many could not be, and how many are left."""
    parts = [said] if chosen.done else []
    if chosen.refused:
        more = ngettext(
            "%(n)s could not be: a reviewer has its document in hand, or it has moved on.",
            "%(n)s could not be: reviewers have their documents in hand, or they have moved on.",
            len(chosen.refused),
        )
        parts.append(more % {"n": len(chosen.refused)})
    if chosen.left:
        parts.append(_("%(n)s are left: choose once more.") % {"n": chosen.left})
    if not parts:
        parts.append(_("There is nothing here to choose."))
    (messages.success if chosen.done else messages.error)(request, " ".join(parts))
