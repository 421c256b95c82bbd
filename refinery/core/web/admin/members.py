"""Admin of the tenant with its thresholds, teams, members and roles."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import display, register
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelForm
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from refinery.core.tenancy.invitations import invite
from refinery.core.tenancy.models import Membership, Team, TeamMembership, Tenant, User
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.web.admin.forms import InvitationForm, RoleForm, TenantForm
from refinery.core.web.admin_rows import Rows, TenantAdmin, TenantInline
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request

PLATFORM_ONLY = ("slug", "status", "max_file_bytes", "documents_per_day", "requests_per_minute", "created_at")
ALWAYS_READONLY = ("slug", "status", "created_at")


@register(Tenant, site=site)
class OrganisationAdmin(TenantAdmin):
    """The organisation: its administrators set the thresholds, the platform sets the limits."""

    edit_permission = Permission.TENANT_EDIT
    form = TenantForm
    may_add = False
    list_display = ("name", "slug", "status", "review_below", "reject_below", "sla_seconds")
    fieldsets = (
        (None, {"fields": ("name", "slug", "status", "created_at")}),
        (_("Thresholds"), {"fields": ("review_below", "reject_below", "sla_seconds", "reading_mode")}),
        (_("Decisions"), {"fields": ("four_eyes",)}),
        (_("Several documents in one file"), {"fields": ("split_mode", "split_separators", "split_at_blank")}),
        (_("Keeping"), {"fields": ("keep_duplicates", "retention_days")}),
        (_("Limits"), {"fields": ("max_file_bytes", "documents_per_day", "requests_per_minute")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant, Tenant]:
        """Return only the current tenant, whose own tenant column is its id."""
        return Tenant.objects.filter(pk=actor_of_request(request).tenant_id).order_by("name")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Make the limits read-only; suspending is done by a command, because it would lock out its author."""
        return ALWAYS_READONLY if actor_of_request(request).role is Role.SUPER_ADMIN else PLATFORM_ONLY


class TeamMembers(TenantInline):
    """Members of a team."""

    model = TeamMembership
    edit_permission = Permission.MEMBER_EDIT
    verbose_name = _("member")
    verbose_name_plural = _("members")

    def get_queryset(self, request: HttpRequest) -> Rows:
        """Return the rows, with teams and users fetched in the same query."""
        return super().get_queryset(request).select_related("team", "membership__user")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Model] | None:
        """Offer members, with users fetched in the same query; service users of API keys cannot be in teams."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "membership" and field is not None and field.queryset is not None:
            field.queryset = field.queryset.select_related("user").filter(user__is_service=False)
        return field


@register(Team, site=site)
class TeamAdmin(TenantAdmin):
    """Teams of members who share queues."""

    edit_permission = Permission.MEMBER_EDIT
    may_delete = True
    fields = ("name",)
    inlines: ClassVar = [TeamMembers]
    search_fields = ("name",)


@register(Membership, site=site)
class MembershipAdmin(TenantAdmin):
    """Members and their roles. Members are invited by address; deleting removes the membership, not the account."""

    edit_permission = Permission.MEMBER_EDIT
    audit_type = "member"
    list_display = ("email", "role", "is_active", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("user__email",)
    list_select_related = ("user",)

    @display(description=_("E-mail"), ordering="user__email")
    def email(self, row: Membership) -> str:
        """Return the address by which the member was invited."""
        return row.user.email

    def get_queryset(self, request: HttpRequest) -> Rows:
        """Exclude service users of API keys."""
        return super().get_queryset(request).filter(user__is_service=False)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        """Use the invitation form for a new member, the role form for an existing one."""
        form = RoleForm if change else InvitationForm
        made: type[ModelForm[Any]] = super().get_form(
            request, obj, change, **{**kwargs, "form": form.for_actor(actor_of_request(request))}
        )
        return made

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the fields of the form."""
        return ("role", "is_active") if obj else ("email", "role")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Invite a new member; the administrator passes on the link."""
        if change:
            obj.save(update_fields=["role", "is_active"])
            return
        invitation = invite(actor=actor_of_request(request), email=form.cleaned_data["email"], role=Role(obj.role))
        obj.pk, obj.user_id, obj.tenant_id = invitation.membership_id, invitation.user_id, invitation.tenant_id
        link = request.build_absolute_uri(invitation.path)
        messages.info(request, gettext("Send this link to the new member; it works once: %s") % link)


@register(User, site=site)
class UserAdmin(TenantAdmin):
    """Accounts of the members, read-only because an account may belong to other tenants too."""

    view_permission = Permission.MEMBER_EDIT
    list_display = ("email", "is_active", "last_login")
    fields = ("email", "is_active", "last_login")
    search_fields = ("email",)
    ordering = ("email",)
