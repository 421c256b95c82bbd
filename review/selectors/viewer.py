"""Everything the viewer needs to show a task, as one JSON value; see docs/viewer.md."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.domain.schemas.fields import FieldKind, FieldSpec
from ingestion.domain.schemas.kinds import value_type
from ingestion.models import Document, Field
from ingestion.selectors.einvoice_line import einvoice_summary
from ingestion.selectors.run_fields import fields_of_run
from ingestion.selectors.run_pages import note_issues, page_summaries
from ingestion.selectors.stored_readings import schema_titles
from quality.selectors.issues import issues_of
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.member_names import names_of
from refinery.core.tenancy.roles import Permission
from refinery.core.web.status_badges import mark_of_state
from review.domain.lifecycle import TaskState
from review.models import Comment, Draft, ReviewTask
from review.querysets import DECIDES_ESCALATIONS
from review.selectors.timeline import VERDICT_TITLES, shown_events, timeline_of

REJECT_REASONS = {
    "wrong_document": _("Not the right document"),
    "unreadable": _("Cannot be read"),
    "incomplete": _("Pages or parts are missing"),
    "duplicate": _("Duplicate"),
    "outdated": _("A newer version exists"),
    "inconsistent": _("Contradicts itself or another document"),
    "suspicious": _("Looks altered or forged"),
    "not_ours": _("Not addressed to us"),
    "other": _("Another reason"),
}
NO_DRAFT: Final[dict[str, Any]] = {"revision": 0, "values": {}}
TASK_ACTIONS = ("claim", "heartbeat", "release", "skip", "postpone", "escalate", "submit", "undo")


def task_payload(actor: Actor, task_id: UUID, now: datetime, *, queue: UUID | None = None) -> dict[str, Any]:
    """Return the viewer's JSON; raises ReviewTask.DoesNotExist for a task that the actor may not see.

    `queue` is the one that the reviewer has chosen to work on; the following tasks come from it.
    """
    task: Any = _shown_task.first(actor, task_id)  # with the annotations has_comments and has_draft
    if task is None:
        raise ReviewTask.DoesNotExist
    own = task.assignee_id == actor.user_id and task.state == TaskState.CLAIMED
    live = own and task.lease_expires_at is not None and task.lease_expires_at >= now
    comments = _comments(actor, task.document_id) if task.has_comments else []
    events = shown_events(actor, task.document_id)
    people = (*(comment.author_id for comment in comments), *(event.actor_id for event in events))
    names = names_of(actor, [task.assignee_id, *people])
    return {
        "task": _task(actor, task, names, now),
        "lease": {"token": task.lease_token, "expires_at": task.lease_expires_at} if live else None,
        "document": document_payload(actor, task.document, task.run),
        "draft": _draft(actor, task) if task.has_draft else NO_DRAFT,
        "me": {"id": actor.user_id, "name": actor.name},
        "reasons": [{"code": code, "title": str(title)} for code, title in REJECT_REASONS.items()],
        "history": [
            {"at": line.at, "what": line.what, "who": line.who}
            for line in timeline_of(actor, task.document_id, events, names)
        ],
        "comments": [comment_payload(comment, names.get(comment.author_id, "")) for comment in comments],
        "undo_seconds": settings.UNDO_GRACE_SECONDS,
        "chosen_queue": queue or "",
        "urls": _urls(task),
    }


@compiled_query
def _shown_task(actor: Actor, task_id: UUID) -> "QuerySet[ReviewTask]":
    """Return a task with its document and queue; few have comments or a draft, so asking for both saves queries."""
    comments_there = Comment.objects.visible_to(actor).filter(document_id=OuterRef("document_id"))
    own_draft = Draft.objects.visible_to(actor).filter(task_id=OuterRef("pk"), user_id=actor.user_id)
    rows = ReviewTask.objects.visible_to(actor).select_related("document", "queue").filter(pk=task_id)
    return rows.annotate(has_comments=Exists(comments_there), has_draft=Exists(own_draft))


def _comments(actor: Actor, document_id: UUID) -> list[Comment]:
    return list(Comment.objects.visible_to(actor).filter(document_id=document_id).order_by("id"))


def _task(actor: Actor, task: ReviewTask, names: dict[UUID, str], now: datetime) -> dict[str, Any]:
    lapsed = task.state == TaskState.CLAIMED and (task.lease_expires_at is None or task.lease_expires_at < now)
    state = TaskState.OPEN if lapsed else TaskState(task.state)
    raised = task.raised_at is not None and not actor.can(DECIDES_ESCALATIONS)
    known = actor.user_id in (task.excluded_id, *task.involved_ids)
    excluded = known and not ReviewTask.objects.filter(pk=task.pk).decidable_by(actor).exists()
    held = state is TaskState.CLAIMED and task.assignee_id != actor.user_id
    free = state is TaskState.OPEN or (state is TaskState.POSTPONED and task.assignee_id == actor.user_id)
    return {
        "id": task.id,
        "kind": task.kind,
        "queue": task.queue.name,
        "status": state.value,
        "due_at": task.due_at,
        "url": f"/review/tasks/{task.id}/",
        "claimable": free and actor.can(Permission.REVIEW_WORK) and not excluded and not raised,
        "held_until": task.lease_expires_at if held else None,
        "note": _note(actor, task, state, names, excluded=excluded, raised=raised),
    }


def _note(
    actor: Actor, task: ReviewTask, state: TaskState, names: dict[UUID, str], *, excluded: bool, raised: bool
) -> str:
    """Return a sentence that explains why the actor cannot work on the task; empty if they can."""
    who = names.get(task.assignee_id, "") if task.assignee_id else ""
    if state is TaskState.CLAIMED and task.assignee_id != actor.user_id:
        return gettext("%(who)s has claimed this document.") % {"who": who or gettext("Someone else")}
    if state is TaskState.SUBMITTED:
        verdict = VERDICT_TITLES.get(task.verdict, _("Decided"))
        return gettext("%(verdict)s by %(who)s.") % {"verdict": verdict, "who": who or gettext("someone")}
    if state is TaskState.CANCELLED:
        return gettext("This task was cancelled: the document was handled elsewhere.")
    if raised:
        return gettext("This document was escalated: a manager decides it.")
    if excluded:
        return gettext("Another person must review this document: you have worked on it before.")
    return ""


def _draft(actor: Actor, task: ReviewTask) -> dict[str, Any]:
    found = Draft.objects.visible_to(actor).filter(task=task, user_id=actor.user_id).first()
    return {"revision": found.revision, "values": found.values} if found else NO_DRAFT


def _urls(task: ReviewTask) -> dict[str, str]:
    api, page = f"/v1/review/tasks/{task.id}", f"/review/tasks/{task.id}"
    return {
        "next": "/v1/review/tasks/next",
        "payload": "/review/tasks/{id}/payload",
        "draft": f"{page}/draft",
        "checks": f"{page}/checks",
        "comment": f"{page}/comment",
        "regions": f"/v1/documents/{task.document_id}/pages/{{page}}/regions",
        **{verb: f"{api}/{verb}" for verb in TASK_ACTIONS},
    }


def comment_payload(comment: Comment, who: str) -> dict[str, Any]:
    """Return a comment as shown by the viewer."""
    return {"at": comment.created_at, "who": who, "text": comment.text}


def document_payload(actor: Actor, document: Document, run: int) -> dict[str, Any]:
    """Return a document's pages, fields and issues of one run, in five queries."""
    title, specs = schema_titles(actor, document.schema_key)
    pages = page_summaries(actor, document, run)
    issues = issues_of(actor, document, run)
    einvoice = einvoice_summary(actor, document, run, [issue["code"] for issue in issues], judged=True)
    return {
        "id": document.id,
        "title": document.filename,
        "schema": document.schema_key,
        "schema_title": title,
        "status": document.status,
        "status_mark": mark_of_state(document.status).as_dict(),
        "url": f"/documents/{document.id}/",
        "pages": pages,
        "fields": [_field(row, specs.get(row.name)) for row in fields_of_run(actor, document.id, run)],
        "issues": [*issues, *note_issues(pages)],
        "einvoice": einvoice.as_dict() if einvoice else None,
    }


def _field(row: Field, spec: FieldSpec | None) -> dict[str, Any]:
    kind = spec.kind if spec else FieldKind.TEXT
    return {
        "name": row.name,
        "title": spec.title if spec else row.name.replace("_", " ").capitalize(),
        "kind": kind,
        "widget": asdict(value_type(kind).widget),
        "required": bool(spec and spec.required),
        "value": row.value,
        "normalized": row.normalized,
        "confidence": row.shown_confidence,
        "page": row.page,
        "bbox": row.bbox,
        "source": row.source,
        "alternatives": row.alternatives,
        "needs_human": row.needs_human,
        "validation": row.validations,
        "version": row.version,
    }
