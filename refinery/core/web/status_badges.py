"""How states look: each has an icon, a tone and a word, so that none is told by colour alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Mark:
    """One state as people see it: `icon` of static/icons.svg, `tone` good, warn, bad, info or soft."""

    icon: str
    tone: str
    title: str | Promise

    def as_dict(self) -> dict[str, str]:
        """Give the shape that the viewer's JSON carries."""
        return {"icon": self.icon, "tone": self.tone, "title": str(self.title)}


UNKNOWN = Mark("info", "soft", _("Unknown"))

MARKS: dict[str, Mark] = {
    # documents
    "RECEIVED": Mark("clock", "soft", _("Received")),
    "READING": Mark("reading", "info", _("Being read")),
    "NEEDS_PASSWORD": Mark("lock", "warn", _("Needs a password")),
    "ASSESSING": Mark("quality", "info", _("Being checked")),
    "IN_REVIEW": Mark("eye", "warn", _("In review")),
    "APPROVED": Mark("check-circle", "good", _("Approved")),
    "REJECTED": Mark("cross-circle", "bad", _("Rejected")),
    "FAILED": Mark("warning", "bad", _("Could not be read")),
    "QUARANTINED": Mark("shield", "bad", _("Quarantined")),
    "UNPACKED": Mark("unpacked", "soft", _("Unpacked")),
    "SPLIT": Mark("split", "soft", _("Split into documents")),
    "SUPERSEDED": Mark("history", "soft", _("Superseded")),
    # tasks and batches
    "OPEN": Mark("clock", "soft", _("Waiting")),
    "CLAIMED": Mark("user", "info", _("In work")),
    "POSTPONED": Mark("pause", "warn", _("Postponed")),
    "SUBMITTED": Mark("check-circle", "good", _("Decided")),
    "CANCELLED": Mark("cross", "soft", _("Cancelled")),
    "RUNNING": Mark("play", "info", _("Running")),
    "PAUSED": Mark("pause", "warn", _("Paused")),
    "DONE": Mark("check-circle", "good", _("Done")),
    # issues
    "blocker": Mark("cross-circle", "bad", _("Blocker")),
    "critical": Mark("cross-circle", "bad", _("Critical")),
    "major": Mark("warning", "warn", _("Major")),
    "minor": Mark("info", "info", _("Minor")),
    "info": Mark("info", "info", _("Note")),
    # e-invoices
    "einvoice_found": Mark("clock", "soft", _("Being checked")),
    "einvoice_valid": Mark("check-circle", "good", _("Valid")),
    "einvoice_faulty": Mark("warning", "bad", _("Not valid")),
    "einvoice_unread": Mark("cross-circle", "bad", _("Cannot be read")),
    # models and trainings
    "candidate": Mark("clock", "info", _("Candidate")),
    "champion": Mark("check-circle", "good", _("Champion")),
    "retired": Mark("history", "soft", _("Retired")),
    "queued": Mark("clock", "soft", _("Waiting")),
    "running": Mark("play", "info", _("Training")),
    "done": Mark("check-circle", "good", _("Done")),
    "failed": Mark("cross-circle", "bad", _("Failed")),
    # other readings of a document
    "reread_queued": Mark("clock", "soft", _("Waiting for a worker")),
    "reread_reading": Mark("reading", "info", _("Being read")),
    "reread_ready": Mark("eye", "warn", _("Ready to compare")),
    "reread_failed": Mark("warning", "bad", _("Could not be read")),
    "reread_applied": Mark("check-circle", "good", _("Taken")),
    "reread_dropped": Mark("cross", "soft", _("Dropped")),
}


def mark(state: str) -> Mark:
    """Give a state's mark; a state without one shows as unknown rather than failing the page."""
    return MARKS.get(state, UNKNOWN)
