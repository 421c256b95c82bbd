"""`manage.py suspend_tenant acme`: reject its users and keys from their next request on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from refinery.core.tenancy.management.tenants import named_tenant
from refinery.core.tenancy.suspension import suspend_tenant


class Command(BaseCommand):
    """Suspend a tenant; repeating the command changes nothing."""

    help = "Suspend a tenant: its users and API keys lose access, its data is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument: the slug."""
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        """Suspend the tenant and print the result."""
        moved = suspend_tenant(tenant_id=named_tenant(options["slug"]))
        self.stdout.write(f"tenant {options['slug']} {'is now' if moved else 'was already'} suspended")
