"""Schemas to write, documents and batches to look at."""

from typing import Any

from django.contrib.admin import register
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import JSONField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from ingestion.domain.schemas import InvalidSchema, from_json
from ingestion.models import Batch, Document, Schema
from ingestion.services.schemas import write_schema
from refinery.core.tenancy.roles import Verb
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request


class SchemaForm(ModelForm[Any]):
    """A schema as JSON, with every fault named."""

    definition = JSONField(label=_("Definition"), widget=UnfoldAdminTextareaWidget())

    class Meta:
        model = Schema
        fields = ("definition",)

    def clean_definition(self) -> dict[str, Any]:
        """Read it as the program will."""
        given: dict[str, Any] = self.cleaned_data["definition"]
        try:
            from_json(given)
        except InvalidSchema as reason:
            raise ValidationError(reason.errors and list(map(": ".join, reason.errors.items()))) from reason
        return given


@register(Schema, site=site)
class SchemaAdmin(TenantAdmin):
    """Kinds of documents. A version stays as it was written: a change is a new version under the same key."""

    view_verb = Verb.SCHEMA_VIEW
    edit_verb = Verb.SCHEMA_EDIT
    list_display = ("title", "key", "version", "is_active", "updated_at")
    list_filter = ("is_active",)
    search_fields = ("key", "title")
    form = SchemaForm
    ordering = ("key", "-version")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Write a definition; look at a written one."""
        return ("title", "key", "version", "is_active", "definition") if obj else ("definition",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A written version is to look at."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Write the next version of the key that the definition names."""
        row = write_schema(actor=actor_of_request(request), definition=form.cleaned_data["definition"])
        obj.pk, obj.tenant_id, obj.title, obj.version = row.pk, row.tenant_id, row.title, row.version

    def log_addition(self, request: HttpRequest, obj: Model, message: list[str]) -> None:
        """The service has told the log."""


@register(Batch, site=site)
class BatchAdmin(TenantAdmin):
    """Documents that came together, to look at."""

    view_verb = Verb.BATCH_VIEW
    list_display = ("name", "status", "schema_key", "created_at")
    list_filter = ("status",)
    search_fields = ("name",)
    fields = list_display


@register(Document, site=site)
class DocumentAdmin(TenantAdmin):
    """Documents, to look at: what is done to them is done on their own pages."""

    view_verb = Verb.DOCUMENT_VIEW
    list_display = ("filename", "status", "stage", "schema_key", "pages", "created_at")
    list_filter = ("status",)
    search_fields = ("filename", "external_id")
    fields = (*list_display, "media_type", "size", "sha256", "run", "version", "error_code", "error_detail")
