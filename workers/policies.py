"""How patient the engine is with each kind of work: time limits, retries, heartbeats.

Infrastructure is tried again without end, at most five minutes apart. What a file itself does wrong is told apart
by the interceptor, which ends the attempts at once.
"""

from datetime import timedelta
from typing import Final, TypedDict

from temporalio.common import RetryPolicy

from workers import queues

CEILING: Final = timedelta(minutes=5)
PATIENT: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=CEILING, maximum_attempts=0
)
LOSS_SECONDS: Final = 20  # a worker silent for so long is taken for dead
BEAT_SECONDS: Final = 4.0


class LocalOptions(TypedDict):
    """Options of a local activity."""

    start_to_close_timeout: timedelta
    local_retry_threshold: timedelta
    retry_policy: RetryPolicy


class Options(TypedDict):
    """Options of an activity without a heartbeat."""

    task_queue: str
    start_to_close_timeout: timedelta
    retry_policy: RetryPolicy


class WaitedOptions(Options):
    """Options of an activity whose answer is of no use after a while, its wait for a worker included."""

    schedule_to_close_timeout: timedelta


class BeatingOptions(Options):
    """Options of an activity that is long enough to be watched."""

    heartbeat_timeout: timedelta


class HelpingOptions(BeatingOptions):
    """Options of a watched activity that its workflow can do without, its wait for a worker included."""

    schedule_to_close_timeout: timedelta


FAST_DB: Final = LocalOptions(
    start_to_close_timeout=timedelta(seconds=30),
    local_retry_threshold=timedelta(seconds=10),
    retry_policy=PATIENT,
)
"""Milliseconds of database work beside the workflow task itself."""

ASSESS: Final = Options(task_queue=queues.IO, start_to_close_timeout=timedelta(minutes=5), retry_policy=PATIENT)
"""Fields, checks, scores and the decision: a second or less, in one transaction."""

READ_PAGES: Final = BeatingOptions(
    task_queue=queues.CPU,
    start_to_close_timeout=timedelta(hours=6),
    heartbeat_timeout=timedelta(seconds=LOSS_SECONDS),
    retry_policy=PATIENT,
)
"""The reader itself judges by CPU time and memory; this wall clock is a backstop alone."""

READ_REGION: Final = WaitedOptions(
    task_queue=queues.NOW,
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=2),
)
"""A part of a page, for a person who watches the clock: better no answer than a late one."""

UNPACK: Final = BeatingOptions(
    task_queue=queues.CPU,
    start_to_close_timeout=timedelta(hours=1),
    heartbeat_timeout=timedelta(seconds=LOSS_SECONDS),
    retry_policy=PATIENT,
)
"""Taking files out of a file, at most 10,000 of them."""

SCAN: Final = BeatingOptions(
    task_queue=queues.IO,
    start_to_close_timeout=timedelta(minutes=30),
    heartbeat_timeout=timedelta(seconds=LOSS_SECONDS),
    retry_policy=PATIENT,
)
"""The virus scanner: while it is down the document waits."""

GPU: Final = BeatingOptions(
    task_queue=queues.GPU,
    start_to_close_timeout=timedelta(hours=6),
    heartbeat_timeout=timedelta(seconds=LOSS_SECONDS),
    retry_policy=PATIENT,
)
"""Training."""

LOOK_AGAIN: Final = HelpingOptions(
    task_queue=queues.GPU,
    start_to_close_timeout=timedelta(minutes=10),
    schedule_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=timedelta(seconds=LOSS_SECONDS),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3),
)
"""A third engine on doubted lines: where nobody serves it in time, the reading stands as it is."""

LOOK_AT_ALL: Final = HelpingOptions(
    task_queue=queues.GPU,
    start_to_close_timeout=timedelta(hours=3),
    schedule_to_close_timeout=timedelta(hours=12),
    heartbeat_timeout=timedelta(seconds=LOSS_SECONDS),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3),
)
"""A third engine's own reading of all lines, asked for by name: it waits behind trainings, and may never come."""

EXTERNAL_API: Final = Options(
    task_queue=queues.IO, start_to_close_timeout=timedelta(seconds=60), retry_policy=PATIENT
)
"""One call to someone else's server; its own failure is an answer, not an exception."""

EXPORT: Final = Options(task_queue=queues.CPU, start_to_close_timeout=timedelta(minutes=10), retry_policy=PATIENT)
"""Writing a file from what was read."""

MINUTE: Final = 60
HOUR: Final = 3600
WEBHOOK_PAUSES: Final = (5, 30, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 16 * HOUR)
"""Seconds between tries, two days in all."""
SPREAD: Final = 0.2
"""The share by which each pause is stretched at random."""
