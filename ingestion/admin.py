"""Admin of schemas, and read-only admin of documents and batches."""

from typing import Any

from django.contrib.admin import register
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import JSONField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from ingestion.domain.schemas import InvalidSchema, schema_from_json
from ingestion.models import Batch, Document, Schema
from ingestion.services.schemas import add_schema_version
from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request


class SchemaForm(ModelForm[Any]):
    """Form for a schema as JSON; reports every error with its location."""

    definition = JSONField(label=_("Definition"), widget=UnfoldAdminTextareaWidget())

    class Meta:
        model = Schema
        fields = ("definition",)

    def clean_definition(self) -> dict[str, Any]:
        """Validate the definition as the API does."""
        given: dict[str, Any] = self.cleaned_data["definition"]
        try:
            schema_from_json(given)
        except InvalidSchema as reason:
            raise ValidationError(reason.errors and list(map(": ".join, reason.errors.items()))) from reason
        return given


@register(Schema, site=site)
class SchemaAdmin(TenantAdmin):
    """Schemas. A stored version never changes: an edit adds a version under the same key."""

    view_permission = Permission.SCHEMA_VIEW
    edit_permission = Permission.SCHEMA_EDIT
    list_display = ("title", "key", "version", "is_active", "updated_at")
    list_filter = ("is_active",)
    search_fields = ("key", "title")
    form = SchemaForm
    ordering = ("key", "-version")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return only the definition for a new schema, all fields for a stored version."""
        return ("title", "key", "version", "is_active", "definition") if obj else ("definition",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deny changes of a stored version."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Add a version under the key that the definition names."""
        row = add_schema_version(actor=actor_of_request(request), definition=form.cleaned_data["definition"])
        obj.pk, obj.tenant_id, obj.title, obj.version = row.pk, row.tenant_id, row.title, row.version

    def log_addition(self, request: HttpRequest, obj: Model, message: list[str]) -> None:
        """Skip the admin's log entry; the service has written the audit event."""


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
    list_filter = ("status",)
    search_fields = ("filename", "external_id")
    fields = (*list_display, "media_type", "size", "sha256", "run", "version", "error_code", "error_detail")
