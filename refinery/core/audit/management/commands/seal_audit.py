"""`manage.py seal_audit`: seal the pending events of every tenant, anchor and print the heads of the chains."""

from typing import Any

from django.core.management.base import BaseCommand

from refinery.core.audit.anchors import anchor_seal
from refinery.core.audit.sealing import last_seal, seal_events
from refinery.core.audit.tenants import tenants_with_log
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId


class Command(BaseCommand):
    """Seal once; the workers' schedule calls the same function every minute."""

    help = "Seal pending audit events; prints one line per tenant: id, number of the last seal, its digest."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal all tenants, each in a separate transaction."""
        for tenant_id in tenants_with_log():
            self.seal(tenant_id)

    def seal(self, tenant_id: TenantId) -> None:
        """Seal one tenant until no events are pending."""
        with tenant_scope(tenant_id):
            while seal_events(tenant_id) is not None:
                pass
            head = last_seal(tenant_id)
        if head is not None:
            anchor_seal(head)
            self.stdout.write(f"{tenant_id} {head.number} {head.digest()}")
