"""`manage.py create_api_key --tenant demo --role operator --name ci`: prints a key once, as a single line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from refinery.core.tenancy.platform import tenant_by_slug
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.services import create_api_key

ROLES = [role.value for role in Role if role is not Role.SUPER_ADMIN]


class Command(BaseCommand):
    """Create a key with a new service user."""

    help = "Create an API key and print it; it is not shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments: tenant, role and name."""
        parser.add_argument("--tenant", required=True, help="the tenant's slug")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the key and print it."""
        tenant_id = tenant_by_slug(options["tenant"])
        if tenant_id is None:
            message = f"there is no tenant {options['tenant']!r}"
            raise CommandError(message)
        made = create_api_key(actor=None, tenant_id=tenant_id, name=options["name"], role=Role(options["role"]))
        self.stdout.write(made.key)
