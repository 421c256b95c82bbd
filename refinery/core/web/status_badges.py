"""Display of states: each has an icon, a tone and a word, so that colour is never the only sign."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StateMark:
    """Display of one state: `icon` of static/icons.svg, `tone` good, warn, bad, info or soft."""

    icon: str
    tone: str
    title: str | Promise

    def as_dict(self) -> dict[str, str]:
        """Return the mark in the format of the viewer's JSON."""
        return {"icon": self.icon, "tone": self.tone, "title": str(self.title)}


UNKNOWN_STATE = StateMark("info", "soft", _("Unknown"))

STATE_MARKS: dict[str, StateMark] = {
    # documents
    "RECEIVED": StateMark("clock", "soft", _("Received")),
    "READING": StateMark("reading", "info", _("Being read")),
    "NEEDS_PASSWORD": StateMark("lock", "warn", _("Needs a password")),
    "ASSESSING": StateMark("quality", "info", _("Being checked")),
    "IN_REVIEW": StateMark("eye", "warn", _("In review")),
    "APPROVED": StateMark("check-circle", "good", _("Approved")),
    "REJECTED": StateMark("cross-circle", "bad", _("Rejected")),
    "FAILED": StateMark("warning", "bad", _("Could not be read")),
    "QUARANTINED": StateMark("shield", "bad", _("Quarantined")),
    "UNPACKED": StateMark("unpacked", "soft", _("Unpacked")),
    "SPLIT": StateMark("split", "soft", _("Split into documents")),
    "SUPERSEDED": StateMark("history", "soft", _("Superseded")),
    # tasks and batches
    "OPEN": StateMark("clock", "soft", _("Waiting")),
    "CLAIMED": StateMark("user", "info", _("Claimed")),
    "POSTPONED": StateMark("pause", "warn", _("Postponed")),
    "SUBMITTED": StateMark("check-circle", "good", _("Decided")),
    "CANCELLED": StateMark("cross", "soft", _("Cancelled")),
    "RUNNING": StateMark("play", "info", _("Running")),
    "PAUSED": StateMark("pause", "warn", _("Paused")),
    "DONE": StateMark("check-circle", "good", _("Done")),
    # issues
    "blocker": StateMark("cross-circle", "bad", _("Blocker")),
    "critical": StateMark("cross-circle", "bad", _("Critical")),
    "major": StateMark("warning", "warn", _("Major")),
    "minor": StateMark("info", "info", _("Minor")),
    "info": StateMark("info", "info", _("Note")),
    # e-invoices
    "einvoice_found": StateMark("clock", "soft", _("Being checked")),
    "einvoice_valid": StateMark("check-circle", "good", _("Valid")),
    "einvoice_faulty": StateMark("warning", "bad", _("Not valid")),
    "einvoice_unread": StateMark("cross-circle", "bad", _("Cannot be read")),
    # models and trainings
    "candidate": StateMark("clock", "info", _("Candidate")),
    "champion": StateMark("check-circle", "good", _("Champion")),
    "retired": StateMark("history", "soft", _("Retired")),
    "queued": StateMark("clock", "soft", _("Waiting")),
    "running": StateMark("play", "info", _("Training")),
    "done": StateMark("check-circle", "good", _("Done")),
    "failed": StateMark("cross-circle", "bad", _("Failed")),
    # reprocessing runs
    "reprocessing_queued": StateMark("clock", "soft", _("Waiting for a worker")),
    "reprocessing_reading": StateMark("reading", "info", _("Being read")),
    "reprocessing_ready": StateMark("eye", "warn", _("Ready to compare")),
    "reprocessing_failed": StateMark("warning", "bad", _("Could not be read")),
    "reprocessing_applied": StateMark("check-circle", "good", _("Applied")),
    "reprocessing_dropped": StateMark("cross", "soft", _("Discarded")),
}


def mark_of_state(state: str) -> StateMark:
    """Return a state's mark; an unknown state is shown as such instead of failing the page."""
    return STATE_MARKS.get(state, UNKNOWN_STATE)
