"""Four eyes: whoever uploaded a document, or changed its values outside of a review, does not approve it alone."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Func, QuerySet, Value

from ingestion.models import Document
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query, is_any_of
from refinery.core.tenancy.models import FourEyes, Tenant
from refinery.core.types import TenantId
from review.contracts import Submission
from review.domain.corrections import Change
from review.domain.lifecycle import UNFINISHED, ReviewVerdict, TaskKind
from review.models import Correction, ReviewTask

EXEMPT_KINDS = frozenset({TaskKind.PASSWORD})  # often only the uploader knows the password


class SecondPersonNeeded(Exception):
    """Another person has to decide: the actor is excluded from the task."""


def four_eyes_of(tenant_id: UUID) -> FourEyes:
    """Return the tenant's rule."""
    return FourEyes(Tenant.objects.values_list("four_eyes", flat=True).get(pk=tenant_id))


def involved_people(tenant_id: TenantId, document_id: UUID, kind: TaskKind) -> list[UUID]:
    """Return the users who uploaded the document or changed its values outside of a review task.

    A child document of a split takes over values that people changed in its file.
    """
    if kind in EXEMPT_KINDS:
        return []
    origin = origin_of(tenant_id, document_id)
    sources = [document_id]
    if origin.parent_pages and origin.parent_id:
        sources.append(origin.parent_id)
    people = (origin.uploaded_by_id, *_editors(tenant_id, sources))
    return sorted({person for person in people if person is not None})


@compiled_query
def _editors(tenant_id: TenantId, document_ids: list[UUID]) -> "QuerySet[Correction, Any]":
    edits = Correction.objects.filter(
        is_any_of("document_id", document_ids), tenant_id=tenant_id, task=None, undone_at=None
    )
    return edits.exclude(before=F("after")).values_list("reviewer_id", flat=True)


class DocumentOrigin(NamedTuple):
    """Who uploaded a document, and the file and the pages that it was split from."""

    uploaded_by_id: UUID | None
    parent_id: UUID | None
    parent_pages: list[int] | None


def origin_of(tenant_id: TenantId, document_id: UUID) -> DocumentOrigin:
    """Return the origin of a document; raises Document.DoesNotExist."""
    row = _origins.first(tenant_id, document_id)
    if row is None:
        raise Document.DoesNotExist
    return DocumentOrigin(*row)


@compiled_query
def _origins(tenant_id: TenantId, document_id: UUID) -> "QuerySet[Document, Any]":
    rows = Document.objects.filter(tenant_id=tenant_id, id=document_id)
    return rows.values_list("uploaded_by_id", "parent_id", "parent_pages")


def add_involved(actor: Actor, document_id: UUID) -> None:
    """Exclude an actor who has changed a value from the document's unfinished tasks, which the caller has locked."""
    tasks = ReviewTask.objects.visible_to(actor).filter(document_id=document_id, state__in=UNFINISHED)
    others = tasks.exclude(kind__in=EXEMPT_KINDS).exclude(involved_ids__contains=[actor.user_id])
    others.update(involved_ids=Func(F("involved_ids"), Value(actor.user_id), function="array_append"))


def is_excluded(actor: Actor, task: ReviewTask) -> bool:
    """Return whether the actor may not decide the task."""
    if task.excluded_id == actor.user_id:
        return True
    return actor.user_id in task.involved_ids and four_eyes_of(actor.tenant_id) is not FourEyes.OFF


def effective_verdict(rule: FourEyes, submission: Submission, changes: Iterable[Change]) -> ReviewVerdict:
    """Return the verdict to store: under the strict rule, approving corrected values requests a second review."""
    if submission.verdict is not ReviewVerdict.APPROVE or not any(change.edited for change in changes):
        return submission.verdict
    return ReviewVerdict.NEEDS_SECOND_REVIEW if rule is FourEyes.STRICT else submission.verdict
