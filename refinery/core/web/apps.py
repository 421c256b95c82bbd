"""Django apps that every process needs."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from refinery.core.database.migration_check import check_applied_migrations


class UnfoldConfig(AppConfig):
    """Unfold for its templates and static files only; its own configuration would create a second admin site."""

    name = "unfold"
    default = False  # the configuration of refinery.core.web is WebConfig


class WebConfig(AppConfig):
    """App configuration of the web edge."""

    name = "refinery.core.web"

    def ready(self) -> None:
        """Register the kernel's system check."""
        register(check_applied_migrations, Tags.database)
