"""Admin of organisations: their administrators configure their own, the platform's administrators manage all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import register
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from refinery.api.tenant_provisioning import open_tenant
from refinery.core.tenancy.models import Tenant, TenantStatus
from refinery.core.tenancy.platform import tenant_directory
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.suspension import resume_tenant, suspend_tenant
from refinery.core.types import TenantId
from refinery.core.web.admin.forms import NewTenantForm, TenantForm
from refinery.core.web.admin.invitation_page import TEMPLATE, invitation_context
from refinery.core.web.admin_row_actions import RowAction, RowActionAdmin
from refinery.core.web.admin_site import site
from refinery.core.web.admin_tenant_switch import acting_in, home_tenant
from refinery.core.web.page_cursors import uuid_or_none
from refinery.core.web.requests import actor_of_request

PLATFORM_ONLY = ("slug", "status", "max_file_bytes", "documents_per_day", "requests_per_minute", "created_at")
ALWAYS_READONLY = ("slug", "status", "created_at")
INVITATION_META = "refinery.invitation"
SUSPEND = RowAction(
    "suspend", _("Suspend"), _("Its users and API keys are rejected at once; its data is kept, its documents go on.")
)
RESUME = RowAction("resume", _("Resume"), _("Its users and API keys work again."))


@register(Tenant, site=site)
class OrganisationAdmin(RowActionAdmin):
    """Organisations: tenant administrators see their own, a super_admin lists, creates and suspends all of them."""

    edit_permission = Permission.TENANT_EDIT
    row_actions = (SUSPEND, RESUME)
    list_display = ("name", "slug", "status", "review_below", "reject_below", "sla_seconds")
    fieldsets = (
        (None, {"fields": ("name", "slug", "status", "created_at")}),
        (_("Thresholds"), {"fields": ("review_below", "reject_below", "sla_seconds", "reading_mode")}),
        (_("Decisions"), {"fields": ("four_eyes",)}),
        (_("Several documents in one file"), {"fields": ("split_mode", "split_separators", "split_at_blank")}),
        (_("Keeping"), {"fields": ("keep_duplicates", "retention_days")}),
        (_("Limits"), {"fields": ("max_file_bytes", "documents_per_day", "requests_per_minute")}),
    )
    add_fieldsets = ((None, {"fields": ("name", "slug", "email")}),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the platform's administrators create organisations."""
        return actor_of_request(request).can(Permission.TENANT_CREATE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant, Tenant]:
        """Return only the actor's tenant, whose own tenant column is its id."""
        return Tenant.objects.filter(pk=actor_of_request(request).tenant_id).order_by("name")

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        """Use a short form for a new organisation."""
        form = TenantForm if change else NewTenantForm
        made: type[ModelForm[Any]] = super().get_form(request, obj, change, **{**kwargs, "form": form})
        return made

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:  # noqa: ANN401 - Django's type
        """Return the groups of fields of the form."""
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Make the limits read-only for tenant administrators; suspending is an action of its own page."""
        if obj is None:
            return ()
        return ALWAYS_READONLY if actor_of_request(request).role is Role.SUPER_ADMIN else PLATFORM_ONLY

    def available_row_actions(self, request: HttpRequest, obj: Tenant) -> tuple[RowAction, ...]:
        """Offer to suspend or to resume, but never to suspend the organisation in which one is signed in."""
        if not actor_of_request(request).can(Permission.TENANT_CREATE):
            return ()
        if obj.status == TenantStatus.SUSPENDED:
            return (RESUME,)
        return () if obj.pk == home_tenant(request) else (SUSPEND,)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """List all organisations for the platform's administrators."""
        actor = actor_of_request(request)
        if not actor.can(Permission.TENANT_CREATE):
            return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]  # unfold has no types
        search = request.GET.get("q", "").strip()[:100]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Organisations"),
            "tenants": tenant_directory(actor.user_id, search),
            "search": search,
        }
        return render(request, "admin/organisations.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show or save an organisation, within that organisation."""
        view = super().change_view
        return self._within(request, object_id, lambda: view(request, object_id, form_url, extra_context))

    def row_action_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Suspend or resume an organisation."""
        view = super().row_action_view
        return self._within(request, object_id, lambda: view(request, object_id, name))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the audit log, which shows only the organisation in which one is signed in."""
        if object_id == str(actor_of_request(request).tenant_id) or not self.has_add_permission(request):
            return super().history_view(request, object_id, extra_context)
        messages.info(request, gettext("Enter the organisation to see its audit log."))
        return HttpResponseRedirect(reverse("admin:tenancy_tenant_change", args=[object_id]))

    def suspend(self, request: HttpRequest, row: Tenant) -> HttpResponse:
        """Suspend the organisation."""
        suspend_tenant(tenant_id=TenantId(row.pk), by=actor_of_request(request).audit)
        messages.success(request, gettext("%s is suspended.") % row.name)
        return self.to_row(row)

    def resume(self, request: HttpRequest, row: Tenant) -> HttpResponse:
        """Resume the organisation."""
        resume_tenant(tenant_id=TenantId(row.pk), by=actor_of_request(request).audit)
        messages.success(request, gettext("%s works again.") % row.name)
        return self.to_row(row)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Save the settings; create a new organisation through the service."""
        if change:
            super().save_model(request, obj, form, change)
            return
        given = form.cleaned_data
        invitation = open_tenant(
            actor=actor_of_request(request), slug=given["slug"], name=given["name"], admin_email=given["email"]
        )
        obj.pk = invitation.tenant_id
        request.META[INVITATION_META] = invitation

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # noqa: ANN401 - as in the base
        """Do nothing: the service has written the new organisation's audit log."""

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        """Show the link of the first administrator's invitation."""
        context = invitation_context(request, request.META[INVITATION_META], request.POST["email"])
        back = reverse("admin:tenancy_tenant_changelist")
        return self.show_once(request, TEMPLATE, **context, back=back, back_title=gettext("All organisations"))

    def _within(self, request: HttpRequest, object_id: str, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Run a view within the organisation that it concerns, and render its page there."""
        with self._tenant_of(request, object_id):
            answer = view()
            if isinstance(answer, SimpleTemplateResponse):
                answer.render()
            return answer

    @contextmanager
    def _tenant_of(self, request: HttpRequest, object_id: str) -> Iterator[None]:
        tenant_id: UUID | None = uuid_or_none(object_id)
        if not self.has_add_permission(request):
            yield
            return
        if tenant_id is None:
            raise Http404
        with acting_in(request, tenant_id):
            yield
