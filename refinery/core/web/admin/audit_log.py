"""Read-only view of the audit log."""

from django.contrib.admin import register

from refinery.core.audit.models import AuditEvent
from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_lists import KnownValuesFilter
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site


@register(AuditEvent, site=site)
class AuditEventAdmin(TenantAdmin):
    """Events of the audit log, newest first; they cannot be changed."""

    view_permission = Permission.AUDIT_VIEW
    list_display = ("at", "action", "object_type", "object_id", "actor_kind", "actor_id", "request_id")
    list_filter = (("actor_kind", KnownValuesFilter), ("object_type", KnownValuesFilter))
    search_fields = ("action", "request_id")
    fields = (*list_display, "detail")
