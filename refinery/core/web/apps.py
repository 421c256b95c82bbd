"""What the web process shares as Django apps."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name the app."""

    name = "refinery.core.web"
    label = "web"
    default = True


class UnfoldConfig(AppConfig):
    """Unfold for its templates and static files; its own configuration would make a site that nobody asks for."""

    name = "unfold"
