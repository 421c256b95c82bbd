"""Workflow of one event to one receiver, with attempts over two days: `webhook/<delivery id>`."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.deliver_webhook import WebhookActivities
    from workers.messages import WebhookInput


@workflow.defn(name="webhook")
class WebhookWorkflow:
    """Attempt with growing pauses; every attempt has the same webhook-id."""

    @workflow.run
    async def run(self, webhook_input: WebhookInput) -> bool:
        """Run the workflow and return whether the event was delivered."""
        for pause in (*policies.WEBHOOK_RETRY_SECONDS, None):
            done = await workflow.execute_activity_method(
                WebhookActivities.deliver, webhook_input, **policies.EXTERNAL_API
            )
            if done.delivered or done.final:
                return done.delivered
            if pause is not None:
                # Receivers that failed together should not be called together.
                await workflow.sleep(timedelta(seconds=pause * (1 + policies.JITTER * workflow.random().random())))
        await workflow.execute_activity_method(WebhookActivities.give_up, webhook_input, **policies.EXTERNAL_API)
        return False
