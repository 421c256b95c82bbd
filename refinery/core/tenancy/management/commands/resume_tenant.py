"""`manage.py resume_tenant acme`: end a suspension."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from refinery.core.tenancy.management.tenants import named_tenant
from refinery.core.tenancy.suspension import resume_tenant


class Command(BaseCommand):
    """Resume a tenant; repeating the command changes nothing."""

    help = "Reactivate a suspended tenant: its users and API keys have access again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument: the slug."""
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        """Resume the tenant and print the result."""
        moved = resume_tenant(tenant_id=named_tenant(options["slug"]))
        self.stdout.write(f"tenant {options['slug']} {'is now' if moved else 'was already'} active")
