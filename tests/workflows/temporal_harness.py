"""Relay and workers for one test, in a separate thread, with a log of their finished activities."""

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

from ingestion.domain.ports import VirusScanner
from quality.services.rule_set import AssessmentConfig
from workers import queues
from workers.activities.deliver_webhook import WebhookActivities
from workers.activities.document_steps import DocumentActivities
from workers.activities.review_steps import HumanTaskActivities
from workers.activities.split_document import SplitActivities
from workers.activities.train_model import TrainingRecords
from workers.bootstrap import WORKFLOWS
from workers.interceptors import ActivityErrorInterceptor
from workers.relay_sender import OutboxRelay

CallResult = TypeVar("CallResult")
Connect = Callable[[], Coroutine[Any, Any, Client]]
TIMEOUT_SECONDS = 180.0  # seconds after which a test fails


@dataclass
class ActivityLog(Interceptor):
    """Counts finished activities by type and workflow, and notifies waiting tests."""

    finished: list[tuple[str, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Intercept activities."""
        return _ActivityLogInterceptor(next, self)

    def record(self, name: str, workflow_id: str) -> None:
        """Record a finished activity."""
        with self.changed:
            self.finished.append((name, workflow_id))
            self.changed.notify_all()

    def count(self, name: str, workflow_id: str) -> int:
        """Return the number of finished activities."""
        return self.finished.count((name, workflow_id))

    def wait_for(self, name: str, workflow_id: str, times: int = 1) -> None:
        """Wait until an activity has finished `times` times."""
        with self.changed:
            came = self.changed.wait_for(lambda: self.count(name, workflow_id) >= times, TIMEOUT_SECONDS)
        assert came, f"{name} of {workflow_id} did not come; seen: {self.finished}"


class _ActivityLogInterceptor(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, watch: ActivityLog) -> None:
        super().__init__(inner)
        self._watch = watch

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's names
        result = await self.next.execute_activity(input)
        self._watch.record(activity.info().activity_type, activity.info().workflow_id or "")
        return result


class TemporalHarness:
    """Relay and workers on an event loop in a thread; the test itself is synchronous."""

    def __init__(self, connect: Connect, database_url: str) -> None:
        """Start the loop and connect."""
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.activity_log = ActivityLog()
        self.client = self.call(connect())
        self.database_url = database_url
        self._workers: list[Worker] = []
        self._running: list[asyncio.Future[Any]] = []
        self._stop = asyncio.Event()

    def call(self, work: Coroutine[Any, Any, CallResult], timeout: float = TIMEOUT_SECONDS) -> CallResult:
        """Run a coroutine on the harness's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout)

    def add_worker(self, queue: str, *activities: Callable[..., Any]) -> None:
        """Add a worker."""
        self.call(self._add_worker(queue, activities))

    async def _add_worker(self, queue: str, activities: tuple[Callable[..., Any], ...]) -> None:
        worker = Worker(
            self.client,
            task_queue=queue,
            workflows=WORKFLOWS if queue == queues.IO else (),
            activities=list(activities),
            activity_executor=ThreadPoolExecutor(4),
            max_concurrent_activities=4,
            max_concurrent_local_activities=4,
            interceptors=[self.activity_log, ActivityErrorInterceptor()],
        )
        self._workers.append(worker)
        self._running.append(asyncio.ensure_future(worker.run()))

    def add_relay(self) -> None:
        """Add a relay."""
        self.call(self._add_relay())

    async def _add_relay(self) -> None:
        self._running.append(asyncio.ensure_future(OutboxRelay(self.client, self.database_url).run(self._stop)))

    def handle(self, workflow_id: str) -> WorkflowHandle[Any, Any]:
        """Return a workflow's handle."""
        return self.client.get_workflow_handle(workflow_id)

    def result(self, workflow_id: str) -> Any:  # noqa: ANN401 - the result type depends on the workflow
        """Wait until a workflow has started and ended, and return its result."""
        with self.activity_log.changed:
            self.activity_log.changed.wait_for(
                lambda: any(of == workflow_id for _, of in self.activity_log.finished), TIMEOUT_SECONDS
            )
        return self.call(self.handle(workflow_id).result())

    def wait_for_timer(self, workflow_id: str) -> None:
        """Wait until a workflow starts a timer, which means that it waits for people."""
        self.call(self._wait_for_timer(workflow_id))

    async def _wait_for_timer(self, workflow_id: str) -> None:
        async for event in self.handle(workflow_id).fetch_history_events(wait_new_event=True):
            if event.HasField("timer_started_event_attributes"):
                return

    def close(self) -> None:
        """Terminate running workflows, then stop workers, relay and loop."""
        self.call(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def _close(self) -> None:
        async for running in self.client.list_workflows("ExecutionStatus = 'Running'"):
            await self._terminate(running.id)
        self._stop.set()
        await asyncio.gather(*(worker.shutdown() for worker in self._workers))
        await asyncio.gather(*self._running)

    async def _terminate(self, workflow_id: str) -> None:
        try:
            await self.handle(workflow_id).terminate("the test is over")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it may have ended since it was listed
                raise


def io_activities(engine: AssessmentConfig, scanner: VirusScanner | None = None) -> list[Callable[..., Any]]:
    """Return all activities of the io queue."""
    owners = (
        DocumentActivities(engine, scanner),
        HumanTaskActivities(engine),
        SplitActivities(),
        WebhookActivities(),
        TrainingRecords(),
    )
    return [
        getattr(owner, name)
        for owner in owners
        for name, member in vars(type(owner)).items()
        if hasattr(member, "__temporal_activity_definition")
    ]
