"""Requests a minute for each tenant and key: counted in the database, each tenant for itself (B18)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from tests.factories.people import House, make_house


def limited(slug: str, requests_per_minute: int) -> House:
    """Make a tenant with an allowance."""
    house = make_house(slug)
    with tenant_scope(house.tenant_id):
        Tenant.objects.update(requests_per_minute=requests_per_minute)
    return house


def statuses(client: Client, times: int) -> list[int]:
    """Ask several times."""
    return [client.get("/v1/api-keys").status_code for _ in range(times)]


@pytest.fixture(autouse=True)
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window so long that no test stands on its edge."""
    monkeypatch.setattr("refinery.core.web.ratelimit.WINDOW_SECONDS", 10**8)


@pytest.mark.django_db
def test_a_caller_has_half_of_the_tenants_allowance_and_is_told_when_to_come_back() -> None:
    """429 with Retry-After and a problem."""
    client = limited("acme", 6).api(Role.ORG_ADMIN)
    assert statuses(client, 4) == [200, 200, 200, 429]
    answer = client.get("/v1/api-keys")
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_all_callers_together_have_the_tenants_allowance_and_neighbours_theirs() -> None:
    """Two keys use it up; the third is refused; another tenant does not feel it."""
    house, neighbour = limited("acme", 6), limited("neighbour", 6)
    for _ in range(2):
        assert statuses(house.api(Role.ORG_ADMIN), 3) == [200, 200, 200]
    assert statuses(house.api(Role.ORG_ADMIN), 1) == [429]
    assert statuses(neighbour.api(Role.ORG_ADMIN), 3) == [200, 200, 200]


@pytest.mark.django_db
def test_what_is_refused_counts_too() -> None:
    """Knocking at what one may not do uses the allowance up."""
    client = limited("acme", 6).api(Role.VIEWER)
    assert statuses(client, 4) == [403, 403, 403, 429]


@pytest.mark.usefixtures("committed_db")
def test_the_count_is_not_locked_while_a_request_is_answered() -> None:
    """Counted outside of the request's transaction: a key's requests do not stand in line."""
    client, held = limited("acme", 600).api(Role.ORG_ADMIN), []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401 - Django's
        if "platform_count_request" in sql:
            held.append(connection.in_atomic_block)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert statuses(client, 1) == [200]
    assert held == [False]
