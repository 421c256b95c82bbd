"""Send events to receivers."""

from uuid import UUID

from temporalio import activity

from refinery.core.types import TenantId
from refinery.core.webhooks.delivery import deliver, give_up
from workers.messages import WebhookOrder, WebhookTry


class WebhookActivities:
    """Steps on the io queue."""

    @activity.defn(name="deliver_webhook")
    def deliver(self, order: WebhookOrder) -> WebhookTry:
        """Try once; a receiver's refusal is an answer, not an error."""
        attempt = deliver(TenantId(UUID(order.tenant)), UUID(order.delivery))
        return WebhookTry(attempt.delivered, attempt.final)

    @activity.defn(name="give_up_webhook")
    def give_up(self, order: WebhookOrder) -> None:
        """Note that two days were not enough."""
        give_up(TenantId(UUID(order.tenant)), UUID(order.delivery))
