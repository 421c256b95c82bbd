"""What the web process shares as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name the app."""

    name = "refinery.web"
    label = "web"
