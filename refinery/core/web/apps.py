"""Django app that every page of the web process needs."""

from django.apps import AppConfig


class UnfoldConfig(AppConfig):
    """Unfold for its templates and static files only; its own configuration would create a second admin site."""

    name = "unfold"
    default = False  # refinery.core.web itself needs no configuration
