"""Rate limits per minute for each tenant and key, counted in the database (B18)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from tests.support.factories.tenants import TenantFixture, make_tenant


def make_limited_tenant(slug: str, requests_per_minute: int) -> TenantFixture:
    """Create a tenant with a rate limit."""
    tenant = make_tenant(slug)
    with tenant_scope(tenant.tenant_id):
        Tenant.objects.update(requests_per_minute=requests_per_minute)
    return tenant


def statuses(client: Client, times: int) -> list[int]:
    """Send several requests and return their statuses."""
    return [client.get("/v1/api-keys").status_code for _ in range(times)]


@pytest.fixture(autouse=True)
def long_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a window so long that no test crosses its boundary."""
    monkeypatch.setattr("refinery.core.web.ratelimit.WINDOW_SECONDS", 10**8)


@pytest.mark.django_db
def test_rate_limit_caller_gets_half_of_tenant_allowance() -> None:
    """429 with Retry-After and a problem."""
    client = make_limited_tenant("acme", 6).api(Role.ORG_ADMIN)
    assert statuses(client, 4) == [200, 200, 200, 429]
    answer = client.get("/v1/api-keys")
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_rate_limit_callers_share_tenant_allowance() -> None:
    """Two keys exhaust the limit and a third is refused; another tenant is unaffected."""
    tenant, neighbour = make_limited_tenant("acme", 6), make_limited_tenant("neighbour", 6)
    for _ in range(2):
        assert statuses(tenant.api(Role.ORG_ADMIN), 3) == [200, 200, 200]
    assert statuses(tenant.api(Role.ORG_ADMIN), 1) == [429]
    assert statuses(neighbour.api(Role.ORG_ADMIN), 3) == [200, 200, 200]


@pytest.mark.django_db
def test_rate_limit_counts_refused_requests() -> None:
    """Forbidden requests count too."""
    client = make_limited_tenant("acme", 6).api(Role.VIEWER)
    assert statuses(client, 4) == [403, 403, 403, 429]


@pytest.mark.usefixtures("committed_db")
def test_rate_limit_counter_is_not_locked_during_request() -> None:
    """The counter has a separate transaction, so that requests with the same key do not block each other."""
    client, held = make_limited_tenant("acme", 600).api(Role.ORG_ADMIN), []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401 - Django's
        if "platform_count_request" in sql:
            held.append(connection.in_atomic_block)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert statuses(client, 1) == [200]
    assert held == [False]
