"""From the outbox to the engine: take, send, mark.

A message is taken for a while, sent, then marked. A relay that dies in between leaves it to be sent again, which
the engine's ids turn into nothing; what cannot be sent goes back, at most five minutes ahead. Several relays may
run side by side.
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

from refinery.core.outbox.services import CHANNEL
from workers import queues

log = structlog.get_logger(__name__)

BATCH: Final = 50
HOLD_SECONDS: Final = 60
SEND_SECONDS: Final = 10.0
AT_ONCE: Final = 16
IDLE_SECONDS: Final = 15.0
CEILING_SECONDS: Final = 300
SIGNAL: Final = "workflow.signal"
ADDRESSING: Final = frozenset({"workflow", "id", "queue", "priority"})
PRIORITIES: Final = ((8, 1), (1, 2), (0, 3), (-5, 4), (-10, 5))
"""From what an uploader asks for (-10 to 10, higher is sooner) to the engine's five levels (1 is soonest)."""
PENDING_START: Final = """
    SELECT EXISTS (SELECT FROM outbox_message
                   WHERE tenant_id = %s AND topic = 'workflow.start' AND key = %s AND sent_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in hand."""

    id: UUID
    tenant_id: UUID
    topic: str
    key: str
    payload: dict[str, Any]
    attempts: int


class NotYet(Exception):
    """The message cannot be sent now; it will be tried again."""


def level_of(priority: int) -> int:
    """Give the engine's level of a priority; activities inherit their workflow's."""
    return next((level for least, level in PRIORITIES if priority >= least), PRIORITIES[-1][1])


class Relay:
    """One relay: a connection that listens, and one that takes and marks."""

    def __init__(self, client: Client, database_url: str) -> None:
        """Take the way to the engine and to the outbox."""
        self._client = client
        self._url = database_url
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until asked to stop; a lost database is waited for."""
        pause = 1.0
        while not stop.is_set():
            try:
                async with self._listening() as woken, self._connected() as connection:
                    pause = 1.0
                    await self._relay(connection, woken, stop)
            except psycopg.OperationalError as reason:
                log.warning("outbox_unreachable", reason=type(reason).__name__)
                await _either(stop, asyncio.Event(), pause)
                pause = min(2 * pause, 30.0)

    async def _relay(
        self, connection: psycopg.AsyncConnection[Any], woken: asyncio.Event, stop: asyncio.Event
    ) -> None:
        while not stop.is_set():
            woken.clear()
            taken = await self.post_due(connection)
            if taken < BATCH:
                await _either(stop, woken, await _seconds_to_next(connection))

    async def post_due(self, connection: psycopg.AsyncConnection[Any]) -> int:
        """Send what is due, a batch at most; gives how many messages were taken."""
        async with connection.cursor(row_factory=class_row(Letter)) as cursor:
            await cursor.execute("SELECT * FROM platform_outbox_take(%s, %s)", [BATCH, HOLD_SECONDS])
            letters = await cursor.fetchall()
        faults = await asyncio.gather(*(self._post(letter) for letter in letters))
        sent = [letter.id for letter, fault in zip(letters, faults, strict=True) if not fault]
        if sent:
            await connection.execute("SELECT platform_outbox_sent(%s)", [sent])
        for letter, fault in zip(letters, faults, strict=True):
            if fault:
                wait = min(CEILING_SECONDS, 2 ** min(letter.attempts, 10))
                await connection.execute("SELECT platform_outbox_failed(%s, %s, %s)", [letter.id, fault, wait])
        return len(letters)

    async def _post(self, letter: Letter) -> str:
        """Send one message; gives what went wrong, empty for nothing."""
        async with self._slots:
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await (self._signal(letter) if letter.topic == SIGNAL else self._start(letter))
            except NotYet as reason:
                return str(reason)
            except (RPCError, RuntimeError, TimeoutError, OSError, KeyError, psycopg.Error) as reason:
                log.warning("message_not_sent", message=str(letter.id), reason=type(reason).__name__)
                return type(reason).__name__
        return ""

    async def _start(self, letter: Letter) -> None:
        """Start a workflow; one of this id, running or ended, has been started by this message before."""
        payload = letter.payload
        order = {name: value for name, value in payload.items() if name not in ADDRESSING}
        try:
            await self._client.start_workflow(
                payload["workflow"],
                order,
                id=payload["id"],
                task_queue=payload.get("queue", queues.IO),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                rpc_timeout=timedelta(seconds=SEND_SECONDS),
                priority=Priority(level_of(payload.get("priority", 0)), fairness_key=str(letter.tenant_id)),
            )
        except WorkflowAlreadyStartedError:
            log.info("workflow_started_before", workflow=payload["id"])

    async def _signal(self, letter: Letter) -> None:
        """Signal a workflow; one that has ended needs to hear nothing, one that is yet to start is waited for."""
        workflow_id = letter.payload["id"]
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            await handle.signal(
                letter.payload["signal"],
                letter.payload.get("args", {}),
                rpc_timeout=timedelta(seconds=SEND_SECONDS),
            )
        except RPCError as reason:
            if reason.status is not RPCStatusCode.NOT_FOUND:
                raise
            if await self._start_is_pending(letter.tenant_id, workflow_id):
                message = "its workflow has not started"
                raise NotYet(message) from reason
            log.info("workflow_over", workflow=workflow_id)

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
        """Give an event that is set whenever a transaction with messages commits."""
        woken = asyncio.Event()
        async with self._connected() as connection:
            await connection.execute(f"LISTEN {CHANNEL}".encode())
            ears = asyncio.ensure_future(_hear(connection, woken))
            try:
                yield woken
            finally:
                ears.cancel()
                await asyncio.gather(ears, return_exceptions=True)


async def _hear(connection: psycopg.AsyncConnection[Any], woken: asyncio.Event) -> None:
    async for _ in connection.notifies():
        woken.set()


async def _seconds_to_next(connection: psycopg.AsyncConnection[Any]) -> float:
    cursor = await connection.execute("SELECT platform_outbox_next()")
    row = await cursor.fetchone()
    wait = row[0] if row and row[0] is not None else IDLE_SECONDS
    return max(0.0, min(float(wait), IDLE_SECONDS))


async def _either(stop: asyncio.Event, woken: asyncio.Event, seconds: float) -> None:
    """Wait for one of the two, or for the time to pass."""
    waits = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(woken.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
