"""Quality as a Django app."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Name the app."""

    name = "quality"
    label = "quality"
