"""Confirmation of doubtful values: an approval with an emptied or invalid value is recorded with its reason."""

from collections.abc import Mapping

from ingestion.models import Document
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from review.contracts import Submission
from review.domain.corrections import Change, doubtful_values
from review.domain.lifecycle import ReviewVerdict


class ConfirmationNeeded(ValueError):
    """A person left values that a rule refuses; `doubts` has the messages by field."""

    def __init__(self, doubts: Mapping[str, list[str]]) -> None:
        """Store the messages for the response."""
        super().__init__("say why these values are right")
        self.doubts = doubts


def require_confirmation(
    actor: Actor, document: Document, submission: Submission, changes: Mapping[str, Change]
) -> None:
    """Record an approval of emptied or invalid values with its reason.

    Raises ConfirmationNeeded without a reason, if the caller asks for confirmation as the viewer does.
    """
    doubts = doubtful_values(changes.values())
    if submission.verdict is not ReviewVerdict.APPROVE or not doubts:
        return
    reason = submission.reason.strip()
    if submission.confirm_values and not reason:
        raise ConfirmationNeeded(doubts)
    record_event(
        actor.audit, "review.values_accepted", "document", document.id, fields=",".join(doubts), reason=reason[:80]
    )
