"""Conversion of a workflow input to a run reference, and the tenant transaction around a step."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from ingestion.contracts import RunRef
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId
from workers.messages import DocumentInput


def ref_of(document_input: DocumentInput) -> RunRef:
    """Return the run reference of a workflow input."""
    return RunRef(TenantId(UUID(document_input.tenant)), UUID(document_input.document), document_input.run)


@contextmanager
def run_scope(document_input: DocumentInput) -> Iterator[RunRef]:
    """Open the tenant's transaction for one step of a run."""
    ref = ref_of(document_input)
    with tenant_scope(ref.tenant_id):
        yield ref
