"""Activities that deliver webhook events to their receivers."""

from uuid import UUID

from temporalio import activity

from refinery.core.types import TenantId
from refinery.core.webhooks.delivery import deliver, give_up
from workers.messages import WebhookAttempt, WebhookInput


class WebhookActivities:
    """Webhook activities on the io queue."""

    @activity.defn(name="deliver_webhook")
    def deliver(self, webhook_input: WebhookInput) -> WebhookAttempt:
        """Attempt delivery once; a rejection by the receiver is a result, not an error."""
        attempt = deliver(TenantId(UUID(webhook_input.tenant)), UUID(webhook_input.delivery))
        return WebhookAttempt(attempt.delivered, attempt.final)

    @activity.defn(name="give_up_webhook")
    def give_up(self, webhook_input: WebhookInput) -> None:
        """Mark the delivery as failed after two days of attempts."""
        give_up(TenantId(UUID(webhook_input.tenant)), UUID(webhook_input.delivery))
