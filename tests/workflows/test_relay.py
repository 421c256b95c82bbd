"""The relay loses and repeats nothing: Temporal unavailable, or relay killed between sending and marking."""

from uuid import UUID

import psycopg
import pytest
from temporalio.client import Client

from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.outbox.services import OutgoingMessage, enqueue
from refinery.stack.ports import free_ports
from refinery.stack.services import PostgresServer
from tests.support.ingest_harness import IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import Connect, TemporalHarness
from workers.relay_sender import OutboxRelay


@pytest.fixture
def environment(committed_db: None, connect: Connect, postgres: PostgresServer) -> "RelayEnvironment":
    """Yield a client and a database without any relay or worker."""
    return RelayEnvironment(connect, postgres)


class RelayEnvironment:
    """Client and database that a relay connects."""

    def __init__(self, connect: Connect, postgres: PostgresServer) -> None:
        """Create a harness without relay and workers."""
        self.postgres = postgres
        self.harness = TemporalHarness(connect, postgres.url_app)
        self.ingest = make_ingest_harness()

    def run_relay_once(self, client: Client | None = None) -> int:
        """Let a relay send the due messages once."""
        return self.harness.call(self._run_relay_once(client or self.harness.client))

    async def _run_relay_once(self, client: Client) -> int:
        async with await psycopg.AsyncConnection.connect(self.postgres.url_app, autocommit=True) as connection:
            return await OutboxRelay(client, self.postgres.url_app).send_due(connection)

    def make_rows_due(self) -> None:
        """Make every waiting message due."""
        with psycopg.connect(self.postgres.url_superuser, autocommit=True) as owner:
            owner.execute("UPDATE outbox_message SET available_at = now() WHERE sent_at IS NULL")

    def postpone_rows(self) -> None:
        """Postpone all messages far into the future."""
        with psycopg.connect(self.postgres.url_superuser, autocommit=True) as owner:
            owner.execute("UPDATE outbox_message SET available_at = now() + interval '70 years'")

    def mark_unsent(self) -> None:
        """Restore the outbox state of a relay that dies after sending."""
        with psycopg.connect(self.postgres.url_superuser, autocommit=True) as owner:
            owner.execute("UPDATE outbox_message SET sent_at = NULL, available_at = now()")

    def unsent_rows(self) -> list[OutboxMessage]:
        """Return the unsent messages."""
        with tenant_scope(self.ingest.tenant_id):
            return list(OutboxMessage.objects.filter(sent_at=None))

    def add_signal(self, workflow_id: str) -> None:
        """Add a signal to the outbox."""
        with tenant_scope(self.ingest.tenant_id):
            payload = {"id": workflow_id, "signal": "submitted", "args": {}}
            enqueue(
                OutgoingMessage("workflow.signal", payload, self.ingest.tenant_id), key=f"{workflow_id}#submitted/1"
            )


def test_relay_killed_before_marking_sends_start_only_once(environment: RelayEnvironment) -> None:
    """The repeated start is recognised by its id and marked as sent."""
    ref = environment.ingest.upload()
    assert environment.run_relay_once() == 1
    environment.mark_unsent()
    assert environment.run_relay_once() == 1
    assert not environment.unsent_rows()
    description = environment.harness.call(environment.harness.handle(ref.workflow_id).describe())
    assert description.id == ref.workflow_id


def test_relay_keeps_messages_while_temporal_is_down(environment: RelayEnvironment) -> None:
    """An unsent message stores its error, waits at most five minutes, and is sent when Temporal is available again."""
    ref = environment.ingest.upload()
    (port,) = free_ports(1)
    dead = environment.harness.call(Client.connect(f"127.0.0.1:{port}", lazy=True))
    assert environment.run_relay_once(dead) == 1
    (message,) = environment.unsent_rows()
    assert message.last_error
    assert (message.available_at - message.created_at).total_seconds() < 300
    assert environment.run_relay_once() == 0
    environment.make_rows_due()
    assert environment.run_relay_once() == 1
    assert not environment.unsent_rows()
    assert environment.harness.call(environment.harness.handle(ref.workflow_id).describe()).id == ref.workflow_id


def test_relay_keeps_signal_until_workflow_starts(environment: RelayEnvironment) -> None:
    """A signal before its start is kept; a signal for an unknown or ended workflow is dropped."""
    ingest: IngestHarness = environment.ingest
    ref = ingest.upload()
    with tenant_scope(ingest.tenant_id):
        start = OutboxMessage.objects.get()
    environment.postpone_rows()
    environment.add_signal(ref.workflow_id)
    assert environment.run_relay_once() == 1
    assert {message.topic for message in environment.unsent_rows()} == {"workflow.start", "workflow.signal"}
    environment.make_rows_due()
    environment.run_relay_once()
    environment.make_rows_due()
    environment.run_relay_once()
    assert not environment.unsent_rows()
    assert UUID(str(start.id))
    environment.add_signal("doc/never/1")
    environment.run_relay_once()
    assert not environment.unsent_rows()
