"""One event to one receiver, tried over two days: workflow `webhook/<delivery id>`."""

from datetime import timedelta
from typing import Final

from temporalio import workflow

from workers import policies

with workflow.unsafe.imports_passed_through():
    from workers.activities.webhooks import WebhookActivities
    from workers.messages import WebhookOrder

MINUTE: Final = 60
HOUR: Final = 3600
PAUSES: Final = (5, 30, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 16 * HOUR)
"""Seconds between tries, two days in all."""
SPREAD: Final = 0.2


@workflow.defn(name="webhook")
class WebhookWorkflow:
    """Try, wait longer, try again; every try has the same webhook-id."""

    @workflow.run
    async def run(self, order: WebhookOrder) -> bool:
        """Say whether it was delivered."""
        for pause in (*PAUSES, None):
            done = await workflow.execute_activity_method(
                WebhookActivities.deliver, order, **policies.EXTERNAL_API
            )
            if done.delivered or done.final:
                return done.delivered
            if pause is not None:
                # Receivers that fell together should not be woken together.
                await workflow.sleep(timedelta(seconds=pause * (1 + SPREAD * workflow.random().random())))
        await workflow.execute_activity_method(WebhookActivities.give_up, order, **policies.EXTERNAL_API)
        return False
