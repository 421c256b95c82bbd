"""Waiting for people: a loop that reads the state, waits for a signal or a deadline, and reads it again.

Signal contents are not trusted: a signal only wakes the workflow, which reads the state from the database. So a
signal that is duplicated, late or early changes nothing.
"""

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.review_steps import HumanTaskActivities
    from workers.messages import DocumentInput, HumanWaitState, ReminderInput


class SignalCounter:
    """Counter of signals, which detects a signal that arrives while the state is being read."""

    def __init__(self) -> None:
        """Start at zero."""
        self.count = 0

    def increment(self) -> None:
        """Count a signal and wake the waiter."""
        self.count += 1

    async def signalled_since(self, count: int, timeout_seconds: float | None) -> bool:
        """Wait for a signal after `count` was read; return False on timeout."""
        timeout = None if timeout_seconds is None else timedelta(seconds=timeout_seconds)
        try:
            await workflow.wait_condition(lambda: self.count != count, timeout=timeout)
        except TimeoutError:
            return False
        return True


async def wait_for_people(
    document_input: DocumentInput, signals: SignalCounter, is_done: Callable[[HumanWaitState], bool]
) -> HumanWaitState:
    """Poll the wait state until `is_done` returns true, reminding and escalating on the way."""
    while True:
        count = signals.count
        state = await workflow.execute_local_activity_method(
            HumanTaskActivities.load_wait_state, document_input, **policies.FAST_DB
        )
        if is_done(state):
            return state
        if not await signals.signalled_since(count, state.wait_seconds) and state.next_step:
            await workflow.execute_local_activity_method(
                HumanTaskActivities.remind_or_escalate,
                ReminderInput(document_input, state.task_id, state.next_step),
                **policies.FAST_DB,
            )
