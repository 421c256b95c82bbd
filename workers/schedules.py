"""Temporal schedules; every io worker creates missing ones, and the first one succeeds."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)

from workers import queues

SCHEDULES: Final = {"upkeep": timedelta(minutes=1), "prune": timedelta(hours=1)}
"""Names of schedules and of the workflows that they start, and their intervals."""


async def ensure_schedules(client: Client) -> None:
    """Create missing schedules; a run that exceeds its interval does not overlap with the next."""
    for name, interval in SCHEDULES.items():
        schedule = Schedule(
            action=ScheduleActionStartWorkflow(name, id=name, task_queue=queues.IO),
            spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=interval)]),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
        )
        with suppress(ScheduleAlreadyRunningError):
            await client.create_schedule(name, schedule)
