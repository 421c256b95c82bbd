"""The administrators' site: by role, within one tenant, on the session that the rest of Refinery uses."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from csp.decorators import csp_update
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from refinery.core.tenancy.actor import Actor, NotAllowed
from refinery.core.tenancy.roles import ROLE_VERBS, Role, Verb
from refinery.core.web.admin_menu import Group, grouped
from refinery.core.web.requests import SignInNeeded, actor_of_request, actor_or_none
from refinery.core.web.views.sessions import sign_out

# unfold's pages run Alpine, which evaluates its attributes, and colour themselves by style attributes.
POLICY: Final = {"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]}
# Looks an object of any table up by its id and says in its answer whether there is one.
UNWANTED: Final = frozenset({"view_on_site"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def administrator(request: HttpRequest) -> Actor:
    """Give the administrator; raises SignInNeeded, or NotAllowed for everyone below org_admin.

    Only a session counts: the admin's forms stand on its CSRF token, and keys have the API.
    """
    actor = actor_of_request(request)
    if not isinstance(request.user, AbstractBaseUser) or request.user.pk != actor.user_id:
        message = "sign in by the page"
        raise SignInNeeded(message)
    actor.require(Verb.TENANT_EDIT)
    return actor


class RefinerySite(UnfoldAdminSite):  # type: ignore[misc]  # unfold has no types
    """Unfold's site behind Refinery's own sign-in and roles."""

    site_title = _("Refinery administration")
    site_header = _("Refinery administration")
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether an administrator asks."""
        actor = actor_or_none(request)
        return actor is not None and actor.can(Verb.TENANT_EDIT) and request.user.pk == actor.user_id

    def admin_view(self, view: View, cacheable: bool = False) -> Callable[..., HttpResponseBase]:
        """Guard a view by role, and give its page the policy that it needs."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - any view's
            administrator(request)
            answer: HttpResponseBase = inner(request, *args, **kwargs)
            return answer

        return csp_update(POLICY)(guarded)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Group]:
        """Give the menu; one app's own page keeps to that app."""
        apps: list[Group] = super().get_app_list(request, app_label)
        return apps if app_label else grouped(apps, self.name)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in page."""
        administrator(request)
        return redirect(f"{self.name}:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way out."""
        return sign_out(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the table of roles; leave out what would tell of objects across the wall."""
        kept = [url for url in super().get_urls() if getattr(url, "name", None) not in UNWANTED]
        return [path("roles/", self.admin_view(self.roles), name="roles"), *kept]

    def roles(self, request: HttpRequest) -> HttpResponse:
        """Show who may do what."""
        if request.method not in {"GET", "HEAD"}:
            raise NotAllowed(Verb.TENANT_EDIT)
        rows = [(str(verb), [verb in ROLE_VERBS[role] for role in Role]) for verb in Verb]
        context = {**self.each_context(request), "title": _("Roles"), "roles": list(Role), "rows": rows}
        return render(request, "admin/roles.html", context)


site = RefinerySite(name="admin")
