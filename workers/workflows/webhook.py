"""One event to one receiver, tried over two days: workflow `webhook/<delivery id>`."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.deliver_webhook import WebhookActivities
    from workers.messages import WebhookOrder


@workflow.defn(name="webhook")
class WebhookWorkflow:
    """Try, wait longer, try again; every try has the same webhook-id."""

    @workflow.run
    async def run(self, order: WebhookOrder) -> bool:
        """Say whether it was delivered."""
        for pause in (*policies.WEBHOOK_PAUSES, None):
            done = await workflow.execute_activity_method(
                WebhookActivities.deliver, order, **policies.EXTERNAL_API
            )
            if done.delivered or done.final:
                return done.delivered
            if pause is not None:
                # Receivers that fell together should not be woken together.
                await workflow.sleep(timedelta(seconds=pause * (1 + policies.SPREAD * workflow.random().random())))
        await workflow.execute_activity_method(WebhookActivities.give_up, order, **policies.EXTERNAL_API)
        return False
