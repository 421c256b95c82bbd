"""The outbox as a Django app."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Name the app."""

    name = "refinery.core.outbox"
    label = "outbox"
