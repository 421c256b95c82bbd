"""Split of a file into documents, detected or edited by a person, in one transaction.

Both ways run under the file's row lock. Documents with unchanged pages are kept; others continue as a new run, or, if
they were decided, are superseded by a new document. Webhook receivers are notified.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DECIDED, DocumentStatus
from ingestion.domain.page.rotation import unpack_rotations
from ingestion.domain.splitting.edits import PartAssignment, SplitEditPlan, plan_split_edit
from ingestion.models import Document, Split
from ingestion.selectors.splits import latest_split
from ingestion.services.child_documents import (
    HumanValueSource,
    child_documents_of,
    close_document,
    copy_human_values,
    create_child_document,
    current_children_of,
    replace_child_pages,
    run_ref_of,
    start_child_document,
)
from ingestion.services.progress import StaleAttempt, publish_progress
from ingestion.services.review_port import review_tasks
from ingestion.services.splitting import detect_split, manual_split, pack_boundaries, page_boundaries_of, save_split
from refinery.core.audit.services import AuditActor, record_event
from refinery.core.tenancy.actor import Actor, system_actor
from refinery.core.tenancy.roles import Permission
from refinery.core.types import TenantId
from refinery.core.webhooks.services import WebhookEvent, emit

S = DocumentStatus
NO_ROTATIONS: Final[Mapping[int, int]] = {}


@dataclass(frozen=True, slots=True)
class ProposedSplit:
    """Proposed split of a file: pages by their numbers in it; `reasons` by the first page of a part."""

    parts: tuple[tuple[int, ...], ...]
    dropped: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, Sequence[str]] = field(default_factory=dict)
    boundaries: Sequence[dict[str, object]] = ()

    def is_single_document(self, pages: int) -> bool:
        """Return whether the file stays one document with its pages in their original order."""
        return self.parts == (tuple(range(1, pages + 1)),)


def split_document(ref: RunRef) -> DocumentStatus:
    """Split a file that has been read; returns its status. Needs an open tenant scope; raises StaleAttempt.

    Idempotent. A manual split is kept by later readings.
    """
    review_tasks().lock(ref.tenant_id, ref.document_id)
    file = Document.objects.select_for_update().get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
    if file.status == S.SPLIT:
        return S.SPLIT
    if file.status != S.ASSESSING:
        raise StaleAttempt
    if file.parent_pages is not None or _was_split_in_run(file, ref.run):
        return S.ASSESSING
    proposal = _propose_split(file)
    current_parts = child_documents_of(file)
    if len(proposal.parts) > 1 or proposal.dropped or (manual_split(file) and current_parts):
        apply_split(
            file,
            proposal,
            system_actor(ref.tenant_id),
            made_by=_split_editor_id(file),
            rotated=_rotated_before_run(file),
        )
        return S.SPLIT
    for part in current_parts:  # of an earlier reading with other rules
        _end_document(part, system_actor(ref.tenant_id), once=f"run{file.run}")
    if proposal.boundaries or current_parts:
        save_split(file, [part_entry(file.id, proposal.parts[0], ())], {}, proposal.boundaries)
    return S.ASSESSING


def _rotated_before_run(file: Document) -> dict[int, int] | None:
    """Return the pages that were rotated before this run, which reused all others; None for any other run."""
    rotation = file.last_rotation
    return unpack_rotations(rotation["pages"]) if rotation and rotation["run"] == file.run else None


def _was_split_in_run(file: Document, run: int) -> bool:
    split = latest_split(file)
    return split is not None and split.run == run


def _split_editor_id(file: Document) -> UUID | None:
    split = manual_split(file)
    return split.created_by_id if split else None


def _propose_split(file: Document) -> ProposedSplit:
    edited_split = manual_split(file)
    if edited_split is not None:
        return ProposedSplit(
            tuple(tuple(part["pages"]) for part in edited_split.parts),
            {int(n): why for n, why in edited_split.dropped.items()},
        )
    detected = detect_split(file)
    reasons = {part.pages[0]: part.reasons for part in detected.parts}
    boundaries = pack_boundaries(page_boundaries_of(detected))
    return ProposedSplit(tuple(part.pages for part in detected.parts), detected.dropped, reasons, boundaries)


def _locked(documents: Sequence[Document]) -> list[Document]:
    """Lock these documents and return them as they are now, in the same order: of two equal ones, the first is kept."""
    rows = Document.objects.select_for_update().filter(pk__in=[row.pk for row in documents]).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[row.pk] for row in documents if row.pk in found]


def apply_split(
    file: Document,
    proposal: ProposedSplit,
    by: AuditActor,
    *,
    made_by: UUID | None,
    actor: Actor | None = None,
    rotated: Mapping[int, int] | None = NO_ROTATIONS,
) -> Split:
    """Assign a document to every part, end documents without pages, and store the resulting split.

    `rotated` maps the pages that were read again to their quarter turns; None means that all were read again.
    """
    current_parts = _locked(child_documents_of(file))
    split_plan = plan_split_edit(proposal.parts, current_children_of(current_parts), pages_read_again=rotated)
    _check_split_allowed(file, current_parts, split_plan, actor)
    sources = _sources(file, current_parts)
    latest = latest_split(file)
    once = f"{(latest.number if latest else 0) + 1}"
    old = {row.id: row for row in current_parts}
    for gone in split_plan.obsolete_ids:
        _end_document(old[gone], by, once=once)
    erased = _erased_parts(latest)
    part_entries = [
        part_entry(
            erased.get(place.pages) or _assign_document(file, place, old, sources, once, rotated or NO_ROTATIONS).id,
            place.pages,
            proposal.reasons.get(place.pages[0], ()),
        )
        for place in split_plan.assignments
    ]
    dropped = {str(number): why for number, why in sorted(proposal.dropped.items())}
    split = save_split(file, part_entries, dropped, proposal.boundaries, made_by)
    if file.status != S.SPLIT:
        _end_document(file, by, once=once, status=S.SPLIT, signal=actor is not None)
    if made_by is not None:
        unchanged = [place.unchanged_id for place in split_plan.assignments if place.unchanged_id]
        review_tasks().resolve_split_suggestions(unchanged)
    record_event(
        by, "split.made", "document", file.id, number=split.number, parts=len(part_entries), dropped=len(dropped)
    )
    publish_progress(run_ref_of(file), "document.status")
    return split


def _erased_parts(latest: Split | None) -> dict[tuple[int, ...], UUID]:
    """Return parts with erased documents by their pages: an unchanged part does not get a new document."""
    parts = {UUID(part["document"]): tuple(part["pages"]) for part in latest.parts} if latest else {}
    here = set(Document.objects.filter(pk__in=parts).values_list("pk", flat=True))
    return {pages: key for key, pages in parts.items() if key not in here}


def _assign_document(
    file: Document,
    place: PartAssignment,
    old: Mapping[UUID, Document],
    sources: Sequence[HumanValueSource],
    once: str,
    rotations: Mapping[int, int],
) -> Document:
    """Return the document of a part, with copied human values; a new or changed one is assessed."""
    if place.unchanged_id is not None:
        return old[place.unchanged_id]
    shared = sorted(sources, key=lambda source: -len(set(source.pages) & set(place.pages)))
    if place.continued_id is not None:
        part = old[place.continued_id]
        review_tasks().cancel(TenantId(part.tenant_id), part.id)
        replace_child_pages(file, part, place.pages, dedup_key=once)
    else:
        part = create_child_document(file, place.pages, place.replaced_id)
    copy_human_values(part, shared, rotations)
    start_child_document(part)
    return part


def part_entry(document_id: UUID, pages: Sequence[int], reasons: Sequence[str]) -> dict[str, Any]:
    return {"document": str(document_id), "pages": list(pages), "reasons": list(reasons)}


def _sources(file: Document, current_parts: Sequence[Document]) -> list[HumanValueSource]:
    """Return the documents that may have human values: the child documents, or the unsplit file."""
    parts = [HumanValueSource(row.id, row.run, tuple(row.parent_pages or ()), row.schema_key) for row in current_parts]
    return parts or [HumanValueSource(file.id, file.run, tuple(range(1, file.pages + 1)), file.schema_key)]


def _end_document(
    row: Document, by: AuditActor, *, once: str, status: DocumentStatus = S.SUPERSEDED, signal: bool = True
) -> None:
    """End a document that lost its pages; webhook receivers are notified if it was decided."""
    decided = S(row.status) in DECIDED
    review_tasks().cancel(TenantId(row.tenant_id), row.id)
    close_document(row, status, by, dedup_key=once if signal else "")
    if decided:
        data = {"document": str(row.id), "run": row.run, "status": status.value}
        name = f"{row.id}/{status.value}/{once}"
        emit(WebhookEvent("document.corrected", TenantId(row.tenant_id), name, data, row.webhook_url))


def _check_split_allowed(
    file: Document, current_parts: Sequence[Document], split_plan: SplitEditPlan, actor: Actor | None
) -> None:
    """Reject edits of documents claimed by another user, or of decided ones without the permission to reopen."""
    if actor is None:
        return
    goes = {place.continued_id for place in split_plan.assignments} | set(split_plan.obsolete_ids)
    changed = [row for row in current_parts if row.id in goes] + ([file] if file.status != S.SPLIT else [])
    check_may_change(actor, changed)


def check_may_change(actor: Actor, changed: Sequence[Document]) -> None:
    """Check documents before a change; raises NotAllowed, ClaimedByOther, FourEyesViolation."""
    if any(S(row.status) in DECIDED for row in changed):
        actor.require(Permission.REVIEW_REOPEN)
    review_tasks().check_free(actor, [row.pk for row in changed])
