"""`manage.py refresh_fingerprints`: compute signatures of an earlier method again, after an update."""

from typing import Any

from django.core.management.base import BaseCommand

from quality.services.fingerprint_refresh import refresh_fingerprints
from refinery.core.audit.tenants import tenants_with_log
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId


class Command(BaseCommand):
    """Compute them for all tenants, in small transactions: it can run while the program does, and be interrupted."""

    help = "Compute the signatures of texts again that an earlier version stored, so that copies of them are found."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the number of documents."""
        done = sum(self.refresh(tenant_id) for tenant_id in tenants_with_log())
        self.stdout.write(f"{done} signatures computed again")

    def refresh(self, tenant_id: TenantId) -> int:
        """Return the number of documents of one tenant."""
        done = 0
        while count := self._refresh_some(tenant_id):
            done += count
        return done

    def _refresh_some(self, tenant_id: TenantId) -> int:
        with tenant_scope(tenant_id):
            return refresh_fingerprints(tenant_id)
