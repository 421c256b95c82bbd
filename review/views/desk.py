"""Desk: counts, the task table, and the button that claims the next task."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_views import page, query_string_without, render_page
from refinery.core.web.status_badges import mark_of_state
from review.domain.lifecycle import TaskState
from review.selectors.desk import TaskFilter, desk_counts, tasks
from review.services.claims import claim_next

PARTS = ("counts", "tasks")
STATES = [TaskState.OPEN, TaskState.CLAIMED, TaskState.POSTPONED, TaskState.SUBMITTED]


@page(GET=Permission.DOCUMENT_VIEW)
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the desk; users who may not review are redirected to the documents."""
    if not actor.can(Permission.REVIEW_VIEW):
        return redirect("ingestion:documents")
    now = timezone.now()
    given = request.GET
    wanted = TaskFilter(given.get("q", ""), given.get("state", ""), given.get("queue", ""), given.get("cursor", ""))
    found = tasks(actor, wanted, now)
    context = {
        "section": "desk",
        "desk": desk_counts(actor, now),
        "tasks": found.rows,
        "filters": wanted,
        "filtered": wanted.active,
        "states": [(state.value, mark_of_state(state.value).title) for state in STATES],
        "query": query_string_without(request),
        **found.links(request),
    }
    return render_page(request, "review/desk.html", context, parts=PARTS)


@page(POST=Permission.REVIEW_WORK)
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Claim the next task and open it; redirect to the desk if no task is waiting."""
    claimed = claim_next(actor=actor)
    return redirect("review:task", claimed.task_id) if claimed else redirect("review:desk")
