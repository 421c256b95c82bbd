"""`manage.py seed_demo`: the tenant `demo`, a user for each role, and fifteen demonstration documents.

The passwords are generated once per data folder and stored in it, so that a second start prints the same ones.
"""

import json
import secrets
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.management.base import BaseCommand

from ingestion.contracts import IngestOptions
from ingestion.models import Document
from ingestion.services.upload import ingest_file
from refinery.api.tenant_provisioning import MemberSpec, ensure_member, provision_tenant
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Tenant, User
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.services import user_id_of
from refinery.core.types import TenantId
from refinery.settings.env import env

TENANT = "demo"
IMPORTER = "importer@service.invalid"
MEDIA_TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".tif": "image/tiff"}


class Command(BaseCommand):
    """Seed the demonstration tenant; repeating the command adds only missing objects."""

    help = "Create the demonstration tenant, its users and documents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments: output format, and whether to create documents."""
        parser.add_argument("--json", action="store_true", help="print the users as JSON")
        parser.add_argument("--no-documents", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the missing objects and print the users."""
        tenant_id = provision_tenant(slug=TENANT, name="Demo Ltd")
        passwords = load_or_create_passwords(env.refinery_var / "demo-users.json")
        users = []
        for role in Role:
            email = f"{role.value.replace('_', '.')}@demo.example"
            name = role.value.replace("_", " ").title()
            ensure_member(tenant_id, MemberSpec(email, name, role, passwords[role.value]))
            users.append({"role": role.value, "email": email, "password": passwords[role.value]})
        if not options["no_documents"]:
            seed_documents(importer_of(tenant_id), tenant_id)
        if options["json"]:
            self.stdout.write(json.dumps({"users": users}))
            return
        for user_row in users:
            self.stdout.write(f"{user_row['role']:12} {user_row['email']:28} {user_row['password']}")


def importer_of(tenant_id: TenantId) -> Actor:
    """Return the service user that uploads the demonstration documents, so that every person may approve them."""
    user = User.objects.filter(email=IMPORTER).first()
    user = user or User.objects.create_user(IMPORTER, name="Demo importer", is_service=True)
    return Actor(user_id_of(user), tenant_id, Role.OPERATOR, user.name, "service")


def load_or_create_passwords(place: Path) -> dict[str, str]:
    """Read the passwords of this data folder and generate missing ones; only its owner can read the file.

    A folder of an earlier version has none for a role that was added since.
    """
    known: dict[str, str] = json.loads(place.read_text()) if place.exists() else {}
    passwords = {role.value: secrets.token_urlsafe(9) for role in Role} | known
    if passwords != known:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(json.dumps(passwords))
    return passwords


def seed_documents(actor: Actor, tenant_id: TenantId) -> None:
    """Generate the demonstration documents and ingest them, unless there are documents already."""
    with tenant_scope(tenant_id):
        if Document.objects.visible_to(actor).exists():
            return
        # One of them is an exact duplicate on purpose: both are kept here, so that the check can be demonstrated.
        Tenant.objects.filter(pk=tenant_id).update(keep_duplicates=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "samples", "--demo", "--out", folder]
        subprocess.run(command, check=True, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        for path in sorted(Path(folder).iterdir()):
            if path.suffix in MEDIA_TYPES:
                ingest_path(actor, path)
    with tenant_scope(tenant_id):
        Tenant.objects.filter(pk=tenant_id).update(keep_duplicates=False)


def ingest_path(actor: Actor, path: Path) -> None:
    """Ingest one file."""
    with path.open("rb") as handle:
        ingest_file(
            actor=actor,
            file=File(handle),
            filename=path.name,
            declared_type=MEDIA_TYPES[path.suffix],
            options=IngestOptions(),
        )
