"""Admin of teams, members and their roles."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import display, register
from django.db.models import ForeignKey, Model
from django.forms import ModelForm
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from refinery.core.tenancy.invitations import Invitation, invite, joined, renew_invitation, revoke_invitation
from refinery.core.tenancy.models import Membership, Team, TeamMembership, User
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.web.admin.forms import InvitationForm, RoleForm
from refinery.core.web.admin.invitation_page import TEMPLATE, invitation_context
from refinery.core.web.admin_row_actions import RowAction, RowActionAdmin
from refinery.core.web.admin_rows import Rows, TenantAdmin, TenantInline
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request

INVITATION_META = "refinery.invitation"
INVITE_AGAIN = RowAction(
    "invite_again", _("Create another link"), _("This person has not signed in yet. An earlier link may have expired.")
)
REVOKE = RowAction(
    "revoke", _("Revoke the invitation"), _("The membership ends, and links that were sent no longer work.")
)


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
class MembershipAdmin(RowActionAdmin):
    """Members and their roles. Members are invited by address; those who never signed in can be invited again."""

    row_actions = (INVITE_AGAIN, REVOKE)

    edit_permission = Permission.MEMBER_EDIT
    audit_type = "member"
    list_display = ("email", "role", "is_active", "has_joined", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("user__email",)
    list_select_related = ("user",)

    @display(description=_("E-mail"), ordering="user__email")
    def email(self, row: Membership) -> str:
        """Return the address by which the member was invited."""
        return row.user.email

    def get_queryset(self, request: HttpRequest) -> Rows:
        """Exclude service users of API keys, and find out who has signed in."""
        found: Rows = super().get_queryset(request).filter(user__is_service=False).annotate(has_joined=joined())
        return found

    @display(description=_("Signed in"), boolean=True)
    def has_joined(self, row: Any) -> bool:  # noqa: ANN401 - a Membership with the annotation of get_queryset
        """Return whether the member has ever signed in to this organisation."""
        return bool(row.has_joined)

    def available_row_actions(self, request: HttpRequest, obj: Any) -> tuple[RowAction, ...]:  # noqa: ANN401 - as above
        """Return the actions on an invitation that nobody has used."""
        return self.row_actions if obj.is_active and not obj.has_joined else ()

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
        request.META[INVITATION_META] = invitation

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        """Show the link of the invitation."""
        return self._show_link(request, request.META[INVITATION_META], request.POST["email"])

    def invite_again(self, request: HttpRequest, row: Membership) -> HttpResponse:
        """Show a new link."""
        invitation = renew_invitation(actor=actor_of_request(request), membership_id=row.pk)
        return self._show_link(request, invitation, row.user.email)

    def revoke(self, request: HttpRequest, row: Membership) -> HttpResponse:
        """End the invitation and its links."""
        revoke_invitation(actor=actor_of_request(request), membership_id=row.pk)
        messages.success(request, gettext("The invitation is revoked; its link no longer works."))
        return self.to_row(row)

    def _show_link(self, request: HttpRequest, invitation: Invitation, email: str) -> HttpResponse:
        context = invitation_context(request, invitation, email)
        back = reverse("admin:tenancy_membership_changelist")
        return self.show_once(request, TEMPLATE, **context, back=back, back_title=gettext("All members"))


@register(User, site=site)
class UserAdmin(TenantAdmin):
    """Accounts of the members, read-only because an account may belong to other tenants too."""

    view_permission = Permission.MEMBER_EDIT
    list_display = ("email", "is_active", "last_login")
    fields = ("email", "is_active", "last_login")
    search_fields = ("email",)
    ordering = ("email",)
