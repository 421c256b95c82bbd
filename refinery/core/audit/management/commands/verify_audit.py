"""`manage.py verify_audit`: verify the audit log and name the first bad row of each tenant."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from refinery.core.audit.anchors import stored_anchors
from refinery.core.audit.tenants import tenants_with_log
from refinery.core.audit.verification import verify_log
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId


class Command(BaseCommand):
    """Verify one tenant or all, also against the stored anchors; the exit status is 1 if anything was found."""

    help = "Verify the audit log: rows, seals, their chain and signatures."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments: a tenant's id, and a chain head that was recorded outside of the database."""
        parser.add_argument("--tenant", type=UUID, help="the id of one tenant; all when not given")
        parser.add_argument("--head", default="", help="a digest that seal_audit printed: it must be in the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per tenant."""
        given: UUID | None = options["tenant"]
        if options["head"] and given is None:
            message = "--head needs --tenant"
            raise CommandError(message)
        tenants = [TenantId(given)] if given else tenants_with_log()
        bad = [tenant_id for tenant_id in tenants if not self.verify(tenant_id, options["head"])]
        if bad:
            message = f"the audit log of {len(bad)} tenant(s) was altered"
            raise CommandError(message)

    def verify(self, tenant_id: TenantId, head: str) -> bool:
        """Verify one tenant and print the finding."""
        heads = [*stored_anchors(tenant_id), *([head] if head else [])]
        with tenant_scope(tenant_id):
            verdict = verify_log(tenant_id, heads=heads)
        if verdict.first_finding is None:
            line = f"{tenant_id} good: {verdict.events} events, {verdict.seals} seals, head {verdict.head or '-'}"
            self.stdout.write(line)
            return True
        self.stdout.write(f"{tenant_id} BAD: {verdict.first_finding}")
        return False
