"""Django app of the outbox."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """App configuration of the outbox."""

    name = "refinery.core.outbox"
    label = "outbox"
