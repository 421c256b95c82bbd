"""Sockets: from this site alone, for those who may look, as long as they may (B04)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from pytest_django import Settings

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey, Membership
from refinery.core.tenancy.roles import Role, Verb
from refinery.core.tenancy.tickets import issue_ticket
from refinery.core.web import sockets as live
from refinery.routing import sockets
from tests.factories.people import House
from tests.factories.worlds import World, make_world

pytestmark = pytest.mark.django_db
OURS = b"http://testserver"


@pytest.fixture(autouse=True)
def layer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events stay in this process, this site is the test client's, and the test's own transaction stays open."""
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def acme() -> World:
    """The tenant that listens."""
    return make_world("acme")


def cookie(house: House, role: Role) -> bytes:
    """Give the session cookie of a signed-in person."""
    return f"sessionid={house.client(role).cookies['sessionid'].value}".encode()


def opened(path: str, *, cookies: bytes = b"", origin: bytes | None = OURS) -> WebsocketCommunicator:
    """Prepare a handshake; a program names no origin."""
    headers = [(b"host", b"testserver"), (b"cookie", cookies)]
    named = [] if origin is None else [(b"origin", origin)]
    return WebsocketCommunicator(sockets, path, headers=[*named, *headers])


def outcome(path: str, *, cookies: bytes = b"", origin: bytes | None = OURS) -> str:
    """Give `ready`, the close code, or `refused` at the handshake."""

    async def scenario() -> str:
        socket = opened(path, cookies=cookies, origin=origin)
        accepted, _ = await socket.connect()
        if not accepted:
            return "refused"
        message: dict[str, Any] = await socket.receive_output()
        await socket.disconnect()
        return str(message["code"]) if message["type"] == "websocket.close" else "ready"

    return str(async_to_sync(scenario)())


def paths(world: World) -> list[str]:
    """Give every socket's address for a world's rows."""
    return [f"/ws/documents/{world.ids['document_id']}", f"/ws/batches/{world.ids['batch_id']}", "/ws/queue"]


def test_a_member_listens_to_ones_own(acme: World) -> None:
    """To every kind of socket."""
    assert [outcome(path, cookies=cookie(acme.house, Role.VIEWER)) for path in paths(acme)] == ["ready"] * 3


def test_without_a_cookie_or_from_another_site_nobody_listens(acme: World) -> None:
    """A foreign page's script brings the cookie along: its origin gives it away."""
    good = cookie(acme.house, Role.VIEWER)
    assert [outcome(path) for path in paths(acme)] == ["4401"] * 3
    for origin in (b"https://evil.example", b"http://testserver.evil.example", b"null"):
        assert [outcome(path, cookies=good, origin=origin) for path in paths(acme)] == ["refused"] * 3


def test_another_tenants_rows_are_not_there_with_filters_or_without(
    acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ids of nobody's are not."""
    canary, good = make_world("canary"), cookie(acme.house, Role.ORG_ADMIN)
    for _ in range(2):
        assert [outcome(path, cookies=good) for path in paths(canary)[:2]] == ["4404"] * 2
        monkeypatch.setattr(
            "refinery.core.tenancy.querysets.TenantQuerySet.visible_to", lambda rows, actor: rows.all()
        )
    acme.house.suspend()
    assert outcome("/ws/queue", cookies=good) == "4401"


def test_a_ticket_opens_a_socket_and_a_narrow_keys_does_not(acme: World) -> None:
    """The way of API clients."""
    ticket = issue_ticket(acme.house.actor(Role.VIEWER))
    assert outcome(f"{paths(acme)[0]}?token={ticket}") == "ready"
    assert outcome(f"{paths(acme)[0]}?token={ticket}x") == "4401"
    blind = acme.house.actor(Role.VIEWER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("refinery.core.tenancy.tickets.LOOK", frozenset({Verb.BATCH_VIEW}))
        narrow = issue_ticket(blind)
    assert outcome(f"{paths(acme)[0]}?token={narrow}") == "4401"


def test_a_program_names_no_origin_and_needs_a_ticket(acme: World) -> None:
    """A cookie without an origin opens nothing, and beside a ticket it is not looked at."""
    good, ticket = cookie(acme.house, Role.VIEWER), issue_ticket(acme.house.actor(Role.VIEWER))
    assert [outcome(f"{path}?token={ticket}", origin=None) for path in paths(acme)] == ["ready"] * 3
    assert outcome(f"/ws/queue?token={ticket}x", cookies=good, origin=None) == "4401"
    assert outcome(f"/ws/queue?token={ticket}", origin=b"https://evil.example") == "refused"
    assert outcome("/ws/queue", cookies=good, origin=None) == "refused"


@pytest.mark.parametrize("path", ["/ws/nothing", "/ws/documents/no-id", "/ws/queue/more"])
def test_an_address_that_leads_nowhere_closes(acme: World, path: str) -> None:
    """Without a fault in the log, for pages and programs."""
    ticket = issue_ticket(acme.house.actor(Role.VIEWER))
    assert outcome(path, cookies=cookie(acme.house, Role.VIEWER)) == "4404"
    assert outcome(f"{path}?token={ticket}", origin=None) == "4404"


Ending = Callable[[House], object]


def sign_out(house: House) -> object:
    """End every session of the house's people."""
    model = SessionStore.get_model_class()
    return model.objects.all().delete()


def take_place_away(house: House) -> object:
    """End the memberships."""
    with tenant_scope(house.tenant_id):
        return Membership.objects.update(is_active=False)


@pytest.mark.parametrize("end", [sign_out, take_place_away, House.suspend])
def test_an_open_socket_closes_when_its_right_ends(
    end: Ending, acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the next look, without a word from the page."""
    assert live.RECHECK_SECONDS * 2 <= 60
    assert close_code_after(end, acme, monkeypatch, paths(acme)[0], cookie(acme.house, Role.VIEWER)) == 4401


def test_a_tickets_socket_closes_when_its_holder_goes(acme: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ticket's own age does not close it."""
    path = f"{paths(acme)[0]}?token={issue_ticket(acme.house.actor(Role.VIEWER))}"
    assert close_code_after(take_place_away, acme, monkeypatch, path, b"") == 4401


def close_code_after(
    end: Ending, acme: World, monkeypatch: pytest.MonkeyPatch, path: str, cookies: bytes
) -> int | None:
    """Open, end the right, and give the code that the socket closes with."""
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.01)

    async def scenario() -> int | None:
        socket = opened(path, cookies=cookies)
        await socket.connect()
        assert (await socket.receive_json_from())["type"] == "live.ready"
        run: Callable[[House], Awaitable[object]] = sync_to_async(end)
        await run(acme.house)
        message: dict[str, Any] = await socket.receive_output(timeout=60)
        return message.get("code")

    found: int | None = async_to_sync(scenario)()
    return found


def test_a_revoked_keys_ticket_opens_nothing(acme: World) -> None:
    """It dies with its key."""
    key = acme.house.key(Role.VIEWER)
    actor = acme.house.actor(Role.VIEWER)
    ticket = issue_ticket(replace(actor, key_id=key.id))
    assert outcome(f"{paths(acme)[0]}?token={ticket}") == "ready"
    with tenant_scope(acme.house.tenant_id):
        ApiKey.objects.filter(pk=key.id).update(revoked_at=timezone.now())
    assert outcome(f"{paths(acme)[0]}?token={ticket}") == "4401"
