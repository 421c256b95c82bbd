"""Waiting for people: one loop that looks, waits for a signal or for the next moment, and looks again.

Signals carry nothing that is trusted: they wake the workflow, and the database says what has happened. So a
signal that comes twice, late, or before its time changes nothing.
"""

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.review_steps import DeskActivities
    from workers.messages import Desk, DocumentOrder, Reminder


class Doorbell:
    """Counts what rings; whoever waits notices a ring that came while it was looking."""

    def __init__(self) -> None:
        """Start in silence."""
        self.rings = 0

    def ring(self) -> None:
        """Wake whoever waits."""
        self.rings += 1

    async def heard_since(self, rings: int, timeout_seconds: float | None) -> bool:
        """Wait for a ring after `rings`; False when the time runs out first."""
        timeout = None if timeout_seconds is None else timedelta(seconds=timeout_seconds)
        try:
            await workflow.wait_condition(lambda: self.rings != rings, timeout=timeout)
        except TimeoutError:
            return False
        return True


async def wait_until(order: DocumentOrder, bell: Doorbell, over: Callable[[Desk], bool]) -> Desk:
    """Look at the desk until `over` says so, reminding and escalating on the way."""
    while True:
        rings = bell.rings
        desk = await workflow.execute_local_activity_method(DeskActivities.look_at_desk, order, **policies.FAST_DB)
        if over(desk):
            return desk
        if not await bell.heard_since(rings, desk.wait_seconds) and desk.step:
            await workflow.execute_local_activity_method(
                DeskActivities.press, Reminder(order, desk.task, desk.step), **policies.FAST_DB
            )
