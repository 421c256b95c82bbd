"""Every address, every method, everyone who should not: generated from the URL conf, so that new ones are in.

B01, and B02 with the ORM's filters taken out: row level security alone still leaks nothing.
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
from refinery.core.tenancy.roles import ROLE_VERBS, Role
from tests.factories.people import MEMBER_ROLES
from tests.factories.worlds import World, make_world
from tests.integration.wall.addresses import ROWS, Address, addresses
from tests.integration.wall.asking import Reply, ask

pytestmark = pytest.mark.django_db
ADDRESSES = addresses()
PRIVATE = [address for address in ADDRESSES if not address.is_public]
NOT_HERE = frozenset({404, 405})
# What may be said before the row is looked for: of the body, and on a page by leading back to the form.
BEFORE_THE_LOOK = frozenset({400, 406, 412, 415, 422, 428})
# The admin asks for the right to a page first, and leads from one old address to another.
ADMIN_BEFORE_THE_LOOK = frozenset({302, 403})


@pytest.fixture
def acme() -> World:
    """The tenant that asks."""
    return make_world("acme")


@pytest.fixture
def canary() -> World:
    """The tenant that must not be seen."""
    return make_world("canary")


def turned_away(reply: Reply, address: Address) -> bool:
    """Tell whether a stranger was sent to sign in, or told that there is no such method."""
    if address.route.startswith("/v1/"):
        return reply.status == 401
    return reply.status in {401, 405} or (reply.status == 302 and reply.location.startswith("/sign-in/"))


def everything_for(client: Client, world: World) -> Iterator[tuple[str, Address, Reply]]:
    """Ask every private address by every method with a world's own ids."""
    for address in PRIVATE:
        path = address.path(address.values(world))
        for method in address.methods:
            yield f"{method} {path}", address, ask(client, method, address, path)


def test_every_parameter_is_known() -> None:
    """A new address that this test cannot fill fails here, by name."""
    assert [address.route for address in ADDRESSES if address.parameters and not address.route] == []
    assert len(ADDRESSES) > 100


@pytest.mark.parametrize("who", ["anonymous", "suspended session", "suspended key", "revoked key", "wrong key"])
def test_strangers_are_turned_away_everywhere(who: str, acme: World) -> None:
    """Whatever they ask for, and without a word about it."""
    ways: dict[str, Callable[[], Client]] = {
        "anonymous": Client,
        "suspended session": lambda: acme.house.client(Role.ORG_ADMIN),
        "suspended key": lambda: acme.house.api(Role.ORG_ADMIN),
        "revoked key": lambda: acme.house.api(Role.ORG_ADMIN),
        "wrong key": lambda: Client(headers={"Authorization": "Bearer rfk_" + "x" * 43}),
    }
    client = ways[who]()
    if who.startswith("suspended"):
        acme.house.suspend()
    if who == "revoked key":
        with tenant_scope(acme.house.tenant_id):
            ApiKey.objects.update(revoked_at=timezone.now())
    let_in = [
        (question, reply.status)
        for question, address, reply in everything_for(client, acme)
        if not turned_away(reply, address) or "acme" in reply.without(address.values(acme).values())
    ]
    assert let_in == []


@pytest.mark.parametrize("role", [*MEMBER_ROLES, "no scope at all"])
def test_those_without_the_right_are_refused(role: Role | str, acme: World) -> None:
    """403 for every method of an endpoint or page whose verb role or scopes do not hold; the admin is closed."""
    scoped = not isinstance(role, Role)
    rank = role if isinstance(role, Role) else Role.ORG_ADMIN
    client = acme.house.api(rank, scopes=[] if scoped else None)
    held = frozenset() if scoped else ROLE_VERBS[rank]
    session = acme.house.client(rank)
    wrong: list[tuple[str, int]] = []
    asked = 0
    for address in PRIVATE:
        path = address.path(address.values(acme))
        by_key = address.route.startswith("/v1/")
        for method, verb in address.verbs.items():
            if verb not in held and (by_key or not scoped):
                asked += 1
                reply = ask(client if by_key else session, method, address, path)
                wrong += [(f"{method} {path}", reply.status)] if reply.status != 403 else []
        below = not scoped and role is not Role.ORG_ADMIN
        if below and address.name.startswith("admin:") and address.name != "admin:logout":
            asked += 1
            reply = ask(session, "GET", address, path)
            wrong += [(f"GET {path}", reply.status)] if reply.status != 403 else []
    assert wrong == []
    assert asked > 0 or role is Role.ORG_ADMIN


def questions(address: Address, acme: World, canary: World) -> Iterator[dict[str, str]]:
    """Give the ways to name rows that are not all one's own: all foreign, and each alone among one's own."""
    own, foreign = address.values(acme), address.values(canary)
    yield foreign
    if len(address.row_parameters) > 1:
        for name in address.row_parameters:
            yield {**own, name: foreign[name]}


def said_of_nobodys(address: Address, method: str) -> frozenset[int]:
    """Give the statuses that a row which is not there may have."""
    if "/admin/" in address.route:
        return NOT_HERE | ADMIN_BEFORE_THE_LOOK
    if method not in {"POST", "PUT", "PATCH"}:
        return NOT_HERE
    return NOT_HERE | BEFORE_THE_LOOK | (frozenset() if address.route.startswith("/v1/") else {302})


def leaks(client: Client, asked: list[Address], acme: World, canary: World) -> Iterator[tuple[str, str]]:
    """Ask for another tenant's rows in every way; give what was wrong with the answers."""
    for address in asked:
        for values in questions(address, acme, canary) if address.row_parameters else [address.values(acme)]:
            nobody = {n: ROWS[n] if n in ROWS and v != address.values(acme)[n] else v for n, v in values.items()}
            for method in address.methods:
                path = address.path(values)
                reply = ask(client, method, address, path, canary)
                text = reply.without(values.values())
                yield from ((f"{method} {path}", f"shows {s}") for s in canary.secrets if s in text)
                if reply.status >= 500:
                    yield f"{method} {path}", f"is {reply.status}"
                if method == "OPTIONS" or not address.row_parameters:
                    continue
                if reply.status not in said_of_nobodys(address, method):
                    yield f"{method} {path}", f"is {reply.status}"
                other = ask(client, method, address, address.path(nobody))
                if (reply.status, text) != (other.status, other.without(nobody.values())):
                    yield (
                        f"{method} {path}",
                        f"differs from what nobody's row gives: {reply.status} {other.status}",
                    )


def searched(client: Client, asked: list[Address], acme: World, canary: World) -> Iterator[tuple[str, str]]:
    """Ask the lists, plainly and filtered by another tenant's rows."""
    ids = canary.ids
    wanted = {"batch": ids["batch_id"], "queue": ids["queue_id"], "document": ids["document_id"],
              "task": ids["task_id"], "schema": ids["key"], "q": "anary"}  # fmt: skip
    for address in asked:
        if address.row_parameters:
            continue
        path = address.path(address.values(acme))
        for query in ["", "limit=200", *(f"{name}={value}" for name, value in wanted.items())]:
            reply = ask(client, "GET", address, f"{path}?{query}")
            text = reply.without(str(value) for value in wanted.values())
            yield from ((f"{path}?{query}", f"shows {secret}") for secret in canary.secrets if secret in text)


def no_filter(rows: TenantQuerySet[Model], actor: Actor) -> TenantQuerySet[Model]:
    """The first wall, taken out."""
    return rows.all()


@pytest.mark.parametrize("way", ["session", "key"])
@pytest.mark.parametrize("filters", ["with filters", "without filters"])
def test_another_tenants_rows_are_not_there(
    way: str, filters: str, acme: World, canary: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """404 for foreign ids, alike to ids of nobody; no list, count, search or error tells of them."""
    if filters == "without filters":
        monkeypatch.setattr(TenantQuerySet, "visible_to", no_filter)
    client = acme.house.client(Role.ORG_ADMIN) if way == "session" else acme.house.api(Role.ORG_ADMIN)
    asked = [address for address in PRIVATE if way == "session" or address.route.startswith("/v1/")]
    assert [*leaks(client, asked, acme, canary), *searched(client, asked, acme, canary)] == []


def test_the_marks_are_really_there_to_be_seen(canary: World) -> None:
    """The same questions by the tenant's own administrator show them: the test above is not blind."""
    client, api = canary.house.client(Role.ORG_ADMIN), canary.house.api(Role.ORG_ADMIN)
    seen = {
        address.name
        for address in PRIVATE
        for asking in (client, api)
        if "canary" in ask(asking, "GET", address, address.path(address.values(canary))).text
    }
    expected = {
        "documents", "document", "fields", "batches", "batch", "tasks", "schemas", "webhooks", "training-examples",
        "admin:tenancy_membership_changelist", "admin:review_queue_changelist", "artefact-file",
    }  # fmt: skip
    assert expected - seen == set()


def test_nothing_of_the_world_is_held_by_a_broken_bond(acme: World, canary: World) -> None:
    """The factories themselves keep to the composite keys."""
    connection.check_constraints()
