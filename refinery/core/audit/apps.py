"""Django app of the audit log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """App configuration of the audit log."""

    name = "refinery.core.audit"
    label = "audit"
