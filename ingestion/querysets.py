"""Querysets of batches, documents, their rows, region readings and reprocessing runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Q

from ingestion.domain.lifecycle import FINAL, DocumentStatus
from ingestion.domain.reprocessing_status import OPEN_STATUSES
from refinery.core.database.prepared import prepared_cursor
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import is_any_of
from refinery.core.tenancy.grants import Ids, granted_ids, related_model, related_rows
from refinery.core.tenancy.querysets import TenantQuerySet
from refinery.core.tenancy.roles import Permission

Row = TypeVar("Row", bound=models.Model)
NAMED_AT_MOST: Final = 1000


def ids_by_name(text: str) -> list[UUID] | None:
    """Return the tenant's documents whose file name or external id contains the text, found by an index.

    None for a text that is shorter than three characters or that more than NAMED_AT_MOST documents contain; a list in
    its own order finds enough of those early. Case is ignored. Row level security keeps an ordinary query from this
    index, hence a function of the database (see the migration).
    """
    if "\0" in text:  # PostgreSQL refuses it in any text
        return None
    with prepared_cursor() as cursor:
        cursor.execute("SELECT platform_documents_named(%s, %s)", [text, NAMED_AT_MOST + 1])
        found: list[UUID] | None = cursor.fetchone()[0]
    return None if found is None or len(found) > NAMED_AT_MOST else found


# Querysets of document ids that higher apps grant: `register_document_grants` adds one.
GrantedDocuments = Callable[[Actor, Permission | None], Ids]
_granted_documents: Final[list[GrantedDocuments]] = []


def register_document_grants(granted: GrantedDocuments) -> None:
    """Add a function that returns the ids of documents which a guest may see because of other grants."""
    _granted_documents.append(granted)


class BatchQuerySet(TenantQuerySet[Row]):
    """Batches, filtered by tenant first."""

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter the batches with a grant to the actor."""
        return self.filter(pk__in=granted_ids(self.model, actor, permission))


class DocumentQuerySet(TenantQuerySet[Row]):
    """Documents, filtered by tenant first."""

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter the documents with a grant to the actor, of their own or of a batch or a queue.

        One list of ids, not conditions joined by OR: it is read from indexes, also when a single document is fetched.
        """
        first, *others = self._granted_themselves(actor, permission)
        others += [granted(actor, permission) for granted in _granted_documents]
        return self.filter(pk__in=first.union(*others, all=True))

    def shared_with(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter the documents with a grant to the actor, of their own or of their batch."""
        first, *others = self._granted_themselves(actor, permission)
        return self.filter(tenant_id=actor.tenant_id, pk__in=first.union(*others, all=True))

    def _granted_themselves(self, actor: Actor, permission: Permission | None) -> list[Ids]:
        """Return ids of documents with a grant, of those that came out of them, and of documents of a batch."""
        rows = related_rows(self.model, "parent").filter(tenant_id=actor.tenant_id)
        documents = granted_ids(self.model, actor, permission)
        batches = granted_ids(related_model(self.model, "batch"), actor, permission)
        children = rows.filter(parent_id__in=documents).values("pk")
        granted = rows.filter(pk__in=documents).values("pk")
        return [granted, children, rows.filter(batch_id__in=batches).values("pk")]

    def in_status(self, *statuses: DocumentStatus) -> Self:
        """Filter documents in one of the statuses."""
        return self.filter(status__in=[status.value for status in statuses])

    def unfinished(self) -> Self:
        """Filter documents whose workflow is still running."""
        return self.exclude(status__in=[status.value for status in FINAL])

    def newest_first(self) -> Self:
        """Order by arrival, because ids contain the time."""
        return self.order_by("-id")

    def matching(self, text: str) -> Self:
        """Filter documents whose file name or external id contains the text; asks the index of names first."""
        rows = self.filter(Q(filename__icontains=text) | Q(external_id__icontains=text))
        found = ids_by_name(text)
        return rows if found is None else rows.filter(is_any_of("pk", found))

    def counts_by_status(self) -> dict[str, int]:
        """Return the number of documents by status; counting rows, not ids, lets an index answer alone."""
        return dict(self.order_by().values_list("status").annotate(number=Count("*")))


class DocumentRowQuerySet(TenantQuerySet[Row]):
    """Rows that belong to a document: a guest sees those of the documents that they see."""

    def granted_to(self, actor: Actor, permission: Permission | None = None) -> Self:
        """Filter the rows of granted documents."""
        documents = related_rows(self.model, "document").filter(tenant_id=actor.tenant_id)
        return self.filter(document_id__in=documents.granted_to(actor, permission).values("pk"))


class RegionQuerySet(DocumentRowQuerySet[Row]):
    """Region readings, filtered by tenant first."""

    def requested_by(self, actor: Actor) -> Self:
        """Filter regions that the actor has requested; no other user may see them."""
        return self.visible_to(actor).filter(requested_by_id=actor.user_id)

    def waiting(self, at: datetime) -> Self:
        """Filter regions that a worker may still answer."""
        return self.filter(status="queued", expires_at__gt=at)

    def expired(self, at: datetime) -> Self:
        """Filter regions past their expiry."""
        return self.filter(expires_at__lte=at)


class ReprocessingQuerySet(DocumentRowQuerySet[Row]):
    """Reprocessing runs, filtered by tenant first."""

    def open(self) -> Self:
        """Filter runs that are in progress or wait for a decision."""
        return self.filter(status__in=OPEN_STATUSES)

    def stale(self) -> Self:
        """Filter open runs whose document has a newer run meanwhile, so that nothing can be compared."""
        return self.open().exclude(base_run=F("document__run"))

    def current(self) -> Self:
        """Filter open runs that are based on their document's current run; only these block another request."""
        return self.open().filter(base_run=F("document__run"))

    def newest_first(self) -> Self:
        """Order by the time of the request, because ids contain the time."""
        return self.order_by("-id")
