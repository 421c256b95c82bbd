"""Relay from the outbox to Temporal: claim, send, mark as sent.

A message is claimed for a limited time, sent, then marked. If a relay dies in between, the message is sent again,
which the workflow ids make harmless. A message that cannot be sent is delayed by at most five minutes. Several relays
may run concurrently.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from psycopg.rows import class_row
from temporalio.client import Client
from temporalio.common import Priority, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from refinery.core.outbox.services import NOTIFY_CHANNEL
from workers import queues

log = structlog.get_logger(__name__)

BATCH: Final = 32
SEND_SECONDS: Final = 10.0
CLAIM_SECONDS: Final = 15  # the messages of a killed relay wait for so long
IDLE_SECONDS: Final = 15.0
CEILING_SECONDS: Final = 300
SIGNAL: Final = "workflow.signal"
ROUTING_KEYS: Final = frozenset({"workflow", "id", "queue", "priority"})
PRIORITIES: Final = ((8, 1), (1, 2), (0, 3), (-5, 4), (-10, 5))
"""Maps an uploader's priority (-10 to 10, higher is sooner) to Temporal's five levels (1 is soonest)."""
PENDING_START: Final = """
    SELECT EXISTS (SELECT FROM outbox_message
                   WHERE tenant_id = %s AND topic = 'workflow.start' AND key = %s AND sent_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Claimed message of the outbox."""

    id: UUID
    tenant_id: UUID
    topic: str
    key: str
    payload: dict[str, Any]
    attempts: int


class NotReadyToSend(Exception):
    """The message cannot be sent now; it will be tried again."""


def priority_level(priority: int) -> int:
    """Return Temporal's level of a priority; activities inherit that of their workflow."""
    return next((level for least, level in PRIORITIES if priority >= least), PRIORITIES[-1][1])


class OutboxRelay:
    """One relay, with a connection that listens and one that claims and marks messages."""

    def __init__(self, client: Client, database_url: str) -> None:
        """Store the Temporal client and the URL of the database with the outbox."""
        self._client = client
        self._url = database_url

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set; reconnect when the database connection is lost."""
        pause = 1.0
        while not stop.is_set():
            try:
                async with self._listening() as woken, self._connected() as connection:
                    pause = 1.0
                    await self._relay(connection, woken, stop)
            except psycopg.OperationalError as reason:
                log.warning("outbox_unreachable", reason=type(reason).__name__)
                await _wait_for_either(stop, asyncio.Event(), pause)
                pause = min(2 * pause, 30.0)

    async def _relay(self, connection: psycopg.AsyncConnection[Any], woken: asyncio.Event, stop: asyncio.Event) -> None:
        while not stop.is_set():
            woken.clear()
            taken = await self.send_due(connection)
            if taken < BATCH:
                await _wait_for_either(stop, woken, await _seconds_to_next(connection))

    async def send_due(self, connection: psycopg.AsyncConnection[Any]) -> int:
        """Send one batch of due messages and return how many were claimed."""
        async with connection.cursor(row_factory=class_row(OutboxRow)) as cursor:
            await cursor.execute("SELECT * FROM platform_outbox_take(%s, %s)", [BATCH, CLAIM_SECONDS])
            rows = await cursor.fetchall()
        faults = await asyncio.gather(*(self._send(letter) for letter in rows))
        sent = [letter.id for letter, fault in zip(rows, faults, strict=True) if not fault]
        if sent:
            await connection.execute("SELECT platform_outbox_sent(%s)", [sent])
        for letter, fault in zip(rows, faults, strict=True):
            if fault:
                wait = min(CEILING_SECONDS, 2 ** min(letter.attempts, 10))
                await connection.execute("SELECT platform_outbox_failed(%s, %s, %s)", [letter.id, fault, wait])
        return len(rows)

    async def _send(self, row: OutboxRow) -> str:
        """Send one message; return the name of the error, or an empty string."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await (self._signal(row) if row.topic == SIGNAL else self._start(row))
        except NotReadyToSend as reason:
            return str(reason)
        except (RPCError, RuntimeError, TimeoutError, OSError, KeyError, psycopg.Error) as reason:
            log.warning("message_not_sent", message=str(row.id), reason=type(reason).__name__)
            return type(reason).__name__
        return ""

    async def _start(self, row: OutboxRow) -> None:
        """Start a workflow; if its id exists, running or ended, this message started it before."""
        payload = row.payload
        workflow_input = {name: value for name, value in payload.items() if name not in ROUTING_KEYS}
        try:
            await self._client.start_workflow(
                payload["workflow"],
                workflow_input,
                id=payload["id"],
                task_queue=payload.get("queue", queues.IO),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                rpc_timeout=timedelta(seconds=SEND_SECONDS),
                priority=Priority(priority_level(payload.get("priority", 0)), fairness_key=str(row.tenant_id)),
            )
        except WorkflowAlreadyStartedError:
            log.info("workflow_already_started", workflow=payload["id"])

    async def _signal(self, row: OutboxRow) -> None:
        """Signal a workflow; skip one that has ended, and wait for one that has not started yet."""
        workflow_id = row.payload["id"]
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            await handle.signal(
                row.payload["signal"], row.payload.get("args", {}), rpc_timeout=timedelta(seconds=SEND_SECONDS)
            )
        except RPCError as reason:
            if reason.status is not RPCStatusCode.NOT_FOUND:
                raise
            if await self._start_is_pending(row.tenant_id, workflow_id):
                message = "its workflow has not started"
                raise NotReadyToSend(message) from reason
            log.info("workflow_ended", workflow=workflow_id)

    async def _start_is_pending(self, tenant_id: UUID, workflow_id: str) -> bool:
        async with self._connected() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant_id)])
            cursor = await connection.execute(PENDING_START, [tenant_id, workflow_id])
            row = await cursor.fetchone()
        return bool(row and row[0])

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=5)
        async with connection:
            yield connection

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncio.Event]:
        """Yield an event that is set whenever a transaction with messages commits."""
        woken = asyncio.Event()
        async with self._connected() as connection:
            await connection.execute(f"LISTEN {NOTIFY_CHANNEL}".encode())
            listener = asyncio.ensure_future(_watch_notifications(connection, woken))
            try:
                yield woken
            finally:
                listener.cancel()
                await asyncio.gather(listener, return_exceptions=True)


async def _watch_notifications(connection: psycopg.AsyncConnection[Any], woken: asyncio.Event) -> None:
    async for _ in connection.notifies():
        woken.set()


async def _seconds_to_next(connection: psycopg.AsyncConnection[Any]) -> float:
    cursor = await connection.execute("SELECT platform_outbox_next()")
    row = await cursor.fetchone()
    wait = row[0] if row and row[0] is not None else IDLE_SECONDS
    return max(0.0, min(float(wait), IDLE_SECONDS))


async def _wait_for_either(stop: asyncio.Event, woken: asyncio.Event, seconds: float) -> None:
    """Wait for one of the two events, or for the timeout."""
    waits = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(woken.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
