"""What happened to a document, from the audit log, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from refinery.core.audit.models import AuditEvent
from refinery.core.tenancy.actor import Actor
from review.models import ReviewTask
from review.selectors.member_names import names_of

WORDS = {
    "document.received": _("Received"),
    "document.received_again": _("Received again, the same bytes"),
    "document.reading": _("Reading began"),
    "document.assessing": _("Read, checks began"),
    "document.in_review": _("Sent to review"),
    "document.approved": _("Approved without a person"),
    "document.rejected": _("Rejected by a check"),
    "document.failed": _("Could not be read"),
    "document.quarantined": _("Quarantined"),
    "document.split": _("Split into its documents"),
    "document.superseded": _("Superseded: its pages are in other documents now"),
    "split.made": _("Its pages were parted"),
    "document.unpacked": _("Its files were taken out"),
    "document.needs_password": _("Asked for a password"),
    "document.password_given": _("Password given"),
    "document.rerun": _("Sent to be read again"),
    "document.rereading_asked": _("Another reading asked for"),
    "document.rereading_ready": _("Another reading is ready to compare"),
    "document.rereading_applied": _("Another reading took its place"),
    "document.rereading_dropped": _("Another reading was dropped"),
    "document.commented": _("Commented"),
    "document.exported": _("Exported"),
    "document.export_asked": _("Export asked for"),
    "field.edited": _("A field was changed"),
    "issue.overridden": _("Approved over an open issue"),
    "review.reopened": _("Opened again by a manager"),
    "review.undone": _("Decision taken back"),
    "task.opened": _("Waiting for a reviewer"),
    "task.claimed": _("Taken in work"),
    "task.released": _("Given back to the queue"),
    "task.skipped": _("Skipped"),
    "task.postponed": _("Postponed"),
    "task.escalated": _("Escalated"),
    "task.reminded": _("Reminder: time is running out"),
    "task.sla_breached": _("Time ran out, moved to the top"),
}
DECIDED = {
    "approve": _("Approved"),
    "reject": _("Rejected"),
    "needs_second_review": _("Second opinion asked for"),
}
MOST = 60


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history: `who` is empty for the engine itself."""

    at: datetime
    what: str
    who: str = ""


def history_of(actor: Actor, document_id: UUID) -> list[Happening]:
    """Give what happened, the latest first, at most MOST lines; needs three queries."""
    tasks = ReviewTask.objects.visible_to(actor).filter(document_id=document_id).order_by().values("id")
    about = AuditEvent.objects.filter(tenant_id=actor.tenant_id)
    events = list(
        (about.filter(object_id=document_id) | about.filter(object_id__in=tasks))
        .only("at", "action", "actor_id", "detail")
        .order_by("-at", "-id")[:MOST]
    )
    return list(_told(events, names_of(actor, (event.actor_id for event in events))))


def _told(events: Iterable[AuditEvent], names: dict[UUID, str]) -> Iterable[Happening]:
    for event in events:
        if event.action == "review.submitted":
            what = DECIDED.get(str(event.detail.get("verdict", "")))
        else:
            what = WORDS.get(event.action)
        if what is not None:
            yield Happening(event.at, str(what), names.get(event.actor_id, "") if event.actor_id else "")
