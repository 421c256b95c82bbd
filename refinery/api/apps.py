"""Django app of the REST API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """App configuration of the API."""

    name = "refinery.api"
    label = "api"
