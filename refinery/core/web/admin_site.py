"""Admin site with access by role, within one tenant, on Refinery's normal session."""

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
from refinery.core.tenancy.roles import ROLE_PERMISSIONS, Permission, Role
from refinery.core.web.admin_menu import MenuGroup, group_menu
from refinery.core.web.requests import SignInNeeded, actor_of_request, actor_or_none
from refinery.core.web.views.sessions import sign_out

# unfold's pages use Alpine, which evaluates attributes, and set colours by style attributes.
ADMIN_CSP: Final = {"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]}
# This view looks up any object by its id and so reveals whether it exists.
OMITTED_URL_NAMES: Final = frozenset({"view_on_site"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def administrator(request: HttpRequest) -> Actor:
    """Return the administrator. Raises SignInNeeded, or NotAllowed for roles below org_admin.

    Only a session is accepted: the admin's forms rely on its CSRF token, and keys use the API.
    """
    actor = actor_of_request(request)
    if not isinstance(request.user, AbstractBaseUser) or request.user.pk != actor.user_id:
        message = "sign in by the page"
        raise SignInNeeded(message)
    actor.require(Permission.TENANT_EDIT)
    return actor


class RefinerySite(UnfoldAdminSite):  # type: ignore[misc]  # unfold has no types
    """Unfold's site with Refinery's own sign-in and roles."""

    site_title = _("Refinery administration")
    site_header = _("Refinery administration")
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is an administrator."""
        actor = actor_or_none(request)
        return actor is not None and actor.can(Permission.TENANT_EDIT) and request.user.pk == actor.user_id

    def admin_view(self, view: View, cacheable: bool = False) -> Callable[..., HttpResponseBase]:
        """Check the role and set the content security policy that unfold's pages need."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            administrator(request)
            answer: HttpResponseBase = inner(request, *args, **kwargs)
            return answer

        return csp_update(ADMIN_CSP)(guarded)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[MenuGroup]:
        """Return the grouped menu, or the list of one app on its own page."""
        apps: list[MenuGroup] = super().get_app_list(request, app_label)
        return apps if app_label else group_menu(apps, self.name)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the index: Refinery has only one sign-in page."""
        administrator(request)
        return redirect(f"{self.name}:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Use Refinery's own sign-out."""
        return sign_out(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Use Refinery's own page, which is audited."""
        return redirect("change-password")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the table of roles; omit views that reveal objects of other tenants."""
        kept = [url for url in super().get_urls() if getattr(url, "name", None) not in OMITTED_URL_NAMES]
        return [path("roles/", self.admin_view(self.roles), name="roles"), *kept]

    def roles(self, request: HttpRequest) -> HttpResponse:
        """Show the permissions of each role."""
        if request.method not in {"GET", "HEAD"}:
            raise NotAllowed(Permission.TENANT_EDIT)
        rows = [(str(permission), [permission in ROLE_PERMISSIONS[role] for role in Role]) for permission in Permission]
        context = {**self.each_context(request), "title": _("Roles"), "roles": list(Role), "rows": rows}
        return render(request, "admin/roles.html", context)


site = RefinerySite(name="admin")
