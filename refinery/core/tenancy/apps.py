"""Django app of tenants and their members."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """App configuration of tenancy."""

    name = "refinery.core.tenancy"
    label = "tenancy"
