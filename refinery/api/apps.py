"""The REST API as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Name the app."""

    name = "refinery.api"
    label = "api"
