"""`manage.py create_tenant acme --admin a@example.org`: create a tenant that is ready to use."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from refinery.api.tenant_provisioning import MemberSpec, ensure_member, provision_tenant
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import tenant_by_slug
from refinery.core.tenancy.roles import Role


class Command(BaseCommand):
    """Create a tenant; a new administrator's initial password is printed once."""

    help = "Create a tenant with its schemas, queues and first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments: slug, name and the administrator's address."""
        parser.add_argument("slug")
        parser.add_argument("--name", default="")
        parser.add_argument("--admin", required=True, help="mail address of its first org_admin")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the tenant, or fail if the slug is taken."""
        slug = options["slug"]
        if tenant_by_slug(slug) is not None:
            message = f"there is a tenant {slug!r} already"
            raise CommandError(message)
        known = User.objects.filter(email=options["admin"].lower()).exists()
        password = None if known else secrets.token_urlsafe(12)
        with transaction.atomic():
            tenant_id = provision_tenant(slug=slug, name=options["name"] or slug.title())
            ensure_member(tenant_id, MemberSpec(options["admin"].lower(), "", Role.ORG_ADMIN, password))
        self.stdout.write(f"tenant {slug} ({tenant_id}), administrator {options['admin']}")
        if password:
            self.stdout.write(f"password {password}")
