"""The audit log, to look at."""

from django.contrib.admin import register

from refinery.core.audit.models import AuditEvent
from refinery.core.tenancy.roles import Verb
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site


@register(AuditEvent, site=site)
class AuditEventAdmin(TenantAdmin):
    """Who did what, newest first; it cannot be changed, here or anywhere."""

    view_verb = Verb.AUDIT_VIEW
    list_display = ("at", "action", "object_type", "object_id", "actor_kind", "actor_id", "request_id")
    list_filter = ("actor_kind", "object_type")
    search_fields = ("action", "request_id")
    fields = (*list_display, "detail")
