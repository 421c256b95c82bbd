"""The audit log as a Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Name the app."""

    name = "refinery.core.audit"
    label = "audit"
