"""All routes of the web process, read from the URL conf, with values for their parameters."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant, User
from refinery.core.tenancy.roles import Permission, Role
from tests.support.factories.populated_tenant import PopulatedTenant

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
ABSENT_ID = UUID("00000000-0000-7000-8000-000000000000")

# Public routes: there is no tenant row behind them.
PUBLIC_ROUTES = frozenset(
    {
        "sign-in",
        "healthz",
        "readyz",
        "metrics",
        "schema",
        "docs",
        "tokens",
        "tokens-refresh",
        "join",
        "javascript-catalog",
        "admin:jsi18n",
        "set-language",
        "favicon",
    }
)

# Parameters that refer to no tenant row: any value works.
FIXED_PARAMETERS: dict[str, str] = {
    "number": "1",
    "name": "total",
    "action": "pause",
    "uidb64": "AA",
    "token": "x-0",
    "app_label": "tenancy",
    "url": "nothing/",
    "what": "x",
}
# Parameters that refer to a tenant row, with the value of an absent row.
ROW_PARAMETERS: dict[str, str] = {
    name: str(ABSENT_ID)
    for name in (
        "document_id",
        "batch_id",
        "task_id",
        "key_id",
        "webhook_id",
        "delivery_id",
        "artefact_id",
        "model_id",
        "schema_id",
        "queue_id",
        "object_id",
        "region_id",
        "reprocessing_id",
        "grantee_id",
    )
} | {"key": "absent-schema"}


class UnknownRouteParameter(LookupError):
    """A route has an unknown parameter: add it to FIXED_PARAMETERS, or to ROW_PARAMETERS and PopulatedTenant.ids."""


@dataclass(frozen=True)
class UrlRoute:
    """One route: pattern with <parameters>, full name and view."""

    route: str
    name: str
    view: Callable[..., Any]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Return the parameter names; raise UnknownRouteParameter for unknown ones."""
        names = tuple(found["name"] for found in PARAMETER.finditer(self.route))
        for name in names:
            if name not in FIXED_PARAMETERS and name not in ROW_PARAMETERS:
                message = f"{self.route}: {name}"
                raise UnknownRouteParameter(message)
        return names

    @property
    def row_parameters(self) -> tuple[str, ...]:
        """Return the parameters that refer to rows."""
        return tuple(name for name in self.parameters if name in ROW_PARAMETERS)

    @property
    def is_public(self) -> bool:
        """Return whether the route is public."""
        return self.name in PUBLIC_ROUTES

    @property
    def methods(self) -> tuple[str, ...]:
        """Return all methods; for the many admin pages only the two that they support."""
        return ("GET", "POST") if self.name.startswith("admin:") or "/admin/" in self.route else METHODS

    @property
    def permissions(self) -> Mapping[str, Permission]:
        """Return the required permissions of an endpoint or page by method."""
        found: Mapping[str, Permission] = getattr(getattr(self.view, "cls", self.view), "required_permissions", {})
        return found

    def values(self, owner: PopulatedTenant) -> dict[str, str]:
        """Return values that refer to the owner's rows."""
        return {name: self._value(name, owner) for name in self.parameters}

    def path(self, values: Mapping[str, str]) -> str:
        """Return the path with the values inserted."""
        return PARAMETER.sub(lambda found: values[found["name"]], self.route)

    def _value(self, name: str, owner: PopulatedTenant) -> str:
        if name in FIXED_PARAMETERS:
            return FIXED_PARAMETERS[name]
        return str(self._admin_row_id(owner) if name == "object_id" else owner.ids[name])

    def _admin_row_id(self, owner: PopulatedTenant) -> UUID:
        """Return the id of a row of the model shown by this admin page."""
        label, model_name = self.route.split("/")[2:4]
        model: type[Model] = apps.get_model(label, model_name)
        if model is Tenant:
            return owner.tenant.tenant_id
        if model is User:
            return owner.tenant.user(Role.REVIEWER).pk
        with tenant_scope(owner.tenant.tenant_id):
            found: UUID = model._default_manager.values_list("pk", flat=True)[0]
        return found


def routes() -> list[UrlRoute]:
    """Return all routes of the URL conf."""
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[UrlRoute]:
    for pattern in patterns:
        route = before + _route(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, pattern.namespace or space)
        else:
            name = f"{space}:{pattern.name}" if space else str(pattern.name)
            yield UrlRoute(route, name, pattern.callback)


def _route(pattern: URLPattern | URLResolver) -> str:
    if isinstance(pattern.pattern, RoutePattern):
        return str(pattern.pattern)
    return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(pattern.pattern)).strip("^$")
