"""Read-only admin of documents and batches."""

from django.contrib.admin import register

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Batch, Document
from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_lists import filter_of
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site


@register(Batch, site=site)
class BatchAdmin(TenantAdmin):
    """Batches, read-only."""

    view_permission = Permission.BATCH_VIEW
    list_display = ("name", "status", "schema_key", "created_at")
    list_filter = ("status",)
    search_fields = ("name",)
    fields = list_display


@register(Document, site=site)
class DocumentAdmin(TenantAdmin):
    """Documents, read-only: actions are on their own pages."""

    view_permission = Permission.DOCUMENT_VIEW
    list_display = ("filename", "status", "stage", "schema_key", "pages", "created_at")
    list_filter = (("status", filter_of(DocumentStatus)),)
    search_fields = ("filename", "external_id")
    fields = (*list_display, "media_type", "size", "sha256", "run", "version", "error_code", "error_detail")
