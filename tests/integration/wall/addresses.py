"""Every address of the web process, read from the URL conf, and how each of its parameters is filled."""

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
from refinery.core.tenancy.roles import Role, Verb
from tests.factories.worlds import World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
ABSENT = UUID("00000000-0000-7000-8000-000000000000")

# Open to everyone: there is no tenant's row behind them.
PUBLIC = frozenset({
    "sign-in", "healthz", "readyz", "metrics", "schema", "docs", "tokens", "tokens-refresh", "join",
    "javascript-catalog", "admin:jsi18n", "set-language", "favicon",
})  # fmt: skip

# Parameters that name no row of a tenant: one value fits all.
FIXED: dict[str, str] = {
    "number": "1", "name": "total", "verb": "pause", "uidb64": "AA", "token": "x-0", "app_label": "tenancy",
    "url": "nothing/", "what": "x",
}  # fmt: skip
# Parameters that do, and their value when there is no such row.
ROWS: dict[str, str] = {
    name: str(ABSENT)
    for name in ("document_id", "batch_id", "task_id", "key_id", "webhook_id", "delivery_id", "artefact_id",
                 "model_id", "schema_id", "queue_id", "object_id", "region_id", "rereading_id")
} | {"key": "absent-schema"}  # fmt: skip


class Unfilled(LookupError):
    """A new address has a parameter that this registry does not know: add it to FIXED or to ROWS and World.ids."""


@dataclass(frozen=True)
class Address:
    """One address: its route with <parameters>, its full name and its view."""

    route: str
    name: str
    view: Callable[..., Any]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, each known to the registry."""
        names = tuple(found["name"] for found in PARAMETER.finditer(self.route))
        for name in names:
            if name not in FIXED and name not in ROWS:
                message = f"{self.route}: {name}"
                raise Unfilled(message)
        return names

    @property
    def row_parameters(self) -> tuple[str, ...]:
        """Those that name rows."""
        return tuple(name for name in self.parameters if name in ROWS)

    @property
    def is_public(self) -> bool:
        """Tell whether strangers may come."""
        return self.name in PUBLIC

    @property
    def methods(self) -> tuple[str, ...]:
        """Every method; of the admin's many pages the two that they know."""
        return ("GET", "POST") if self.name.startswith("admin:") or "/admin/" in self.route else METHODS

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """What the view of an endpoint or of a page asks for, by method."""
        found: Mapping[str, Verb] = getattr(getattr(self.view, "cls", self.view), "verbs", {})
        return found

    def values(self, world: World) -> dict[str, str]:
        """Give the values that name a world's rows."""
        return {name: self._value(name, world) for name in self.parameters}

    def path(self, values: Mapping[str, str]) -> str:
        """Fill the route."""
        return PARAMETER.sub(lambda found: values[found["name"]], self.route)

    def _value(self, name: str, world: World) -> str:
        if name in FIXED:
            return FIXED[name]
        return str(self._administered(world) if name == "object_id" else world.ids[name])

    def _administered(self, world: World) -> UUID:
        """Give a row of the model that this page of the admin shows."""
        label, model_name = self.route.split("/")[2:4]
        model: type[Model] = apps.get_model(label, model_name)
        if model is Tenant:
            return world.house.tenant_id
        if model is User:
            return world.house.user(Role.REVIEWER).pk
        with tenant_scope(world.house.tenant_id):
            found: UUID = model._default_manager.values_list("pk", flat=True)[0]
        return found


def addresses() -> list[Address]:
    """Read the URL conf."""
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + _route(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, pattern.namespace or space)
        else:
            name = f"{space}:{pattern.name}" if space else str(pattern.name)
            yield Address(route, name, pattern.callback)


def _route(pattern: URLPattern | URLResolver) -> str:
    if isinstance(pattern.pattern, RoutePattern):
        return str(pattern.pattern)
    return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(pattern.pattern)).strip("^$")
