"""A whole plant for one test: relay and workers in a thread of their own, and a watch that tells what they did."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor, Worker

from workers import queues
from workers.bootstrap import WORKFLOWS
from workers.interceptors import ActivityFrame
from workers.relay_sender import Relay

Answer = TypeVar("Answer")
PATIENCE = 180.0  # seconds after which a test gives up


@dataclass
class Watch(Interceptor):
    """Counts finished activities by type and workflow, and wakes whoever waits for one."""

    seen: list[tuple[str, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Stand around the frame."""
        return _Watched(next, self)

    def note(self, name: str, workflow_id: str) -> None:
        """Remember one that finished."""
        with self.changed:
            self.seen.append((name, workflow_id))
            self.changed.notify_all()

    def count(self, name: str, workflow_id: str) -> int:
        """Count those that finished."""
        return self.seen.count((name, workflow_id))

    def wait_for(self, name: str, workflow_id: str, times: int = 1) -> None:
        """Wait until an activity has finished so many times."""
        with self.changed:
            came = self.changed.wait_for(lambda: self.count(name, workflow_id) >= times, PATIENCE)
        assert came, f"{name} of {workflow_id} did not come; seen: {self.seen}"


class _Watched(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, watch: Watch) -> None:
        super().__init__(inner)
        self._watch = watch

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's names
        result = await self.next.execute_activity(input)
        self._watch.note(activity.info().activity_type, activity.info().workflow_id or "")
        return result


class Plant:
    """Relay and workers on a loop in a thread; the test itself stays plain."""

    def __init__(self, connect: Callable[[], Coroutine[Any, Any, Client]], database_url: str) -> None:
        """Start the loop and connect."""
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.watch = Watch()
        self.client = self.call(connect())
        self.database_url = database_url
        self._workers: list[Worker] = []
        self._running: list[asyncio.Future[Any]] = []
        self._stop = asyncio.Event()

    def call(self, work: Coroutine[Any, Any, Answer], timeout: float = PATIENCE) -> Answer:
        """Run a coroutine on the plant's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout)

    def work(self, queue: str, *activities: Callable[..., Any]) -> None:
        """Add a worker."""
        self.call(self._work(queue, activities))

    async def _work(self, queue: str, activities: tuple[Callable[..., Any], ...]) -> None:
        worker = Worker(
            self.client,
            task_queue=queue,
            workflows=WORKFLOWS if queue == queues.IO else (),
            activities=list(activities),
            activity_executor=ThreadPoolExecutor(4),
            max_concurrent_activities=4,
            max_concurrent_local_activities=4,
            interceptors=[self.watch, ActivityFrame()],
        )
        self._workers.append(worker)
        self._running.append(asyncio.ensure_future(worker.run()))

    def relay(self) -> None:
        """Add a relay."""
        self.call(self._relay())

    async def _relay(self) -> None:
        self._running.append(asyncio.ensure_future(Relay(self.client, self.database_url).run(self._stop)))

    def handle(self, workflow_id: str) -> WorkflowHandle[Any, Any]:
        """Give a workflow's handle."""
        return self.client.get_workflow_handle(workflow_id)

    def result(self, workflow_id: str) -> Any:  # noqa: ANN401 - whatever the workflow gives
        """Wait for a workflow's start and end, and give its result."""
        with self.watch.changed:
            self.watch.changed.wait_for(lambda: any(of == workflow_id for _, of in self.watch.seen), PATIENCE)
        return self.call(self.handle(workflow_id).result())

    def wait_for_timer(self, workflow_id: str) -> None:
        """Wait until a workflow sets a clock: it then waits for people."""
        self.call(self._wait_for_timer(workflow_id))

    async def _wait_for_timer(self, workflow_id: str) -> None:
        async for event in self.handle(workflow_id).fetch_history_events(wait_new_event=True):
            if event.HasField("timer_started_event_attributes"):
                return

    def close(self) -> None:
        """End what still runs, then workers, relay and loop."""
        self.call(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def _close(self) -> None:
        async for running in self.client.list_workflows("ExecutionStatus = 'Running'"):
            await self._end(running.id)
        self._stop.set()
        await asyncio.gather(*(worker.shutdown() for worker in self._workers))
        await asyncio.gather(*self._running)

    async def _end(self, workflow_id: str) -> None:
        try:
            await self.handle(workflow_id).terminate("the test is over")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it may have ended by itself since it was listed
                raise
