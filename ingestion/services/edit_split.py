"""Manual edits of a file's split: merge, cut, reorder or exclude pages."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from ingestion.domain.lifecycle import SPLIT_EDITABLE, DocumentStatus
from ingestion.domain.splitting.edits import check_split_parts
from ingestion.models import Document, Split
from ingestion.selectors.splits import latest_split, split_source_of
from ingestion.services.review_port import review_tasks
from ingestion.services.split_document import ProposedSplit, apply_split, part_entry
from ingestion.services.splitting import save_split
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission

S = DocumentStatus


class StaleSplit(Exception):
    """The file has been split differently since the caller read it; `current` is its present split number."""

    def __init__(self, current: int) -> None:
        """Store the number for the response."""
        super().__init__("the split has changed")
        self.current = current


class SplitNotEditable(Exception):
    """The file is being processed, or was never read, so there are no pages to split."""


@dataclass(frozen=True, slots=True)
class SplitEdit:
    """Requested parts and dropped pages of a file; `base_number` is the split that the caller saw (0 for none)."""

    document_id: UUID
    parts: tuple[tuple[int, ...], ...]
    dropped: tuple[int, ...]
    base_number: int


def edit_split(*, actor: Actor, request: SplitEdit) -> Split:
    """Split a file as a person requests.

    Raises Document.DoesNotExist, NotAllowed (decided documents require the permission to reopen), InvalidSplit,
    StaleSplit, SplitNotEditable, ClaimedByOther, FourEyesViolation.
    """
    actor.require(Permission.REVIEW_WORK)
    with transaction.atomic():
        asked = split_source_of(Document.objects.get_permitted(actor, Permission.REVIEW_WORK, pk=request.document_id))
        review_tasks().lock(actor.tenant_id, asked.pk)
        file = Document.objects.select_for_update().get_permitted(actor, Permission.REVIEW_WORK, pk=asked.pk)
        latest = latest_split(file)
        if (latest.number if latest else 0) != request.base_number:
            raise StaleSplit(latest.number if latest else 0)
        if S(file.status) not in SPLIT_EDITABLE:
            raise SplitNotEditable
        check_split_parts(request.parts, request.dropped, file.pages)
        reasons, dropped = _known_reasons(latest)
        proposal = ProposedSplit(
            request.parts,
            {number: dropped.get(number, "excluded") for number in request.dropped},
            {part[0]: reasons.get(part[0], ["person"]) for part in request.parts[1:]},
            latest.boundaries if latest else (),
        )
        if file.status != S.SPLIT and proposal.is_single_document(file.pages):
            return _confirm_single_document(file, proposal, actor)
        return apply_split(file, proposal, actor.audit, made_by=actor.user_id, actor=actor)


def _known_reasons(latest: Split | None) -> tuple[dict[int, list[str]], dict[int, str]]:
    if latest is None:
        return {}, {}
    reasons = {part["pages"][0]: part["reasons"] for part in latest.parts if part["reasons"]}
    return reasons, {int(number): why for number, why in latest.dropped.items()}


def _confirm_single_document(file: Document, proposal: ProposedSplit, actor: Actor) -> Split:
    """Store a person's confirmation that the file is one document; no split is suggested any more."""
    split = save_split(file, [part_entry(file.id, proposal.parts[0], ())], {}, proposal.boundaries, actor.user_id)
    review_tasks().resolve_split_suggestions([file.id])
    record_event(actor.audit, "split.made", "document", file.id, number=split.number, parts=1, dropped=0)
    return split
