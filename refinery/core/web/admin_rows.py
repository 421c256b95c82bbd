"""Base classes of all admin pages: rows of the tenant, access by permission, changes in the audit log."""

from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.contrib.admin import TabularInline as DjangoTabularInline
from django.contrib.admin.utils import flatten
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelForm
from django.forms.models import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline

from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import User
from refinery.core.tenancy.querysets import TenantQuerySet
from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_changes import changed_values, deleted_values
from refinery.core.web.admin_lists import EstimatedPaginator
from refinery.core.web.requests import actor_of_request

Rows = QuerySet[Model, Model]


def visible_users(actor: Actor) -> QuerySet[User, User]:
    """Return the users of the actor's tenant: users belong to no tenant directly, their memberships do."""
    return User.objects.filter(memberships__tenant_id=actor.tenant_id, is_service=False).distinct()


def visible_rows(model: type[Model], actor: Actor) -> Rows:
    """Return the rows of a model that the actor may see; none for a model without a tenant."""
    if issubclass(model, User):
        return cast("Rows", visible_users(actor))
    rows: Rows = model._default_manager.all()  # noqa: SLF001 - Django's documented manager
    if isinstance(rows, TenantQuerySet):
        return cast("Rows", rows.visible_to(actor))
    return rows.filter(tenant_id=actor.tenant_id) if hasattr(model, "tenant_id") else rows.none()


class TenantChoicesMixin:
    """Limit the choices of foreign keys to rows that the actor may see."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Model] | None:
        """Limit the queryset of a foreign key."""
        kwargs["queryset"] = visible_rows(db_field.related_model, actor_of_request(request))
        field: ModelChoiceField[Model] | None = super().formfield_for_foreignkey(  # type: ignore[misc]  # the mixed-in admin's
            db_field, request, **kwargs
        )
        return field


class TenantInline(TenantChoicesMixin, TabularInline):  # type: ignore[misc]  # unfold has no types
    """Inline rows of the same tenant."""

    edit_permission: ClassVar[Permission] = Permission.TENANT_EDIT
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Rows:
        """Limit the rows to the tenant."""
        return visible_rows(cast("DjangoTabularInline[Any, Any]", self).model, actor_of_request(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Check the view permission."""
        return actor_of_request(request).can(self.edit_permission)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class TenantAdmin(TenantChoicesMixin, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Rows of the actor's tenant, read-only without `edit_permission`."""

    view_permission: ClassVar[Permission] = Permission.TENANT_EDIT
    edit_permission: ClassVar[Permission | None] = None
    may_add: ClassVar[bool] = True
    may_delete: ClassVar[bool] = False
    audit_type: ClassVar[str] = ""
    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatedPaginator

    def get_queryset(self, request: HttpRequest) -> Rows:
        """Limit the rows to the tenant, newest first."""
        return visible_rows(self.model, actor_of_request(request)).order_by(*(self.ordering or ("-pk",)))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Check the view permission."""
        return actor_of_request(request).can(self.view_permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show in the index what the actor may view."""
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Check the edit permission."""
        return self.edit_permission is not None and actor_of_request(request).can(self.edit_permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Check the edit permission, if rows can be added here."""
        return self.may_add and self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Check the edit permission, if rows can be deleted here."""
        return self.may_delete and self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Set the tenant of a new row."""
        if not change:
            obj.tenant_id = actor_of_request(request).tenant_id
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm[Any], formset: Any, change: bool) -> None:  # noqa: ANN401
        """Set the tenant of new inline rows."""
        for row in formset.save(commit=False):
            row.tenant_id = actor_of_request(request).tenant_id
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()

    def construct_change_message(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formsets: Any,  # noqa: ANN401 - Django's signature
        add: bool = False,
    ) -> dict[str, list[Any]]:
        """Return the values of the changed fields before and after, rows below included."""
        return changed_values([form, *(inner for formset in formsets or () for inner in formset.forms)])

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # noqa: ANN401 - as above
        """Write the audit log, which replaces Django's own log."""
        self._record(request, "added", obj, fields=sorted(message), values=message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:  # noqa: ANN401 - as above
        """Write the audit log."""
        self._record(request, "changed", obj, fields=sorted(message), values=message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model, Model]) -> None:
        """Write the audit log for each row."""
        for row in queryset:
            values = deleted_values(row, flatten(self.get_fields(request, row)))
            self._record(request, "deleted", row, fields=sorted(values), values=values)

    def _record(self, request: HttpRequest, what: str, obj: Model, **detail: object) -> None:
        kind = self.audit_type or self.opts.model_name
        record_event(actor_of_request(request).audit, f"{kind}.{what}", kind, obj.pk, **detail)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the audit log entries of this row."""
        if not self.has_view_permission(request) or self.get_object(request, object_id) is None:
            raise Http404
        events = reverse(f"{self.admin_site.name}:audit_auditevent_changelist")
        return HttpResponseRedirect(f"{events}?{urlencode({'object_id': object_id})}")

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, *rest: object) -> HttpResponse:
        """Raise 404 for a missing row or another tenant's: Django would redirect to the index and show the id."""
        raise Http404
