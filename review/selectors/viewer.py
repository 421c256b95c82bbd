"""All that the viewer needs to show a task, as one JSON value; docs/viewer.md describes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.domain.schemas import InvalidSchema
from ingestion.domain.schemas.fields import FieldSpec
from ingestion.models import Document, Field, Page
from ingestion.selectors.einvoice_line import einvoice_line
from ingestion.selectors.labels import Failure, note_words
from ingestion.selectors.stored_readings import NoSuchSchema, image_address, schema_spec
from quality.models import Issue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.status_badges import mark
from review.domain.lifecycle import TaskState
from review.models import Comment, Draft, ReviewTask
from review.selectors.member_names import names_of
from review.selectors.related_documents import others_of
from review.selectors.timeline import DECIDED, history_of

REASONS = {
    "wrong_document": _("Not the right document"),
    "unreadable": _("Cannot be read"),
    "incomplete": _("Pages or parts are missing"),
    "duplicate": _("Was there before"),
    "outdated": _("A newer version exists"),
    "inconsistent": _("Contradicts itself or another document"),
    "suspicious": _("Looks altered or forged"),
    "not_ours": _("Not addressed to us"),
    "other": _("Another reason"),
}
VERBS = ("claim", "heartbeat", "release", "skip", "postpone", "escalate", "submit", "undo")


def task_payload(actor: Actor, task_id: UUID, now: datetime) -> dict[str, Any]:
    """Give the viewer's JSON; raises ReviewTask.DoesNotExist for what the actor may not see."""
    task = ReviewTask.objects.visible_to(actor).select_related("document", "queue").get(pk=task_id)
    own = task.assignee_id == actor.user_id and task.state == TaskState.CLAIMED
    live = own and task.lease_expires_at is not None and task.lease_expires_at >= now
    comments = list(Comment.objects.visible_to(actor).filter(document_id=task.document_id).order_by("id"))
    names = names_of(actor, [task.assignee_id, *(comment.author_id for comment in comments)])
    return {
        "task": _task(actor, task, names, now),
        "lease": {"token": task.lease_token, "expires_at": task.lease_expires_at} if live else None,
        "document": document_payload(actor, task.document, task.run),
        "draft": _draft(actor, task),
        "me": {"id": actor.user_id, "name": actor.name},
        "reasons": [{"code": code, "title": str(title)} for code, title in REASONS.items()],
        "history": [
            {"at": line.at, "what": line.what, "who": line.who} for line in history_of(actor, task.document_id)
        ],
        "comments": [comment_payload(comment, names.get(comment.author_id, "")) for comment in comments],
        "undo_seconds": settings.UNDO_GRACE_SECONDS,
        "urls": _urls(task),
    }


def _task(actor: Actor, task: ReviewTask, names: dict[UUID, str], now: datetime) -> dict[str, Any]:
    lapsed = task.state == TaskState.CLAIMED and (task.lease_expires_at is None or task.lease_expires_at < now)
    state = TaskState.OPEN if lapsed else TaskState(task.state)
    free = state is TaskState.OPEN or (state is TaskState.POSTPONED and task.assignee_id == actor.user_id)
    return {
        "id": task.id,
        "kind": task.kind,
        "queue": task.queue.name,
        "status": state.value,
        "due_at": task.due_at,
        "url": f"/review/tasks/{task.id}/",
        "claimable": free and actor.can(Verb.REVIEW_WORK) and task.excluded_id != actor.user_id,
        "note": _note(actor, task, state, names),
    }


def _note(actor: Actor, task: ReviewTask, state: TaskState, names: dict[UUID, str]) -> str:
    """Say why the task cannot be worked on, in a sentence; empty when it can."""
    who = names.get(task.assignee_id, "") if task.assignee_id else ""
    if state is TaskState.CLAIMED and task.assignee_id != actor.user_id:
        return gettext("%(who)s has this document in work.") % {"who": who or gettext("Someone else")}
    if state is TaskState.SUBMITTED:
        verdict = DECIDED.get(task.verdict, _("Decided"))
        return gettext("%(verdict)s by %(who)s.") % {"verdict": verdict, "who": who or gettext("someone")}
    if state is TaskState.CANCELLED:
        return gettext("This task is over: the document went another way.")
    if task.excluded_id == actor.user_id:
        return gettext("Another person has to look at this document: you have handled it before.")
    return ""


def _draft(actor: Actor, task: ReviewTask) -> dict[str, Any]:
    found = Draft.objects.visible_to(actor).filter(task=task, user_id=actor.user_id).first()
    return {"revision": found.revision if found else 0, "values": found.values if found else {}}


def _urls(task: ReviewTask) -> dict[str, str]:
    api, page = f"/v1/review/tasks/{task.id}", f"/review/tasks/{task.id}"
    return {
        "next": "/v1/review/tasks/next",
        "payload": "/review/tasks/{id}/payload",
        "draft": f"{page}/draft",
        "comment": f"{page}/comment",
        "reread": f"/v1/documents/{task.document_id}/pages/{{page}}/regions",
        **{verb: f"{api}/{verb}" for verb in VERBS},
    }


def comment_payload(comment: Comment, who: str) -> dict[str, Any]:
    """Give a remark as the viewer shows it."""
    return {"at": comment.created_at, "who": who, "text": comment.text}


def document_payload(actor: Actor, document: Document, run: int) -> dict[str, Any]:
    """Give a document's pages, fields and issues of one run, in five queries."""
    title, specs = schema_titles(actor, document.schema_key)
    pages = pages_of(actor, document, run)
    fields = Field.objects.visible_to(actor).filter(document=document, run=run).order_by("position")
    issues = list(Issue.objects.visible_to(actor).standing(document, run))
    others = others_of(actor, issues)
    einvoice = einvoice_line(actor, document, run, [row.code for row in issues], judged=True)
    return {
        "id": document.id,
        "title": document.filename,
        "schema": document.schema_key,
        "schema_title": title,
        "status": document.status,
        "status_mark": mark(document.status).as_dict(),
        "url": f"/documents/{document.id}/",
        "pages": pages,
        "fields": [_field(row, specs.get(row.name)) for row in fields],
        "issues": [*(_issue(row, others.get(row.id)) for row in issues), *note_lines(pages)],
        "einvoice": einvoice.as_dict() if einvoice else None,
    }


def schema_titles(actor: Actor, key: str) -> tuple[str, dict[str, FieldSpec]]:
    """Give a schema's title and its fields by name; without one, or with a broken one, there are neither."""
    try:
        spec = schema_spec(actor.tenant_id, key)
    except (NoSuchSchema, InvalidSchema):
        return "", {}
    return spec.title, {field.name: field for field in spec.fields}


def pages_of(actor: Actor, document: Document, run: int) -> list[dict[str, Any]]:
    """Give the pages of a run without their words."""
    rows = Page.objects.visible_to(actor).filter(document=document, run=run).order_by("number")
    columns = ("number", "width", "height", "error", "notes", "image_key", "thumbnail_key")
    return [
        {
            "number": number,
            "width": width,
            "height": height,
            "image": image_address(document.id, number, run, image_key),
            "thumbnail": image_address(document.id, number, run, thumbnail_key, thumbnail=True),
            "words_url": f"/v1/documents/{document.id}/pages/{number}",
            "error": error,
            "notes": notes,
        }
        for number, width, height, error, notes, image_key, thumbnail_key in rows.values_list(*columns)
    ]


def note_lines(pages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what is to be told beside the pages as issues that cost nothing: nobody need do anything about them."""
    told = ((page["number"], code, note_words(code)) for page in pages for code in page["notes"])
    return [_note_line(number, code, words) for number, code, words in told if words]


def _note_line(page: int, code: str, words: Failure) -> dict[str, Any]:
    return {
        "code": f"note.{code}",
        "severity": "info",
        "field": None,
        "page": page,
        "bbox": None,
        "message": str(words.title),
        "recommendation": str(words.advice),
        "fix": None,
        "other": None,
    }


def _field(row: Field, spec: FieldSpec | None) -> dict[str, Any]:
    return {
        "name": row.name,
        "title": spec.title if spec else row.name.replace("_", " ").capitalize(),
        "kind": spec.kind.value if spec else "text",
        "required": bool(spec and spec.required),
        "value": row.value,
        "normalized": row.normalized,
        "confidence": row.confidence,
        "page": row.page,
        "bbox": row.bbox,
        "source": row.source,
        "alternatives": row.alternatives,
        "needs_human": row.needs_human,
        "validation": row.validations,
        "version": row.version,
    }


def _issue(row: Issue, other: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "code": row.code,
        "severity": row.severity,
        "field": row.field or None,
        "page": row.page,
        "bbox": row.bbox,
        "message": row.message,
        "recommendation": row.recommendation,
        "fix": row.fix,
        "other": other,
    }
