"""System check that this version has every migration that was applied to the database."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import Error
from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from refinery.settings.env import ROOT


def check_applied_migrations(*, databases: Sequence[str] | None = None, **options: Any) -> list[Error]:
    """Return an error for each database to which another version applied migrations; `migrate` checks its database.

    Only our own apps count, and only databases that the router allows them to migrate.
    """
    ours = [config.label for config in apps.get_app_configs() if (ROOT / config.name.partition(".")[0]).is_dir()]
    known = MigrationLoader(None).disk_migrations
    errors = []
    for alias in databases or ():
        migrated = {label for label in ours if router.allow_migrate(alias, label)}
        applied = MigrationRecorder(connections[alias]).applied_migrations() if migrated else {}
        if unknown := sorted(f"{app}.{name}" for app, name in applied if app in migrated and (app, name) not in known):
            message = f"another version made the tables ({unknown[-1]} is unknown here)"
            hint = "Use a new database; `make reset` deletes the embedded one."
            errors.append(Error(message, hint, f"database {alias}", "refinery.E001"))
    return errors
