"""Isolation of every route and method, generated from the URL conf, so that new routes are included.

B01, and B02 with the ORM filters removed: row-level security without them must leak nothing.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.querysets import TenantQuerySet
from refinery.core.tenancy.roles import ROLE_PERMISSIONS, Role
from tests.integration.rls.probing import ProbeReply, send_and_roll_back
from tests.integration.rls.routes import ROW_PARAMETERS, UrlRoute, routes
from tests.support.factories.populated_tenant import PopulatedTenant, make_populated_tenant
from tests.support.factories.tenants import MEMBER_ROLES

pytestmark = pytest.mark.django_db
ROUTES = routes()
PRIVATE_ROUTES = [address for address in ROUTES if not address.is_public]
NOT_FOUND_STATUSES = frozenset({404, 405})
# Statuses that may come before the row lookup: from body validation, or a page's redirect to its form.
REFUSED_BEFORE_LOOKUP = frozenset({400, 406, 412, 415, 422, 428})
# The admin checks the page permission first, and redirects one legacy URL.
ADMIN_REFUSED_BEFORE_LOOKUP = frozenset({302, 403})


@pytest.fixture
def own_tenant() -> PopulatedTenant:
    """Return the tenant that sends the requests."""
    return make_populated_tenant("acme")


@pytest.fixture
def other_tenant() -> PopulatedTenant:
    """Return the tenant whose rows must stay hidden."""
    return make_populated_tenant("canary")


def is_refused(reply: ProbeReply, address: UrlRoute) -> bool:
    """Return whether the response is a redirect to sign-in, 401 or an unsupported method."""
    if address.route.startswith("/v1/"):
        return reply.status == 401
    return reply.status in {401, 405} or (reply.status == 302 and reply.location.startswith("/sign-in/"))


def request_all_routes(client: Client, populated_tenant: PopulatedTenant) -> Iterator[tuple[str, UrlRoute, ProbeReply]]:
    """Request every private route by every method with the tenant's own ids."""
    for address in PRIVATE_ROUTES:
        path = address.path(address.values(populated_tenant))
        for method in address.methods:
            yield f"{method} {path}", address, send_and_roll_back(client, method, address, path)


def test_routes_have_known_parameters() -> None:
    """A new route with an unknown parameter fails here, by name."""
    assert [address.route for address in ROUTES if address.parameters and not address.route] == []
    assert len(ROUTES) > 100


@pytest.mark.parametrize("who", ["anonymous", "suspended session", "suspended key", "revoked key", "wrong key"])
def test_routes_refuse_strangers(who: str, own_tenant: PopulatedTenant) -> None:
    """Every request is refused without any detail."""
    ways: dict[str, Callable[[], Client]] = {
        "anonymous": Client,
        "suspended session": lambda: own_tenant.tenant.client(Role.ORG_ADMIN),
        "suspended key": lambda: own_tenant.tenant.api(Role.ORG_ADMIN),
        "revoked key": lambda: own_tenant.tenant.api(Role.ORG_ADMIN),
        "wrong key": lambda: Client(headers={"Authorization": "Bearer rfk_" + "x" * 43}),
    }
    client = ways[who]()
    if who.startswith("suspended"):
        own_tenant.tenant.suspend()
    if who == "revoked key":
        with tenant_scope(own_tenant.tenant.tenant_id):
            ApiKey.objects.update(revoked_at=timezone.now())
    let_in = [
        (question, reply.status)
        for question, address, reply in request_all_routes(client, own_tenant)
        if not is_refused(reply, address) or "acme" in reply.without_echo(address.values(own_tenant).values())
    ]
    assert let_in == []


@pytest.mark.parametrize("role", [*MEMBER_ROLES, "no scope at all"])
def test_routes_refuse_missing_permission(role: Role | str, own_tenant: PopulatedTenant) -> None:
    """403 for every method whose permission the role or scopes lack; the admin is closed."""
    scoped = not isinstance(role, Role)
    rank = role if isinstance(role, Role) else Role.ORG_ADMIN
    client = own_tenant.tenant.api(rank, scopes=[] if scoped else None)
    held = frozenset() if scoped else ROLE_PERMISSIONS[rank]
    session = own_tenant.tenant.client(rank)
    wrong: list[tuple[str, int]] = []
    asked = 0
    for address in PRIVATE_ROUTES:
        path = address.path(address.values(own_tenant))
        by_key = address.route.startswith("/v1/")
        for method, verb in address.permissions.items():
            if verb not in held and (by_key or not scoped):
                asked += 1
                reply = send_and_roll_back(client if by_key else session, method, address, path)
                wrong += [(f"{method} {path}", reply.status)] if reply.status != 403 else []
        below = not scoped and role is not Role.ORG_ADMIN
        if below and address.name.startswith("admin:") and address.name != "admin:logout":
            asked += 1
            reply = send_and_roll_back(session, "GET", address, path)
            wrong += [(f"GET {path}", reply.status)] if reply.status != 403 else []
    assert wrong == []
    assert asked > 0 or role is Role.ORG_ADMIN


def foreign_row_values(address: UrlRoute, acme: PopulatedTenant, canary: PopulatedTenant) -> Iterator[dict[str, str]]:
    """Yield parameter values with all rows foreign, and with each row foreign among own ones."""
    own, foreign = address.values(acme), address.values(canary)
    yield foreign
    if len(address.row_parameters) > 1:
        for name in address.row_parameters:
            yield {**own, name: foreign[name]}


def statuses_for_absent_row(address: UrlRoute, method: str) -> frozenset[int]:
    """Return the statuses allowed for an absent row."""
    if "/admin/" in address.route:
        return NOT_FOUND_STATUSES | ADMIN_REFUSED_BEFORE_LOOKUP
    if method not in {"POST", "PUT", "PATCH"}:
        return NOT_FOUND_STATUSES
    return NOT_FOUND_STATUSES | REFUSED_BEFORE_LOOKUP | (frozenset() if address.route.startswith("/v1/") else {302})


def find_leaks(
    client: Client, asked: list[UrlRoute], acme: PopulatedTenant, canary: PopulatedTenant
) -> Iterator[tuple[str, str]]:
    """Request another tenant's rows in every way; yield the leaks."""
    for address in asked:
        for values in foreign_row_values(address, acme, canary) if address.row_parameters else [address.values(acme)]:
            nobody = {
                n: ROW_PARAMETERS[n] if n in ROW_PARAMETERS and v != address.values(acme)[n] else v
                for n, v in values.items()
            }
            for method in address.methods:
                path = address.path(values)
                reply = send_and_roll_back(client, method, address, path, canary)
                text = reply.without_echo(values.values())
                yield from ((f"{method} {path}", f"shows {s}") for s in canary.secrets if s in text)
                if reply.status >= 500:
                    yield f"{method} {path}", f"is {reply.status}"
                if method == "OPTIONS" or not address.row_parameters:
                    continue
                if reply.status not in statuses_for_absent_row(address, method):
                    yield f"{method} {path}", f"is {reply.status}"
                other = send_and_roll_back(client, method, address, address.path(nobody))
                if (reply.status, text) != (other.status, other.without_echo(nobody.values())):
                    yield (f"{method} {path}", f"differs from what nobody's row gives: {reply.status} {other.status}")


def find_list_leaks(
    client: Client, asked: list[UrlRoute], acme: PopulatedTenant, canary: PopulatedTenant
) -> Iterator[tuple[str, str]]:
    """Request the lists, unfiltered and filtered by another tenant's rows; yield the leaks."""
    ids = canary.ids
    wanted = {
        "batch": ids["batch_id"],
        "queue": ids["queue_id"],
        "document": ids["document_id"],
        "task": ids["task_id"],
        "schema": ids["key"],
        "q": "anary",
    }
    for address in asked:
        if address.row_parameters:
            continue
        path = address.path(address.values(acme))
        for query in ["", "limit=200", *(f"{name}={value}" for name, value in wanted.items())]:
            reply = send_and_roll_back(client, "GET", address, f"{path}?{query}")
            text = reply.without_echo(str(value) for value in wanted.values())
            yield from ((f"{path}?{query}", f"shows {secret}") for secret in canary.secrets if secret in text)


def without_orm_filter(rows: TenantQuerySet[Model], actor: Actor) -> TenantQuerySet[Model]:
    """Return all rows, without the ORM filter."""
    return rows.all()


@pytest.mark.parametrize("way", ["session", "key"])
@pytest.mark.parametrize("filters", ["with filters", "without filters"])
def test_routes_hide_rows_of_other_tenant(
    way: str, filters: str, own_tenant: PopulatedTenant, other_tenant: PopulatedTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """404 for foreign ids, exactly as for absent ones; no list, count, search or error reveals them."""
    if filters == "without filters":
        monkeypatch.setattr(TenantQuerySet, "visible_to", without_orm_filter)
    client = own_tenant.tenant.client(Role.ORG_ADMIN) if way == "session" else own_tenant.tenant.api(Role.ORG_ADMIN)
    asked = [address for address in PRIVATE_ROUTES if way == "session" or address.route.startswith("/v1/")]
    assert [
        *find_leaks(client, asked, own_tenant, other_tenant),
        *find_list_leaks(client, asked, own_tenant, other_tenant),
    ] == []


def test_routes_show_own_rows_to_administrator(other_tenant: PopulatedTenant) -> None:
    """Control for the test above: the owner's administrator sees the rows with the same requests."""
    client, api = other_tenant.tenant.client(Role.ORG_ADMIN), other_tenant.tenant.api(Role.ORG_ADMIN)
    seen = {
        address.name
        for address in PRIVATE_ROUTES
        for asking in (client, api)
        if "canary" in send_and_roll_back(asking, "GET", address, address.path(address.values(other_tenant))).text
    }
    expected = {
        "documents",
        "document",
        "fields",
        "batches",
        "batch",
        "tasks",
        "schemas",
        "webhooks",
        "training-examples",
        "admin:tenancy_membership_changelist",
        "admin:review_queue_changelist",
        "artefact-file",
    }
    assert expected - seen == set()


def test_factories_satisfy_database_constraints(own_tenant: PopulatedTenant, other_tenant: PopulatedTenant) -> None:
    """The factories respect the composite keys."""
    connection.check_constraints()
