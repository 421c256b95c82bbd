"""Tenant of the current transaction: row level security reads it from `app.tenant`."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from refinery.core.database.prepared import prepared_cursor
from refinery.core.types import TenantId


def current_tenant() -> str:
    """Return the tenant id of the transaction, an empty string outside of a scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        row = cursor.fetchone()
    return (row[0] or "") if row else ""


def release_connection() -> None:
    """Return the database connection to its pool before a slow step outside of any transaction."""
    if not connection.in_atomic_block:  # true only in tests, which wrap the whole request in a transaction
        connection.close()


def _enter(tenant_id: str) -> None:
    with prepared_cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [tenant_id])


@contextmanager
def tenant_scope(tenant_id: TenantId) -> Iterator[None]:
    """Run a block in one transaction that sees and writes only the rows of one tenant.

    Scopes nest only within the same tenant: a change of tenant inside a scope raises ValueError.
    """
    nested = connection.in_atomic_block
    before = current_tenant() if nested else ""
    if before and before != str(tenant_id):
        message = "a scope belongs to one tenant"
        raise ValueError(message)
    with transaction.atomic():
        _enter(str(tenant_id))
        yield
        if nested and not connection.needs_rollback:
            # Inside an outer transaction the setting would outlive the block, so it is reset explicitly.
            _enter(before)


@contextmanager
def outside_tenant() -> Iterator[None]:
    """Leave the tenant within its transaction, so that a scope of another one can be opened.

    Only for the platform's administrators, whose actions concern several tenants.
    """
    with transaction.atomic():
        before = current_tenant()
        _enter("")
        yield
        if not connection.needs_rollback:
            _enter(before)
