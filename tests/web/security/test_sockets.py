"""WebSockets: same origin only, for permitted users, and closed when the permission ends (B04)."""

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
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.tickets import issue_ticket
from refinery.core.web import sockets as live
from refinery.routing import sockets
from tests.support.factories.populated_tenant import PopulatedTenant, make_populated_tenant
from tests.support.factories.tenants import TenantFixture

pytestmark = pytest.mark.django_db
OWN_ORIGIN = b"http://testserver"


@pytest.fixture(autouse=True)
def layer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep events in this process, set the origin to the test client's, and keep the test's transaction open."""
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def tenant() -> PopulatedTenant:
    """Return the tenant whose events are received."""
    return make_populated_tenant("acme")


def session_cookie(tenant: TenantFixture, role: Role) -> bytes:
    """Return the session cookie of a signed-in person."""
    return f"sessionid={tenant.client(role).cookies['sessionid'].value}".encode()


def socket_for(path: str, *, cookies: bytes = b"", origin: bytes | None = OWN_ORIGIN) -> WebsocketCommunicator:
    """Prepare a handshake; API clients send no origin."""
    headers = [(b"host", b"testserver"), (b"cookie", cookies)]
    named = [] if origin is None else [(b"origin", origin)]
    return WebsocketCommunicator(sockets, path, headers=[*named, *headers])


def connect_outcome(path: str, *, cookies: bytes = b"", origin: bytes | None = OWN_ORIGIN) -> str:
    """Return `ready`, the close code, or `refused` at the handshake."""

    async def scenario() -> str:
        socket = socket_for(path, cookies=cookies, origin=origin)
        accepted, _ = await socket.connect()
        if not accepted:
            return "refused"
        message: dict[str, Any] = await socket.receive_output()
        await socket.disconnect()
        return str(message["code"]) if message["type"] == "websocket.close" else "ready"

    return str(async_to_sync(scenario)())


def socket_paths(populated_tenant: PopulatedTenant) -> list[str]:
    """Return the path of every socket for the tenant's rows."""
    return [
        f"/ws/documents/{populated_tenant.ids['document_id']}",
        f"/ws/batches/{populated_tenant.ids['batch_id']}",
        "/ws/queue",
    ]


def test_sockets_of_one_caller_are_limited(tenant: PopulatedTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one above the limit is closed with a code; closed ones count no more; other callers are unaffected."""
    monkeypatch.setattr(live, "OPEN_SOCKETS", live.SocketCounter(per_tenant=3, per_caller=2))
    cookies = {role: session_cookie(tenant.tenant, role) for role in (Role.VIEWER, Role.OPERATOR, Role.MANAGER)}

    async def open_socket(role: Role) -> tuple[WebsocketCommunicator, str]:
        socket = socket_for("/ws/queue", cookies=cookies[role])
        await socket.connect()
        message: dict[str, Any] = await socket.receive_output()
        return socket, str(message["code"]) if message["type"] == "websocket.close" else "ready"

    async def scenario() -> list[str]:
        opened = [await open_socket(Role.VIEWER) for _ in range(3)]
        opened += [await open_socket(Role.OPERATOR), await open_socket(Role.MANAGER)]
        await opened[0][0].disconnect()
        opened.append(await open_socket(Role.VIEWER))
        for socket, outcome in opened[1:]:
            if outcome == "ready":
                await socket.disconnect()
        return [outcome for _, outcome in opened]

    assert async_to_sync(scenario)() == ["ready", "ready", "4429", "ready", "4429", "ready"]
    assert not live.OPEN_SOCKETS._open


@pytest.mark.parametrize("message", [{"text": "no JSON"}, {"bytes": b"\xff"}, {"text": "[" * 100_000}])
def test_socket_ignores_whatever_it_is_sent(tenant: PopulatedTenant, message: dict[str, Any]) -> None:
    """It stays open."""
    cookies = session_cookie(tenant.tenant, Role.VIEWER)

    async def scenario() -> bool:
        socket = socket_for("/ws/queue", cookies=cookies)
        await socket.connect()
        await socket.receive_output()
        await socket.send_input({"type": "websocket.receive", **message})
        silent = await socket.receive_nothing()
        await socket.disconnect()
        return bool(silent)

    assert async_to_sync(scenario)()


def test_socket_member_may_listen(tenant: PopulatedTenant) -> None:
    """Members may connect to every kind of socket."""
    assert [
        connect_outcome(path, cookies=session_cookie(tenant.tenant, Role.VIEWER)) for path in socket_paths(tenant)
    ] == ["ready"] * 3


def test_socket_without_cookie_or_from_other_origin_is_refused(tenant: PopulatedTenant) -> None:
    """A script of another site sends the cookie too, but its origin reveals it."""
    good = session_cookie(tenant.tenant, Role.VIEWER)
    assert [connect_outcome(path) for path in socket_paths(tenant)] == ["4401"] * 3
    for origin in (b"https://evil.example", b"http://testserver.evil.example", b"null"):
        assert [connect_outcome(path, cookies=good, origin=origin) for path in socket_paths(tenant)] == ["refused"] * 3


def test_socket_of_other_tenant_is_not_found_with_and_without_filters(
    tenant: PopulatedTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids of another tenant behave like unknown ids."""
    canary, good = make_populated_tenant("canary"), session_cookie(tenant.tenant, Role.ORG_ADMIN)
    for _ in range(2):
        assert [connect_outcome(path, cookies=good) for path in socket_paths(canary)[:2]] == ["4404"] * 2
        monkeypatch.setattr("refinery.core.tenancy.querysets.TenantQuerySet.visible_to", lambda rows, actor: rows.all())
    tenant.tenant.suspend()
    assert connect_outcome("/ws/queue", cookies=good) == "4401"


def test_socket_accepts_ticket_with_view_permission_only(tenant: PopulatedTenant) -> None:
    """API clients use tickets."""
    ticket = issue_ticket(tenant.tenant.actor(Role.VIEWER))
    assert connect_outcome(f"{socket_paths(tenant)[0]}?token={ticket}") == "ready"
    assert connect_outcome(f"{socket_paths(tenant)[0]}?token={ticket}x") == "4401"
    blind = tenant.tenant.actor(Role.VIEWER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("refinery.core.tenancy.tickets.TICKET_PERMISSIONS", frozenset({Permission.BATCH_VIEW}))
        narrow = issue_ticket(blind)
    assert connect_outcome(f"{socket_paths(tenant)[0]}?token={narrow}") == "4401"


def test_socket_without_origin_requires_ticket(tenant: PopulatedTenant) -> None:
    """A cookie without an origin is not accepted, and is ignored next to a ticket."""
    good, ticket = session_cookie(tenant.tenant, Role.VIEWER), issue_ticket(tenant.tenant.actor(Role.VIEWER))
    assert [connect_outcome(f"{path}?token={ticket}", origin=None) for path in socket_paths(tenant)] == ["ready"] * 3
    assert connect_outcome(f"/ws/queue?token={ticket}x", cookies=good, origin=None) == "4401"
    assert connect_outcome(f"/ws/queue?token={ticket}", origin=b"https://evil.example") == "refused"
    assert connect_outcome("/ws/queue", cookies=good, origin=None) == "refused"


@pytest.mark.parametrize("path", ["/ws/nothing", "/ws/documents/no-id", "/ws/queue/more"])
def test_socket_unknown_path_closes_with_4404(tenant: PopulatedTenant, path: str) -> None:
    """No error is logged, for browsers and API clients."""
    ticket = issue_ticket(tenant.tenant.actor(Role.VIEWER))
    assert connect_outcome(path, cookies=session_cookie(tenant.tenant, Role.VIEWER)) == "4404"
    assert connect_outcome(f"{path}?token={ticket}", origin=None) == "4404"


RevokeAccess = Callable[[TenantFixture], object]


def sign_out(tenant: TenantFixture) -> object:
    """End every session of the tenant's people."""
    model = SessionStore.get_model_class()
    return model.objects.all().delete()


def end_memberships(tenant: TenantFixture) -> object:
    """End the memberships."""
    with tenant_scope(tenant.tenant_id):
        return Membership.objects.update(is_active=False)


@pytest.mark.parametrize("end", [sign_out, end_memberships, TenantFixture.suspend])
def test_socket_closes_when_permission_ends(
    end: RevokeAccess, tenant: PopulatedTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The socket closes at the next check, without a message from the page."""
    assert live.RECHECK_SECONDS * 2 <= 60
    assert (
        close_code_after(end, tenant, monkeypatch, socket_paths(tenant)[0], session_cookie(tenant.tenant, Role.VIEWER))
        == 4401
    )


def test_socket_of_ticket_closes_when_membership_ends(tenant: PopulatedTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The age of the ticket itself does not close it."""
    path = f"{socket_paths(tenant)[0]}?token={issue_ticket(tenant.tenant.actor(Role.VIEWER))}"
    assert close_code_after(end_memberships, tenant, monkeypatch, path, b"") == 4401


def close_code_after(
    end: RevokeAccess, acme: PopulatedTenant, monkeypatch: pytest.MonkeyPatch, path: str, cookies: bytes
) -> int | None:
    """Connect, remove the permission, and return the close code."""
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.01)

    async def scenario() -> int | None:
        socket = socket_for(path, cookies=cookies)
        await socket.connect()
        assert (await socket.receive_json_from())["type"] == "live.ready"
        run: Callable[[TenantFixture], Awaitable[object]] = sync_to_async(end)
        await run(acme.tenant)
        message: dict[str, Any] = await socket.receive_output(timeout=60)
        return message.get("code")

    found: int | None = async_to_sync(scenario)()
    return found


def test_socket_ticket_of_revoked_key_is_refused(tenant: PopulatedTenant) -> None:
    """A ticket is invalid once its key is revoked."""
    key = tenant.tenant.create_key(Role.VIEWER)
    actor = tenant.tenant.actor(Role.VIEWER)
    ticket = issue_ticket(replace(actor, key_id=key.id))
    assert connect_outcome(f"{socket_paths(tenant)[0]}?token={ticket}") == "ready"
    with tenant_scope(tenant.tenant.tenant_id):
        ApiKey.objects.filter(pk=key.id).update(revoked_at=timezone.now())
    assert connect_outcome(f"{socket_paths(tenant)[0]}?token={ticket}") == "4401"
