"""Forms of the admin site with additional validation."""

from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminEmailInputWidget

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import ApiKey, Membership, Tenant
from refinery.core.tenancy.platform import tenant_by_slug
from refinery.core.tenancy.roles import ROLE_PERMISSIONS, Permission, Role, may_grant

MAX_SHARE = 100
MIN_SLA_SECONDS = 60


class RoleGrantForm(forms.ModelForm[Any]):
    """Form that assigns a role, at most the actor's own."""

    actor: ClassVar[Actor]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Preselect the least privileged role."""
        super().__init__(*args, **kwargs)
        if "role" in self.fields and not self.instance.role:
            self.initial.setdefault("role", Role.VIEWER.value)

    @classmethod
    def for_actor(cls, actor: Actor) -> type[Self]:
        """Return the form class bound to this actor."""
        return type(cls.__name__, (cls,), {"actor": actor})

    def clean_role(self) -> str:
        """Reject a role above the actor's."""
        role = str(self.cleaned_data["role"])
        if not may_grant(self.actor.role, Role(role)):
            raise ValidationError(_("You cannot assign this role."))
        return role


class TenantForm(forms.ModelForm[Tenant]):
    """Thresholds and deadlines of the tenant, with labels that say what they do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let a form that does not name the rule of four eyes keep it."""
        super().__init__(*args, **kwargs)
        if "four_eyes" in self.fields:
            self.fields["four_eyes"].required = False

    class Meta:
        model = Tenant
        fields = (
            "review_below",
            "reject_below",
            "sla_seconds",
            "reading_mode",
            "four_eyes",
            "keep_duplicates",
            "retention_days",
        )
        labels: ClassVar = {
            "review_below": _("Review below"),
            "reject_below": _("Reject below"),
            "sla_seconds": _("Seconds to review"),
            "retention_days": _("Days to keep documents"),
        }
        help_texts: ClassVar = {
            "review_below": _("Expected share of correctly read words, 0 to 100: below it, the reading is an issue."),
            "reject_below": _("The same, for readings that are too poor to work with. At most the value above."),
            "sla_seconds": _("From a task's opening: 14400 is four hours. A reminder comes before, escalation after."),
            "reading_mode": _("Fast reads with one engine, thorough reads every page with all engines."),
            "four_eyes": _("Values of an approved document can only be changed with the permission to reopen it."),
            "keep_duplicates": _("If not, uploading the same bytes again returns the existing document."),
            "retention_days": _("For a later version: nothing is erased yet."),
        }

    def clean_four_eyes(self) -> str:
        """Keep the present rule if none was sent."""
        return str(self.cleaned_data["four_eyes"] or self.instance.four_eyes)

    def clean_sla_seconds(self) -> int:
        """Reject a deadline too short for a review."""
        seconds = int(self.cleaned_data["sla_seconds"])
        if seconds < MIN_SLA_SECONDS:
            raise ValidationError(_("At least a minute: 60."))
        return seconds

    def clean(self) -> dict[str, Any]:
        """Report in words what the database constraints would reject."""
        cleaned = dict(self.cleaned_data)
        review, reject = cleaned.get("review_below"), cleaned.get("reject_below")
        if review is not None and review > MAX_SHARE:
            self.add_error("review_below", _("At most 100."))
        elif review is not None and reject is not None and reject > review:
            self.add_error("reject_below", _("At most the value above, or nothing would be reviewed."))
        return cleaned


class NewTenantForm(forms.ModelForm[Tenant]):
    """Create an organisation and invite its first administrator."""

    email = forms.EmailField(
        label=_("E-mail of its first administrator"), max_length=254, widget=UnfoldAdminEmailInputWidget()
    )

    class Meta:
        model = Tenant
        fields = ("name", "slug")
        labels: ClassVar = {"slug": _("Short name")}
        help_texts: ClassVar = {"slug": _("Small letters, digits and hyphens; used by commands. It never changes.")}

    def clean_slug(self) -> str:
        """Reject a short name that another organisation has: row level security hides it from Django's check."""
        slug = str(self.cleaned_data["slug"]).lower()
        if tenant_by_slug(slug) is not None:
            raise ValidationError(_("Another organisation has this short name."))
        return slug

    def clean_email(self) -> str:
        """Return the address in small letters, as accounts have it."""
        return str(self.cleaned_data["email"]).lower()


class RoleForm(RoleGrantForm):
    """Change or end a membership, except one's own."""

    class Meta:
        model = Membership
        fields = ("role", "is_active")

    def clean(self) -> dict[str, Any]:
        """Prevent administrators from locking themselves out, and keep at least one of them."""
        if self.instance.user_id == self.actor.user_id and self.has_changed():
            raise ValidationError(_("Another administrator must change your own membership."))
        return dict(self.cleaned_data)


class InvitationForm(RoleGrantForm):
    """Invite a person by email address."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=UnfoldAdminEmailInputWidget())

    class Meta:
        model = Membership
        fields = ("role",)

    def clean_email(self) -> str:
        """Reject existing members; only members of this tenant are searched."""
        email = str(self.cleaned_data["email"]).lower()
        if Membership.objects.visible_to(self.actor).filter(user__email__iexact=email).exists():
            raise ValidationError(_("This person is already a member."))
        return email


class KeyForm(RoleGrantForm):
    """Create or narrow an API key."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        required=False,
        choices=[(permission.value, permission.value) for permission in Permission],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("None chosen: everything that the role may do."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "role", "scopes", "expires_at")

    def clean_scopes(self) -> list[str] | None:
        """Treat an empty choice as no restriction."""
        return list(self.cleaned_data["scopes"]) or None

    def clean(self) -> dict[str, Any]:
        """Reject rights that the actor does not have."""
        cleaned = dict(self.cleaned_data)
        role = cleaned.get("role") or self.instance.role
        wanted = ROLE_PERMISSIONS[Role(role)] if role else frozenset()
        if cleaned.get("scopes"):
            wanted &= frozenset(Permission(scope) for scope in cleaned["scopes"])
        if not all(self.actor.can(permission) for permission in wanted):
            raise ValidationError(_("You cannot grant rights that you do not have."))
        return cleaned
