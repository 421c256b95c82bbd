"""Webhook receivers of a tenant, and the outcome of each delivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from refinery.core.database.models import TenantRow
from refinery.core.tenancy.querysets import TenantQuerySet


class WebhookEndpoint(TenantRow):
    """Receiver; `secret` signs by Standard Webhooks (whsec_...), `previous_secret` also during a rotation."""

    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=80)
    previous_secret = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["WebhookEndpoint"].as_manager()

    class Meta:
        db_table = "webhook_endpoint"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        """Return the address."""
        return self.url


class WebhookDelivery(TenantRow):
    """One event to one receiver: the id is the webhook-id, which is the same in all attempts."""

    endpoint = models.ForeignKey(WebhookEndpoint, null=True, on_delete=models.CASCADE, related_name="deliveries")
    url = models.CharField(max_length=500)
    event = models.CharField(max_length=40)
    payload = models.JSONField()
    attempts = models.PositiveIntegerField(default=0)
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["WebhookDelivery"].as_manager()

    class Meta:
        db_table = "webhook_delivery"
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        indexes = [
            models.Index(fields=["tenant_id", "endpoint", "-created_at", "-id"], name="delivery_by_time"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        """Return the event and the id."""
        return f"{self.event} {self.id}"
