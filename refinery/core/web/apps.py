"""Django apps shared by the web process."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """App configuration of the web layer."""

    name = "refinery.core.web"
    label = "web"
    default = True


class UnfoldConfig(AppConfig):
    """Unfold for its templates and static files only; its own configuration would create a second admin site."""

    name = "unfold"
