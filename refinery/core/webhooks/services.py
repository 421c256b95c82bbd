"""Webhooks: receivers of a tenant, and the events sent to them, each with a stable id."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from refinery.core.audit.services import record_event
from refinery.core.keys import secret_keys
from refinery.core.outbox.services import OutgoingMessage, enqueue, withdraw
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.roles import Permission
from refinery.core.types import TenantId
from refinery.core.web.outbound_http import vet_without_lookup
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint

TOPIC: Final = "webhook.event"
EVENTS: Final = (
    "document.completed",
    "document.corrected",
    "document.needs_review",
    "review.submitted",
    "review.sla_breached",
    "batch.completed",
)
SECRET_BYTES = 32
NAMESPACE: Final = UUID("5d1f0f6e-6f4b-4e9c-9a52-6b5f3a0c8d11")


class UnknownEvent(ValueError):
    """There is no event of this name."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """Event to send: `dedup_key` identifies it within its type, so that emitting it again changes nothing.

    `data` contains only ids, codes and numbers. `url` is a receiver that the uploader named for this document.
    """

    type: str
    tenant_id: TenantId
    dedup_key: str
    data: dict[str, Any] = field(default_factory=dict)
    url: str = ""


def emit(event: WebhookEvent, *, delay_seconds: int = 0) -> int:
    """Write a delivery for each receiver of the event, in the caller's transaction; returns their number."""
    payload = {"type": event.type, "timestamp": timezone.now().isoformat(), "data": event.data}
    deliveries = [
        WebhookDelivery(
            id=delivery_id(event, str(endpoint.id) if endpoint else event.url),
            tenant_id=event.tenant_id,
            endpoint=endpoint,
            url=endpoint.url if endpoint else event.url,
            event=event.type,
            payload=payload,
        )
        for endpoint in _receivers(event)
    ]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    for delivery in deliveries:
        _enqueue_delivery(delivery, str(delivery.id), delay_seconds)
    return len(deliveries)


def withdraw_event(event: WebhookEvent) -> None:
    """Withdraw an event that is still delayed, because its cause was undone."""
    for endpoint in _receivers(event):
        found = delivery_id(event, str(endpoint.id) if endpoint else event.url)
        if withdraw(event.tenant_id, TOPIC, str(found)):
            WebhookDelivery.objects.filter(tenant_id=event.tenant_id, id=found).delete()


def delivery_id(event: WebhookEvent, receiver: str) -> UUID:
    """Return the webhook-id: the same for the same event and receiver, however often it is emitted."""
    return uuid5(NAMESPACE, f"{event.tenant_id}/{event.type}/{event.dedup_key}/{receiver}")


def _receivers(event: WebhookEvent) -> list[WebhookEndpoint | None]:
    rows = _active_endpoints(event.tenant_id)
    chosen: list[WebhookEndpoint | None] = [row for row in rows if not row.events or event.type in row.events]
    return [*chosen, None] if event.url else chosen


@compiled_query
def _active_endpoints(tenant_id: TenantId) -> "QuerySet[WebhookEndpoint]":
    return WebhookEndpoint.objects.filter(tenant_id=tenant_id, is_active=True).order_by("id")


def _enqueue_delivery(delivery: WebhookDelivery, key: str, delay_seconds: int = 0) -> None:
    payload = {"workflow": "webhook", "id": f"webhook/{key}", "tenant": str(delivery.tenant_id)}
    message = OutgoingMessage(TOPIC, payload | {"delivery": str(delivery.id)}, delivery.tenant_id, delay_seconds)
    enqueue(message, key=key)


def new_secret() -> str:
    """Return a new signing secret in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def tenant_secrets(tenant_id: TenantId) -> tuple[str, ...]:
    """Return the secrets that sign events to addresses named at upload: derived for each tenant, never stored.

    The current one comes first; after a change of the secret key the earlier ones sign too.
    """
    digests = (hmac.digest(key.encode(), f"webhook/{tenant_id}".encode(), hashlib.sha256) for key in secret_keys())
    return tuple("whsec_" + base64.b64encode(digest).decode() for digest in digests)


def tenant_secret(tenant_id: TenantId) -> str:
    """Return the secret that a receiver named at upload verifies with."""
    return tenant_secrets(tenant_id)[0]


def show_upload_secret(*, actor: Actor) -> str:
    """Return the secret for addresses named at upload, to those who may edit the tenant's receivers."""
    actor.require(Permission.WEBHOOK_EDIT)
    record_event(actor.audit, "webhook.upload_secret_shown", "tenant", actor.tenant_id)
    return tenant_secret(actor.tenant_id)


def add_endpoint(*, actor: Actor, url: str, events: list[str]) -> WebhookEndpoint:
    """Register a receiver (no events: all of them). Raises AddressNotAllowed, UnknownEvent."""
    actor.require(Permission.WEBHOOK_EDIT)
    vet_without_lookup(url, loopback=settings.WEBHOOK_LOOPBACK)
    for name in events:
        if name not in EVENTS:
            raise UnknownEvent(name)
    with transaction.atomic():
        row = WebhookEndpoint.objects.create(tenant_id=actor.tenant_id, url=url, events=events, secret=new_secret())
        values = {name: [None, value] for name, value in _settings_of(row).items()}
        record_event(actor.audit, "webhook.added", "webhook", row.id, values=values)
    return row


def rotate_secret(*, actor: Actor, endpoint_id: UUID) -> WebhookEndpoint:
    """Replace a receiver's secret; both sign until the next rotation. Raises WebhookEndpoint.DoesNotExist."""
    actor.require(Permission.WEBHOOK_EDIT)
    with transaction.atomic():
        row = WebhookEndpoint.objects.visible_to(actor).select_for_update().get(pk=endpoint_id)
        row.previous_secret, row.secret = row.secret, new_secret()
        row.save(update_fields=["previous_secret", "secret"])
        record_event(actor.audit, "webhook.secret_rotated", "webhook", row.id)
    return row


def remove_endpoint(*, actor: Actor, endpoint_id: UUID) -> None:
    """Delete a receiver with its deliveries. Raises WebhookEndpoint.DoesNotExist."""
    actor.require(Permission.WEBHOOK_EDIT)
    with transaction.atomic():
        row = WebhookEndpoint.objects.visible_to(actor).get(pk=endpoint_id)
        values = {name: [value, None] for name, value in _settings_of(row).items()}
        row.delete()
        record_event(actor.audit, "webhook.removed", "webhook", endpoint_id, values=values)


def _settings_of(row: WebhookEndpoint) -> dict[str, Any]:
    """Return what the audit log records of a receiver: of its address not the query, which may hold a token."""
    return {"url": row.url.partition("?")[0], "events": row.events}


def replay_delivery(*, actor: Actor, delivery_id: UUID) -> WebhookDelivery:
    """Send an event again under its original id. Raises WebhookDelivery.DoesNotExist."""
    actor.require(Permission.WEBHOOK_EDIT)
    with transaction.atomic():
        row = WebhookDelivery.objects.visible_to(actor).select_for_update().get(pk=delivery_id)
        row.delivered_at = row.gave_up_at = None
        row.error = ""
        row.save(update_fields=["delivered_at", "gave_up_at", "error"])
        _enqueue_delivery(row, f"{row.id}/{row.attempts}")
        record_event(actor.audit, "webhook.replayed", "webhook", row.endpoint_id, delivery=str(row.id))
    return row
