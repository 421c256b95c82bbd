"""What the engine starts by the clock; every io worker makes sure of it, and the first one wins."""

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
    """Make the schedules that are missing; a run that takes longer than its interval is not overtaken."""
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(UPKEEP, id=UPKEEP, task_queue=queues.IO),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=UPKEEP_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )
    try:
        await client.create_schedule(UPKEEP, schedule)
    except ScheduleAlreadyRunningError:
        return
