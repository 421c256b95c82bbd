"""Document under review: the page, its JSON for prefetching, and comments."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.json_output import OrjsonResponse
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.page_views import json_object, page, render_page
from refinery.core.web.problems import Problem
from review.models import ReviewTask
from review.selectors.viewer import comment_payload, task_payload
from review.services.comments import add_comment

LONGEST_COMMENT = 4000
CREATED = 201


@page(GET=Permission.REVIEW_VIEW)
def task(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """Show the viewer, without claiming the task; `?queue=` is the queue that the next tasks come from."""
    payload = task_payload(actor, task_id, timezone.now(), queue=uuid_or_none(request.GET.get("queue", "")))
    return render_page(request, "review/task.html", {"section": "desk", "payload": payload})


@page(GET=Permission.REVIEW_VIEW)
def payload(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """Return only the viewer's JSON."""
    return OrjsonResponse(task_payload(actor, task_id, timezone.now()))


@page(POST=Permission.REVIEW_WORK)
def comment(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """Add a comment to the task's document."""
    text = str(json_object(request).get("text", "")).strip()
    if not 0 < len(text) <= LONGEST_COMMENT:
        detail = f"A comment has 1 to {LONGEST_COMMENT} characters."
        raise Problem(422, "not-valid", "Not valid", detail, errors={"text": [detail]})
    found = ReviewTask.objects.visible_to(actor).only("document_id").get(pk=task_id)
    written = add_comment(actor=actor, document_id=found.document_id, text=text)
    return JsonResponse(comment_payload(written, actor.name), status=CREATED)
