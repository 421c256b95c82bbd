"""Part a file into documents, as it was read or as a person says, and mend that: whole or not at all.

Both ways are one transaction under the file's row lock. Documents whose pages stay keep all they have; others go
on as a new run, or, where they were decided, stand superseded beside a new one. Receivers are told of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DECIDED, DocumentStatus
from ingestion.domain.page.rotation import unpack_turns
from ingestion.domain.splitting.edits import Mending, Place, plan
from ingestion.models import Document, Split
from ingestion.services.child_documents import (
    Source,
    close,
    go_on,
    keep_words,
    latest_split,
    make_part,
    parts_of,
    run_of,
    standing_of,
    start_part,
)
from ingestion.services.progress import StaleAttempt, tell
from ingestion.services.splitting import (
    boundaries_in,
    kept_split,
    look_for_parts,
    pack_boundaries,
    write_split,
)
from quality.domain.checks.several_documents import MAY_HOLD_SEVERAL
from quality.models import Issue
from refinery.core.audit.services import AuditActor, record
from refinery.core.tenancy.actor import Actor, system
from refinery.core.tenancy.roles import Verb
from refinery.core.types import TenantId
from refinery.core.webhooks.services import Event, emit
from review.domain.lifecycle import UNFINISHED
from review.models import ReviewTask
from review.services.edits import InOtherHands
from review.services.tasks import cancel_tasks

S = DocumentStatus
NOTHING: Final[Mapping[int, int]] = {}


class FourEyes(Exception):
    """Another person has to look at a document of the file: who is kept from that may not part it either."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file shall be parted: pages by their numbers in it; `reasons` by a part's first page."""

    parts: tuple[tuple[int, ...], ...]
    dropped: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, Sequence[str]] = field(default_factory=dict)
    boundaries: Sequence[dict[str, object]] = ()

    def whole(self, pages: int) -> bool:
        """Say whether it is one document, as the file came."""
        return self.parts == (tuple(range(1, pages + 1)),)


def part_file(ref: RunRef) -> DocumentStatus:
    """Part a file that has been read; gives its status. Needs an open tenant scope; raises StaleAttempt.

    A repetition finds its work done. What a person has parted stays parted that way, whatever is read again.
    """
    lock_tasks(ref.tenant_id, ref.document_id)
    file = Document.objects.select_for_update().get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
    if file.status == S.SPLIT:
        return S.SPLIT
    if file.status != S.ASSESSING:
        raise StaleAttempt
    if file.parent_pages is not None or _parted_by(file, ref.run):
        return S.ASSESSING
    layout = _layout_of(file)
    standing = parts_of(file)
    if len(layout.parts) > 1 or layout.dropped or (kept_split(file) and standing):
        lay_out(file, layout, system(ref.tenant_id), made_by=_kept_by(file), anew=_read_anew(file))
        return S.SPLIT
    for part in standing:  # of an earlier reading, by other rules
        _retire(part, system(ref.tenant_id), once=f"run{file.run}")
    if layout.boundaries or standing:
        write_split(file, [told_part(file.id, layout.parts[0], ())], {}, layout.boundaries)
    return S.ASSESSING


def _read_anew(file: Document) -> dict[int, int] | None:
    """Give the pages that a person turned before this run, which took all others over; None for any other run."""
    turned = file.turned
    return unpack_turns(turned["pages"]) if turned and turned["run"] == file.run else None


def _parted_by(file: Document, run: int) -> bool:
    split = latest_split(file)
    return split is not None and split.run == run


def _kept_by(file: Document) -> UUID | None:
    split = kept_split(file)
    return split.made_by_id if split else None


def _layout_of(file: Document) -> Layout:
    kept = kept_split(file)
    if kept is not None:
        return Layout(
            tuple(tuple(part["pages"]) for part in kept.parts), {int(n): why for n, why in kept.dropped.items()}
        )
    found = look_for_parts(file)
    reasons = {part.pages[0]: part.reasons for part in found.parts}
    boundaries = pack_boundaries(boundaries_in(found))
    return Layout(tuple(part.pages for part in found.parts), found.dropped, reasons, boundaries)


def lay_out(
    file: Document,
    layout: Layout,
    by: AuditActor,
    *,
    made_by: UUID | None,
    actor: Actor | None = None,
    anew: Mapping[int, int] | None = NOTHING,
) -> Split:
    """Give every part its document, end those that hold nothing any more, and write down how it stands now.

    `anew` are the pages that were read again, by how many quarters they were turned then; None for all.
    """
    standing = list(Document.objects.select_for_update().filter(pk__in=[row.pk for row in parts_of(file)]))
    mending = plan(layout.parts, standing_of(standing), anew=anew)
    _check_mended(file, standing, mending, actor)
    sources = _sources(file, standing)
    latest = latest_split(file)
    once = f"{(latest.number if latest else 0) + 1}"
    old = {row.id: row for row in standing}
    for gone in mending.over:
        _retire(old[gone], by, once=once)
    erased = _erased(latest)
    told = [
        told_part(
            erased.get(place.pages) or _seat(file, place, old, sources, once, anew or NOTHING).id,
            place.pages,
            layout.reasons.get(place.pages[0], ()),
        )
        for place in mending.places
    ]
    dropped = {str(number): why for number, why in sorted(layout.dropped.items())}
    split = write_split(file, told, dropped, layout.boundaries, made_by)
    if file.status != S.SPLIT:
        _retire(file, by, once=once, status=S.SPLIT, wake=actor is not None)
    settle_doubts([place.stays for place in mending.places if place.stays], made_by)
    record(by, "split.made", "document", file.id, number=split.number, parts=len(told), dropped=len(dropped))
    tell(run_of(file), "document.status")
    return split


def _erased(latest: Split | None) -> dict[tuple[int, ...], UUID]:
    """Give the parts whose documents were erased, by their pages: while they stay as they are, none comes back."""
    parts = {UUID(part["document"]): tuple(part["pages"]) for part in latest.parts} if latest else {}
    here = set(Document.objects.filter(pk__in=parts).values_list("pk", flat=True))
    return {pages: key for key, pages in parts.items() if key not in here}


def _seat(
    file: Document,
    place: Place,
    old: Mapping[UUID, Document],
    sources: Sequence[Source],
    once: str,
    turns: Mapping[int, int],
) -> Document:
    """Give a part its document, with what people have said of its fields, and have it judged."""
    if place.stays is not None:
        return old[place.stays]
    shared = sorted(sources, key=lambda source: -len(set(source.pages) & set(place.pages)))
    if place.goes_on is not None:
        part = old[place.goes_on]
        cancel_tasks(TenantId(part.tenant_id), part.id)
        go_on(file, part, place.pages, once=once)
    else:
        part = make_part(file, place.pages, place.replaces)
    keep_words(part, shared, turns)
    start_part(part)
    return part


def told_part(document_id: UUID, pages: Sequence[int], reasons: Sequence[str]) -> dict[str, Any]:
    return {"document": str(document_id), "pages": list(pages), "reasons": list(reasons)}


def _sources(file: Document, standing: Sequence[Document]) -> list[Source]:
    """Give the documents whose fields people may have judged: the parts, or the file while it was whole."""
    parts = [Source(row.id, row.run, tuple(row.parent_pages or ()), row.schema_key) for row in standing]
    return parts or [Source(file.id, file.run, tuple(range(1, file.pages + 1)), file.schema_key)]


def _retire(
    row: Document, by: AuditActor, *, once: str, status: DocumentStatus = S.SUPERSEDED, wake: bool = True
) -> None:
    """End a document that pages have left; receivers that knew of its decision hear of it."""
    decided = S(row.status) in DECIDED
    cancel_tasks(TenantId(row.tenant_id), row.id)
    close(row, status, by, once=once if wake else "")
    if decided:
        data = {"document": str(row.id), "run": row.run, "status": status.value}
        name = f"{row.id}/{status.value}/{once}"
        emit(Event("document.corrected", TenantId(row.tenant_id), name, data, row.webhook_url))


def _check_mended(file: Document, standing: Sequence[Document], mending: Mending, actor: Actor | None) -> None:
    """Refuse to take a document out of other hands, or a decision away without the right to reopen it."""
    if actor is None:
        return
    goes = {place.goes_on for place in mending.places} | set(mending.over)
    changed = [row for row in standing if row.id in goes] + ([file] if file.status != S.SPLIT else [])
    check_hands(actor, changed)


def check_hands(actor: Actor, changed: Sequence[Document]) -> None:
    """The same for documents that are known to change; raises NotAllowed, InOtherHands, FourEyes."""
    if any(S(row.status) in DECIDED for row in changed):
        actor.require(Verb.REVIEW_REOPEN)
    tasks = ReviewTask.objects.visible_to(actor).filter(document__in=[row.pk for row in changed])
    if tasks.in_hand().filter(lease_expires_at__gte=timezone.now()).exclude(assignee_id=actor.user_id).exists():
        raise InOtherHands
    if tasks.filter(state__in=UNFINISHED, excluded_id=actor.user_id).exists():
        raise FourEyes


def lock_tasks(tenant_id: UUID, file_id: UUID) -> None:
    """Lock the tasks of the file and its parts before their documents, in the order in which a decision does."""
    about = Q(document_id=file_id) | Q(document__parent_id=file_id, document__parent_pages__isnull=False)
    tasks = ReviewTask.objects.filter(about, tenant_id=tenant_id, state__in=UNFINISHED).order_by("id")
    list(tasks.select_for_update(of=("self",)).values_list("id", flat=True))


def settle_doubts(documents: Sequence[UUID], made_by: UUID | None) -> None:
    """A person has looked at these as they are: the suggestion to part them is answered."""
    if made_by is not None:
        Issue.objects.filter(document_id__in=documents, code=MAY_HOLD_SEVERAL, overturned=None).update(
            overturned=True
        )
