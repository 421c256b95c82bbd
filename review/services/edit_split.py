"""A person parts a file into documents: merges, cuts, puts pages in another order, leaves some out."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from ingestion.domain.lifecycle import MENDABLE, DocumentStatus
from ingestion.domain.splitting.edits import check_split
from ingestion.models import Document, Split
from ingestion.services.child_documents import file_of, latest_split
from ingestion.services.splitting import write_split
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from review.services.split_document import Layout, lay_out, lock_tasks, settle_doubts, told_part

S = DocumentStatus


class StaleSplit(Exception):
    """The file has been parted otherwise since the caller looked; `current` is the number now."""

    def __init__(self, current: int) -> None:
        """Keep the number, so that the answer can name it."""
        super().__init__("the split has changed")
        self.current = current


class NotMendable(Exception):
    """The file is under way, or was never read: there are no pages to part."""


@dataclass(frozen=True, slots=True)
class MendRequest:
    """A person's word on a file: its parts and what is left out, over the split that they saw (0 for none)."""

    document_id: UUID
    parts: tuple[tuple[int, ...], ...]
    dropped: tuple[int, ...]
    seen: int


def mend_split(*, actor: Actor, request: MendRequest) -> Split:
    """Part a file as a person says.

    Raises Document.DoesNotExist, NotAllowed (a decided document needs who may reopen it), InvalidSplit,
    StaleSplit, NotMendable, InOtherHands, FourEyes.
    """
    actor.require(Verb.REVIEW_WORK)
    with transaction.atomic():
        asked = file_of(Document.objects.visible_to(actor).get(pk=request.document_id))
        lock_tasks(actor.tenant_id, asked.pk)
        file = Document.objects.visible_to(actor).select_for_update().get(pk=asked.pk)
        latest = latest_split(file)
        if (latest.number if latest else 0) != request.seen:
            raise StaleSplit(latest.number if latest else 0)
        if S(file.status) not in MENDABLE:
            raise NotMendable
        check_split(request.parts, request.dropped, file.pages)
        reasons, dropped = _known(latest)
        layout = Layout(
            request.parts,
            {number: dropped.get(number, "left_out") for number in request.dropped},
            {part[0]: reasons.get(part[0], ["person"]) for part in request.parts[1:]},
            latest.boundaries if latest else (),
        )
        if file.status != S.SPLIT and layout.whole(file.pages):
            return _keep_whole(file, layout, actor)
        return lay_out(file, layout, actor.audit, made_by=actor.user_id, actor=actor)


def _known(latest: Split | None) -> tuple[dict[int, list[str]], dict[int, str]]:
    if latest is None:
        return {}, {}
    reasons = {part["pages"][0]: part["reasons"] for part in latest.parts if part["reasons"]}
    return reasons, {int(number): why for number, why in latest.dropped.items()}


def _keep_whole(file: Document, layout: Layout, actor: Actor) -> Split:
    """Take a person's word that the file is one document; nothing is suggested any more."""
    split = write_split(file, [told_part(file.id, layout.parts[0], ())], {}, layout.boundaries, actor.user_id)
    settle_doubts([file.id], actor.user_id)
    record(actor.audit, "split.made", "document", file.id, number=split.number, parts=1, dropped=0)
    return split
