"""The desk: what waits, and the button that begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.page_views import kept_query, page, show
from refinery.core.web.status_badges import mark
from review.domain.lifecycle import TaskState
from review.selectors.desk import TaskFilter, board, tasks
from review.services.claims import claim_next

PARTS = ("counts", "tasks")
STATES = [TaskState.OPEN, TaskState.CLAIMED, TaskState.POSTPONED, TaskState.SUBMITTED]


@page(GET=Verb.DOCUMENT_VIEW)
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what waits and what is mine; who may not review sees the documents instead."""
    if not actor.can(Verb.REVIEW_VIEW):
        return redirect("review:documents")
    now = timezone.now()
    given = request.GET
    wanted = TaskFilter(
        given.get("q", ""), given.get("state", ""), given.get("queue", ""), given.get("cursor", "")
    )
    found = tasks(actor, wanted, now)
    context = {
        "section": "desk",
        "desk": board(actor, now),
        "tasks": found.rows,
        "filters": wanted,
        "filtered": wanted.active,
        "states": [(state.value, mark(state.value).title) for state in STATES],
        "query": kept_query(request),
        **found.links(request),
    }
    return show(request, "review/desk.html", context, parts=PARTS)


@page(POST=Verb.REVIEW_WORK)
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Claim the next task and open it; back to the desk when nothing waits."""
    claimed = claim_next(actor=actor)
    return redirect("review:task", claimed.task_id) if claimed else redirect("review:desk")
