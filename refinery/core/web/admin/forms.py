"""Forms of the administrators' site that do more than store."""

from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminEmailInputWidget

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import ApiKey, Membership, Tenant
from refinery.core.tenancy.roles import ROLE_VERBS, Role, Verb, may_grant

HIGHEST_SHARE = 100
SHORTEST_SLA = 60


class Granting(forms.ModelForm[Any]):
    """A form that hands out a role: never above the giver's own."""

    actor: ClassVar[Actor]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Begin with the least: who forgets to choose hands out little."""
        super().__init__(*args, **kwargs)
        if "role" in self.fields and not self.instance.role:
            self.initial.setdefault("role", Role.VIEWER.value)

    @classmethod
    def by(cls, actor: Actor) -> type[Self]:
        """Give the form as this actor fills it in."""
        return type(cls.__name__, (cls,), {"actor": actor})

    def clean_role(self) -> str:
        """Refuse a role above the actor's."""
        role = str(self.cleaned_data["role"])
        if not may_grant(self.actor.role, Role(role)):
            raise ValidationError(_("You cannot hand out this role."))
        return role


class TenantForm(forms.ModelForm[Tenant]):
    """Thresholds and times, in words that say what they do."""

    class Meta:
        model = Tenant
        fields = (
            "review_below",
            "reject_below",
            "sla_seconds",
            "reading_mode",
            "keep_duplicates",
            "retention_days",
        )
        labels: ClassVar = {
            "review_below": _("Ask people below"),
            "reject_below": _("Refuse below"),
            "sla_seconds": _("Seconds to review in"),
            "retention_days": _("Days to keep documents"),
        }
        help_texts: ClassVar = {
            "review_below": _(
                "The expected share of rightly read words, 0 to 100: below it the reading is an issue."
            ),
            "reject_below": _(
                "The same, for readings that are too poor to be worked on. At most the value above."
            ),
            "sla_seconds": _(
                "From a task's opening: 14400 is four hours. A reminder comes before, escalation after."
            ),
            "reading_mode": _("Fast asks one engine, thorough all of them about every page."),
            "keep_duplicates": _("Else the same bytes again are answered with the document that is there."),
            "retention_days": _("Noted for a later version: nothing is erased by it yet."),
        }

    def clean_sla_seconds(self) -> int:
        """Refuse a time in which nobody can review."""
        seconds = int(self.cleaned_data["sla_seconds"])
        if seconds < SHORTEST_SLA:
            raise ValidationError(_("At least a minute: 60."))
        return seconds

    def clean(self) -> dict[str, Any]:
        """Say in words what the database would refuse."""
        cleaned = dict(self.cleaned_data)
        review, reject = cleaned.get("review_below"), cleaned.get("reject_below")
        if review is not None and review > HIGHEST_SHARE:
            self.add_error("review_below", _("At most 100."))
        elif review is not None and reject is not None and reject > review:
            self.add_error("reject_below", _("At most the value above, or nothing would be asked about."))
        return cleaned


class RoleForm(Granting):
    """Change a member's role, or take their place away; not one's own."""

    class Meta:
        model = Membership
        fields = ("role", "is_active")

    def clean(self) -> dict[str, Any]:
        """Keep an administrator from locking themselves out, and the last one in."""
        if self.instance.user_id == self.actor.user_id and self.has_changed():
            raise ValidationError(_("Another administrator must change your own place."))
        return dict(self.cleaned_data)


class InvitationForm(Granting):
    """Invite a person by their address."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=UnfoldAdminEmailInputWidget())

    class Meta:
        model = Membership
        fields = ("role",)

    def clean_email(self) -> str:
        """Take each person once; only the tenant's own members are looked at."""
        email = str(self.cleaned_data["email"]).lower()
        if Membership.objects.visible_to(self.actor).filter(user__email__iexact=email).exists():
            raise ValidationError(_("This person is a member already."))
        return email


class KeyForm(Granting):
    """Make a key, or narrow one."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        required=False,
        choices=[(verb.value, verb.value) for verb in Verb],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("None chosen: all that the role may do."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "role", "scopes", "expires_at")

    def clean_scopes(self) -> list[str] | None:
        """Take no choice as no narrowing."""
        return list(self.cleaned_data["scopes"]) or None

    def clean(self) -> dict[str, Any]:
        """Refuse rights that the actor does not hold."""
        cleaned = dict(self.cleaned_data)
        role = cleaned.get("role") or self.instance.role
        wanted = ROLE_VERBS[Role(role)] if role else frozenset()
        if cleaned.get("scopes"):
            wanted &= frozenset(Verb(scope) for scope in cleaned["scopes"])
        if not all(self.actor.can(verb) for verb in wanted):
            raise ValidationError(_("You cannot hand out rights that you do not hold."))
        return cleaned
