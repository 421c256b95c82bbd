"""Desk: counts, the task table, the button that claims the next task, and the tasks that the user holds."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.page_views import page, query_string_without, render_page
from refinery.core.web.status_badges import mark_of_state
from review.domain.lease_errors import LeaseLost, TooManyLeases
from review.domain.lifecycle import TaskState
from review.selectors.desk import TaskFilter, desk_counts, tasks
from review.selectors.inbox import inbox_of
from review.services.claims import claim_next
from review.services.leases import give_back_task

PARTS = ("counts", "tasks")
STATES = [TaskState.OPEN, TaskState.CLAIMED, TaskState.POSTPONED, TaskState.SUBMITTED]


@page(GET=Permission.DOCUMENT_VIEW)
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the desk; users who may not review are redirected to the documents."""
    if not actor.can(Permission.REVIEW_VIEW):
        return redirect("ingestion:documents")
    given = request.GET
    wanted = TaskFilter(given.get("q", ""), given.get("state", ""), given.get("queue", ""), given.get("cursor", ""))
    part = given.get("part", "")
    context = {"section": "desk", "filters": wanted, "query": query_string_without(request)}
    if part != "tasks":
        context |= _counts(actor, wanted)
    if part != "counts":
        context |= _table(request, actor, wanted)
    return render_page(request, "review/desk.html", context, parts=PARTS, filtered_part="tasks")


def _counts(actor: Actor, wanted: TaskFilter) -> dict[str, Any]:
    """Return what the upper part of the desk and the filters of its table show."""
    return {
        "desk": desk_counts(actor, timezone.now(), queue=uuid_or_none(wanted.queue)),
        "inbox": inbox_of(actor),
        "states": [(state.value, mark_of_state(state.value).title) for state in STATES],
    }


def _table(request: HttpRequest, actor: Actor, wanted: TaskFilter) -> dict[str, Any]:
    """Return what the table of tasks shows."""
    found = tasks(actor, wanted, timezone.now())
    return {"tasks": found.rows, "filtered": wanted.active, **found.links(request)}


@page(POST=Permission.REVIEW_WORK)
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Claim the next task, of the chosen queue if there is one, and open it; else redirect to the desk."""
    queue = uuid_or_none(request.POST.get("queue", ""))
    chosen = f"?queue={queue}" if queue else ""
    try:
        claimed = claim_next(actor=actor, queue_id=queue)
    except TooManyLeases:
        messages.error(request, _("You hold two documents already. Finish or release one."))
        claimed = None
    address = reverse("review:task", args=[claimed.task_id]) if claimed else reverse("review:desk")
    return redirect(address + chosen)


@page(POST=Permission.REVIEW_WORK)
def release(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """Return a task that the user holds to its queue, from whichever tab it was claimed."""
    try:
        give_back_task(actor=actor, task_id=task_id)
        messages.success(request, _("Released to the queue."))
    except LeaseLost:
        messages.error(request, _("You no longer hold this document."))
    return redirect(f"{reverse('review:desk')}?{query_string_without(request)}")
