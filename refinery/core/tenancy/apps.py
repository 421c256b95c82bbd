"""Tenants and their people as a Django app."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Name the app."""

    name = "refinery.core.tenancy"
    label = "tenancy"
