"""Django app of webhooks."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """App configuration of webhooks."""

    name = "refinery.core.webhooks"
    label = "webhooks"
