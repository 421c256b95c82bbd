"""From what travels to what the services speak: a run's reference, within its tenant's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from ingestion.contracts import RunRef
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId
from workers.messages import DocumentOrder


def ref_of(order: DocumentOrder) -> RunRef:
    """Read a run's reference."""
    return RunRef(TenantId(UUID(order.tenant)), UUID(order.document), order.run)


@contextmanager
def run_scope(order: DocumentOrder) -> Iterator[RunRef]:
    """Open the tenant's transaction around a step of one run."""
    ref = ref_of(order)
    with tenant_scope(ref.tenant_id):
        yield ref
