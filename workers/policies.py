"""Activity options of each kind of work: time limits, retries, heartbeats.

Attempts are not limited. An attempt that ends with its worker is noticed by the missing heartbeat and followed by
another one within seconds. The interceptor delays those that fail because of the infrastructure, by at most five
minutes, and ends the retries at once for failures caused by the file.
"""

from datetime import timedelta
from typing import Final, TypedDict

from temporalio.common import RetryPolicy

from workers import queues

MAX_RETRY_INTERVAL: Final = timedelta(minutes=5)
RETRY_FOREVER: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=MAX_RETRY_INTERVAL,
    maximum_attempts=0,
)
RETRY_SOON: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=5),
    maximum_attempts=0,
)
"""For activities with a heartbeat: an attempt that ended with its worker is retried soon by another worker."""
HEARTBEAT_TIMEOUT_SECONDS: Final = 20  # Temporal treats a worker without a heartbeat for so long as dead
HEARTBEAT_SECONDS: Final = 4.0


class LocalActivityOptions(TypedDict):
    """Options of a local activity."""

    start_to_close_timeout: timedelta
    local_retry_threshold: timedelta
    retry_policy: RetryPolicy


class ActivityOptions(TypedDict):
    """Options of an activity without a heartbeat."""

    task_queue: str
    start_to_close_timeout: timedelta
    retry_policy: RetryPolicy


class DeadlineOptions(ActivityOptions):
    """Options of an activity whose result is useless after a deadline, including its wait for a worker."""

    schedule_to_close_timeout: timedelta


class HeartbeatOptions(ActivityOptions):
    """Options of an activity that is long enough to need heartbeats."""

    heartbeat_timeout: timedelta


class OptionalStepOptions(HeartbeatOptions):
    """Options of an optional activity with heartbeats and a deadline that includes its wait for a worker."""

    schedule_to_close_timeout: timedelta


def _with_heartbeat(task_queue: str, limit: timedelta) -> HeartbeatOptions:
    return HeartbeatOptions(
        task_queue=task_queue,
        start_to_close_timeout=limit,
        heartbeat_timeout=timedelta(seconds=HEARTBEAT_TIMEOUT_SECONDS),
        retry_policy=RETRY_SOON,
    )


def _third_engine(limit: timedelta, deadline: timedelta) -> OptionalStepOptions:
    return OptionalStepOptions(
        task_queue=queues.GPU,
        start_to_close_timeout=limit,
        schedule_to_close_timeout=deadline,
        heartbeat_timeout=timedelta(seconds=HEARTBEAT_TIMEOUT_SECONDS),
        retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3),
    )


FAST_DB: Final = LocalActivityOptions(
    start_to_close_timeout=timedelta(seconds=30),
    local_retry_threshold=timedelta(seconds=10),
    retry_policy=RETRY_FOREVER,
)
"""Database work of milliseconds, within the workflow task itself."""

ASSESS: Final = _with_heartbeat(queues.IO, timedelta(minutes=10))
"""Fields, checks, scores, decisions and upkeep: mostly a second or less, in one transaction."""

READ_PAGES: Final = _with_heartbeat(queues.CPU, timedelta(hours=6))
"""The reader itself limits CPU time and memory; this wall-clock limit is only a backstop."""

READ_REGION: Final = DeadlineOptions(
    task_queue=queues.INTERACTIVE,
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=2),
)
"""A region of a page that a person waits for: no result is better than a late one."""

UNPACK: Final = _with_heartbeat(queues.CPU, timedelta(hours=1))
"""Unpacking files from a container, at most 10,000 of them."""

SCAN: Final = _with_heartbeat(queues.IO, timedelta(minutes=30))
"""The virus scanner: the document waits while it is down."""

GPU: Final = _with_heartbeat(queues.GPU, timedelta(hours=6))
"""Training."""

THIRD_ENGINE_DOUBTED_LINES: Final = _third_engine(timedelta(minutes=10), deadline=timedelta(minutes=15))
"""A third engine on doubted lines: if no worker serves it in time, the reading stays unchanged."""

THIRD_ENGINE_EVERY_LINE: Final = _third_engine(timedelta(hours=3), deadline=timedelta(hours=12))
"""A complete reading by a third engine on request; it waits behind trainings, and may time out."""

EXTERNAL_API: Final = ActivityOptions(
    task_queue=queues.IO, start_to_close_timeout=timedelta(seconds=60), retry_policy=RETRY_FOREVER
)
"""One call to an external server; its failure is a result, not an exception."""

EXPORT: Final = _with_heartbeat(queues.CPU, timedelta(minutes=10))
"""Writing a file from the reading."""

MINUTE: Final = 60
HOUR: Final = 3600
WEBHOOK_RETRY_SECONDS: Final = (5, 30, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 16 * HOUR)
"""Seconds between attempts, two days in total."""
JITTER: Final = 0.2
"""Share by which each pause is lengthened at random."""
