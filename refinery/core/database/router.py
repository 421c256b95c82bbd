"""Database router: migrations run as the owner, everything else as the application role."""

from typing import Any

from django.db.models import Model


class OwnerMigrationRouter:
    """Allow `migrate --database owner` to create the tables and refuse it on the application's connection."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Read through the application role."""
        return "default"

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Write through the application role."""
        return "default"

    def allow_relation(self, left: Model, right: Model, **hints: Any) -> bool:
        """Allow all relations: both connections lead to one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Migrate only on the owner's connection."""
        return db == "owner"
