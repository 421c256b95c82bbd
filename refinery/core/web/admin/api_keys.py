"""Admin of API keys: created here and shown once, narrowed, revoked."""

from typing import Any

from django.contrib.admin import action, register
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.services import NewApiKey, change_api_key, create_api_key, revoke_api_key
from refinery.core.web.admin.forms import KeyForm
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request

NEW_KEY_META = "refinery.new_key"


@register(ApiKey, site=site)
class ApiKeyAdmin(TenantAdmin):
    """API keys; a key is shown only in the response to the form that creates it."""

    view_permission = Permission.KEY_EDIT
    edit_permission = Permission.KEY_EDIT
    list_display = ("name", "prefix", "role", "created_at", "expires_at", "revoked_at")
    list_filter = ("role",)
    search_fields = ("name", "prefix")
    actions = ("revoke",)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        """Pass the acting administrator to the form."""
        form = KeyForm.for_actor(actor_of_request(request))
        made: type[ModelForm[Any]] = super().get_form(request, obj, change, **{**kwargs, "form": form})
        return made

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Also show the prefix of an existing key."""
        return (
            ("name", "prefix", "role", "scopes", "expires_at", "revoked_at")
            if obj
            else ("name", "role", "scopes", "expires_at")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Keep the role of an existing key fixed."""
        return ("prefix", "role", "revoked_at") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Make revoked keys read-only."""
        revoked = isinstance(obj, ApiKey) and obj.revoked_at is not None
        return not revoked and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Create or change the key through the service, as the API does."""
        actor, given = actor_of_request(request), form.cleaned_data
        scopes = [Permission(scope) for scope in given["scopes"]] if given["scopes"] else None
        if change:
            change_api_key(
                actor=actor, key_id=obj.pk, name=given["name"], scopes=scopes, expires_at=given["expires_at"]
            )
            return
        new = create_api_key(
            actor=actor,
            tenant_id=actor.tenant_id,
            name=given["name"],
            role=Role(given["role"]),
            scopes=scopes,
            expires_at=given["expires_at"],
        )
        obj.pk = new.id
        request.META[NEW_KEY_META] = new

    def log_addition(self, request: HttpRequest, obj: Model, message: list[str]) -> None:
        """Do nothing: the service has already written the audit log."""

    def log_change(self, request: HttpRequest, obj: Model, message: list[str]) -> None:
        """Do nothing: the service has already written the audit log."""

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        """Show the key in this response, so that no message store, session or cookie ever contains it."""
        new: NewApiKey = request.META[NEW_KEY_META]
        context = {**self.admin_site.each_context(request), "title": _("The new key"), "new": new}
        response = render(request, "admin/new_key.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @action(description=_("Revoke the chosen keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey, ApiKey]) -> None:
        """Revoke the selected keys."""
        for key_id in queryset.values_list("pk", flat=True):
            revoke_api_key(actor=actor_of_request(request), key_id=key_id)
