"""The relay loses nothing and does nothing twice: engine gone, relay gone between sending and marking."""

from uuid import UUID

import psycopg
import pytest
from temporalio.client import Client

from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.outbox.services import Message, enqueue
from refinery.stack.ports import free_ports
from refinery.stack.services import PostgresServer
from tests.workflows.conftest import Connect
from tests.workflows.papers import Office, open_office
from tests.workflows.plant import Plant
from workers.relay_sender import Relay


@pytest.fixture
def idle(committed_db: None, connect: Connect, postgres: PostgresServer) -> "Idle":
    """A client and a database without any relay or worker."""
    return Idle(connect, postgres)


class Idle:
    """What a relay works between."""

    def __init__(self, connect: Connect, postgres: PostgresServer) -> None:
        """Make a plant that does nothing by itself."""
        self.postgres = postgres
        self.plant = Plant(connect, postgres.url_app)
        self.office = open_office()

    def post(self, client: Client | None = None) -> int:
        """Let a relay send what is due, once."""
        return self.plant.call(self._post(client or self.plant.client))

    async def _post(self, client: Client) -> int:
        async with await psycopg.AsyncConnection.connect(self.postgres.url_app, autocommit=True) as connection:
            return await Relay(client, self.postgres.url_app).post_due(connection)

    def let_time_pass(self) -> None:
        """Make every waiting message due."""
        with psycopg.connect(self.postgres.url_superuser, autocommit=True) as owner:
            owner.execute("UPDATE outbox_message SET available_at = now() WHERE sent_at IS NULL")

    def put_off(self) -> None:
        """Make no message due for a lifetime."""
        with psycopg.connect(self.postgres.url_superuser, autocommit=True) as owner:
            owner.execute("UPDATE outbox_message SET available_at = now() + interval '70 years'")

    def forget_that_it_was_sent(self) -> None:
        """Put the outbox where a relay leaves it that dies after sending."""
        with psycopg.connect(self.postgres.url_superuser, autocommit=True) as owner:
            owner.execute("UPDATE outbox_message SET sent_at = NULL, available_at = now()")

    def waiting(self) -> list[OutboxMessage]:
        """Give what has not been sent."""
        with tenant_scope(self.office.tenant_id):
            return list(OutboxMessage.objects.filter(sent_at=None))

    def signal(self, workflow_id: str) -> None:
        """Put a signal into the outbox."""
        with tenant_scope(self.office.tenant_id):
            payload = {"id": workflow_id, "signal": "submitted", "args": {}}
            enqueue(Message("workflow.signal", payload, self.office.tenant_id), key=f"{workflow_id}#submitted/1")


def test_a_relay_killed_before_marking_changes_nothing(idle: Idle) -> None:
    """Sent again, the start is recognised by its id, and marked."""
    ref = idle.office.upload()
    assert idle.post() == 1
    idle.forget_that_it_was_sent()
    assert idle.post() == 1
    assert not idle.waiting()
    description = idle.plant.call(idle.plant.handle(ref.workflow_id).describe())
    assert description.id == ref.workflow_id


def test_nothing_is_lost_while_the_engine_is_down(idle: Idle) -> None:
    """A message that cannot be sent says why, waits at most five minutes, and goes out when the engine is back."""
    ref = idle.office.upload()
    (port,) = free_ports(1)
    dead = idle.plant.call(Client.connect(f"127.0.0.1:{port}", lazy=True))
    assert idle.post(dead) == 1
    (message,) = idle.waiting()
    assert message.last_error
    assert (message.available_at - message.created_at).total_seconds() < 300
    assert idle.post() == 0
    idle.let_time_pass()
    assert idle.post() == 1
    assert not idle.waiting()
    assert idle.plant.call(idle.plant.handle(ref.workflow_id).describe()).id == ref.workflow_id


def test_a_signal_waits_for_its_workflow(idle: Idle) -> None:
    """Ahead of its start a signal is kept; for a workflow that never was, or is over, it is dropped."""
    office: Office = idle.office
    ref = office.upload()
    with tenant_scope(office.tenant_id):
        start = OutboxMessage.objects.get()
    idle.put_off()
    idle.signal(ref.workflow_id)
    assert idle.post() == 1
    assert {message.topic for message in idle.waiting()} == {"workflow.start", "workflow.signal"}
    idle.let_time_pass()
    idle.post()
    idle.let_time_pass()
    idle.post()
    assert not idle.waiting()
    assert UUID(str(start.id))
    idle.signal("doc/never/1")
    idle.post()
    assert not idle.waiting()
