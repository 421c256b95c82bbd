"""Temporal schedules; every io worker creates missing ones, and the first one succeeds."""

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

UPKEEP: Final = "upkeep"
UPKEEP_EVERY: Final = timedelta(minutes=1)


async def ensure_schedules(client: Client) -> None:
    """Create missing schedules; a run that exceeds its interval does not overlap with the next."""
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(UPKEEP, id=UPKEEP, task_queue=queues.IO),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=UPKEEP_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )
    try:
        await client.create_schedule(UPKEEP, schedule)
    except ScheduleAlreadyRunningError:
        return
