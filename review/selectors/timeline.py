"""History of a document from the audit log, with readable titles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from refinery.core.audit.models import AuditEvent
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query, is_any_of
from refinery.core.tenancy.member_names import names_of
from refinery.core.web.page_cursors import uuid_or_none
from review.models import Comment, ReviewTask

EVENT_TITLES = {
    "document.received": _("Received"),
    "document.duplicate_received": _("Received again, the same bytes"),
    "document.reading": _("Reading began"),
    "document.assessing": _("Read, checks began"),
    "document.in_review": _("Sent to review"),
    "document.approved": _("Approved without a person"),
    "document.rejected": _("Rejected by a check"),
    "document.failed": _("Could not be read"),
    "document.quarantined": _("Quarantined"),
    "document.split": _("Split into its documents"),
    "document.superseded": _("Superseded: other documents contain its pages now"),
    "split.made": _("Pages were split"),
    "document.unpacked": _("Files were extracted"),
    "document.needs_password": _("Asked for a password"),
    "document.password_given": _("Password given"),
    "document.rerun": _("Rerun requested"),
    "document.reprocessing_requested": _("Reprocessing requested"),
    "document.reprocessing_ready": _("Reprocessing is ready to compare"),
    "document.reprocessing_applied": _("Reprocessing applied"),
    "document.reprocessing_dropped": _("Reprocessing discarded"),
    "document.commented": _("Commented"),
    "document.exported": _("Exported"),
    "document.export_requested": _("Export asked for"),
    "field.edited": _("A field was changed"),
    "issue.overridden": _("Approved over an open issue"),
    "review.reopened": _("Reopened by a manager"),
    "review.undone": _("Decision undone"),
    "review.values_accepted": _("Approved with values that a rule refuses"),
    "task.opened": _("Waiting for a reviewer"),
    "task.claimed": _("Claimed"),
    "task.released": _("Released to the queue"),
    "task.skipped": _("Skipped"),
    "task.postponed": _("Postponed"),
    "task.escalated": _("Escalated"),
    "task.reminded": _("Reminder: time is running out"),
    "task.sla_breached": _("Overdue: moved to the top"),
}
VERDICT_TITLES = {
    "approve": _("Approved"),
    "reject": _("Rejected"),
    "needs_second_review": _("Second opinion asked for"),
}
SHOWN_ACTIONS = (*EVENT_TITLES, "review.submitted")
MOST = 60


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Entry of the history; `who` is empty for the system."""

    at: datetime
    what: str
    who: str = ""


def history_of(actor: Actor, document_id: UUID) -> list[TimelineEntry]:
    """Return the history, the latest first, at most MOST entries, in at most three queries."""
    events = shown_events(actor, document_id)
    return timeline_of(actor, document_id, events, names_of(actor, (event.actor_id for event in events)))


def shown_events(actor: Actor, document_id: UUID) -> list[AuditEvent]:
    """Return the events of a document and its tasks that the history shows, the latest first, at most MOST."""
    return _shown_events(actor, document_id)


@compiled_query
def _shown_events(actor: Actor, document_id: UUID) -> "QuerySet[AuditEvent]":
    tasks = ReviewTask.objects.visible_to(actor).filter(document_id=document_id).order_by().values("id")
    # One list of ids is looked up in the index; "the document, or one of these" would read all events of the tenant.
    objects = Func(ArraySubquery(tasks), document_id, function="array_append")
    return (
        AuditEvent.objects.filter(is_any_of("object_id", objects), tenant_id=actor.tenant_id)
        .filter(action__in=SHOWN_ACTIONS)
        .only("at", "action", "actor_id", "detail")
        .order_by("-at", "-id")[:MOST]
    )


def timeline_of(
    actor: Actor, document_id: UUID, events: Sequence[AuditEvent], names: dict[UUID, str]
) -> list[TimelineEntry]:
    """Return these events as entries of the history; one query if a note belongs to one."""
    return list(_timeline_entries(events, names, _notes(actor, document_id, events)))


def _notes(actor: Actor, document_id: UUID, events: Iterable[AuditEvent]) -> dict[str, str]:
    """Return the notes of escalations by the id of their comment: the audit log itself holds no text."""
    wanted = [found for event in events if (found := uuid_or_none(str(event.detail.get("comment", ""))))]
    if not wanted:
        return {}
    comments = Comment.objects.visible_to(actor).filter(document_id=document_id, pk__in=wanted)
    return {str(key): text for key, text in comments.values_list("pk", "text")}


def _timeline_entries(
    events: Iterable[AuditEvent], names: dict[UUID, str], notes: dict[str, str]
) -> Iterable[TimelineEntry]:
    for event in events:
        if event.action == "review.submitted":
            what = VERDICT_TITLES.get(str(event.detail.get("verdict", "")))
        else:
            what = EVENT_TITLES.get(event.action)
        if what is not None:
            note = notes.get(str(event.detail.get("comment", "")), "")
            text = gettext("%(event)s: %(note)s") % {"event": what, "note": note} if note else str(what)
            yield TimelineEntry(event.at, text, names.get(event.actor_id, "") if event.actor_id else "")
