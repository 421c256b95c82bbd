"""Admin of schemas: written as rows of fields or as JSON; an edit adds a version."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.admin.schema_form import SchemaForm, form_values
from ingestion.models import Schema
from ingestion.services.schemas import add_schema_version, retire_schema
from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_row_actions import RowAction, RowActionAdmin
from refinery.core.web.admin_site import site
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.requests import actor_of_request

NEW_VERSION = RowAction("new_version", _("Change it"), _("A stored version stays as it is: a change adds another one."))
RETIRE = RowAction("retire", _("Retire"), _("New documents no longer get this schema; documents that have it keep it."))


@register(Schema, site=site)
class SchemaAdmin(RowActionAdmin):
    """Schemas. A stored version never changes: an edit adds a version under the same key."""

    view_permission = Permission.SCHEMA_VIEW
    edit_permission = Permission.SCHEMA_EDIT
    list_display = ("title", "key", "version", "is_active", "updated_at")
    list_filter = ("is_active",)
    search_fields = ("key", "title")
    form = SchemaForm
    ordering = ("key", "-version")
    add_form_template = "admin/schema_form.html"

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the fields above the rows for a new schema, all fields for a stored version."""
        return ("title", "key", "version", "is_active", "definition") if obj else ("title", "key", "keywords")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deny changes of a stored version."""
        return obj is None and super().has_change_permission(request)

    def available_row_actions(self, request: HttpRequest, obj: Any) -> tuple[RowAction, ...]:  # noqa: ANN401 - a row
        """Offer to retire the version in use."""
        return (NEW_VERSION, RETIRE) if obj.is_active else (NEW_VERSION,)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the values of the version that is changed."""
        version = uuid_or_none(request.GET.get("from", ""))
        row = Schema.objects.visible_to(actor_of_request(request)).filter(pk=version).first() if version else None
        return form_values(row.definition) if row else {}

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Add a version under the key that the definition names."""
        row = add_schema_version(actor=actor_of_request(request), definition=form.cleaned_data["definition"])
        obj.pk, obj.tenant_id, obj.title, obj.version = row.pk, row.tenant_id, row.title, row.version

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # noqa: ANN401 - Django's signature
        """Skip the admin's log entry; the service has written the audit event."""

    def new_version(self, request: HttpRequest, row: Schema) -> HttpResponse:
        """Open the form with the values of this version."""
        return HttpResponseRedirect(f"{reverse('admin:ingestion_schema_add')}?from={row.pk}")

    def retire(self, request: HttpRequest, row: Schema) -> HttpResponse:
        """Retire the schema."""
        retire_schema(actor=actor_of_request(request), key=row.key)
        messages.success(request, gettext("%s is retired.") % row.title)
        return self.to_row(row)
