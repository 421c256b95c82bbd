"""Actions on one row of an admin page: each is a button below the form that posts to an address for that action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise

from refinery.core.tenancy.actor import NotAllowed
from refinery.core.web.admin_rows import TenantAdmin


@dataclass(frozen=True, slots=True)
class RowAction:
    """Button below a row's form: `name` is the admin's method and part of the address, `hint` says what it does."""

    name: str
    title: Promise
    hint: Promise


class RowActionAdmin(TenantAdmin):
    """Admin whose rows have actions; they need the edit permission, and the CSRF token of a form."""

    row_actions: ClassVar[tuple[RowAction, ...]] = ()
    change_form_outer_after_template = "admin/row_actions.html"

    def available_row_actions(self, request: HttpRequest, obj: Any) -> tuple[RowAction, ...]:  # noqa: ANN401 - a row
        """Return the actions that make sense for the row as it is now."""
        return self.row_actions

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the actions before Django's own, which would take it for an id."""
        view = self.admin_site.admin_view(self.row_action_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_row_action"
        return [path("<path:object_id>/action/<slug:name>/", view, name=name), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the actions to the page."""
        row = self.get_object(request, object_id)
        may = row is not None and self._may_act(request)
        actions = self.available_row_actions(request, row) if may else ()
        context = {**(extra_context or {}), "row_actions": actions}
        return cast("HttpResponse", super().change_view(request, object_id, form_url, context))

    def row_action_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Run an action. Raises NotAllowed, and Http404 for a row or an action that is not available."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self._may_act(request):
            raise NotAllowed(self.edit_permission or self.view_permission)
        row = self.get_object(request, object_id)
        if row is None or name not in {action.name for action in self.available_row_actions(request, row)}:
            raise Http404
        run: Callable[[HttpRequest, Model], HttpResponse] = getattr(self, name)
        return run(request, row)

    def show_once(self, request: HttpRequest, template: str, **context: object) -> HttpResponse:
        """Render a page with a secret, so that no message store, session, cookie or cache ever contains it."""
        response = render(request, template, {**self.admin_site.each_context(request), **context})
        response["Cache-Control"] = "no-store"
        return response

    def to_row(self, row: Model) -> HttpResponse:
        """Return to the row's form."""
        names = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(names, args=[row.pk]))

    def _may_act(self, request: HttpRequest) -> bool:
        return TenantAdmin.has_change_permission(self, request)
