"""Webhooks as a Django app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Name the app."""

    name = "refinery.core.webhooks"
    label = "webhooks"
