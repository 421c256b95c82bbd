"""Webhooks: receivers a tenant names, and events that leave for them, each with an id that never changes."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from refinery.core.audit.services import record
from refinery.core.outbox.services import Message, enqueue, withdraw
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.types import TenantId
from refinery.core.web.outbound_http import vet_form
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
    """No event of this name is sent."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: `once` names it within its type, so that telling of it again changes nothing.

    `data` holds ids, codes and numbers alone. `url` is a receiver that the uploader named for this document.
    """

    type: str
    tenant_id: TenantId
    once: str
    data: dict[str, Any] = field(default_factory=dict)
    url: str = ""


def emit(event: Event, *, delay_seconds: int = 0) -> int:
    """Write a delivery for each receiver of the event, in the caller's transaction; gives how many."""
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
        _send(delivery, str(delivery.id), delay_seconds)
    return len(deliveries)


def take_back(event: Event) -> None:
    """Withdraw an event that waits for its delay: what it tells of was undone."""
    for endpoint in _receivers(event):
        found = delivery_id(event, str(endpoint.id) if endpoint else event.url)
        if withdraw(event.tenant_id, TOPIC, str(found)):
            WebhookDelivery.objects.filter(tenant_id=event.tenant_id, id=found).delete()


def delivery_id(event: Event, receiver: str) -> UUID:
    """The webhook-id: the same for the same event and receiver, however often it is told."""
    return uuid5(NAMESPACE, f"{event.tenant_id}/{event.type}/{event.once}/{receiver}")


def _receivers(event: Event) -> list[WebhookEndpoint | None]:
    rows = WebhookEndpoint.objects.filter(tenant_id=event.tenant_id, is_active=True).order_by("id")
    chosen: list[WebhookEndpoint | None] = [row for row in rows if not row.events or event.type in row.events]
    return [*chosen, None] if event.url else chosen


def _send(delivery: WebhookDelivery, key: str, delay_seconds: int = 0) -> None:
    payload = {"workflow": "webhook", "id": f"webhook/{key}", "tenant": str(delivery.tenant_id)}
    message = Message(TOPIC, payload | {"delivery": str(delivery.id)}, delivery.tenant_id, delay_seconds)
    enqueue(message, key=key)


def new_secret() -> str:
    """Make a signing secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def tenant_secret(tenant_id: TenantId) -> str:
    """The secret that signs events to an address named at upload: one a tenant, derived, never stored."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"webhook/{tenant_id}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(digest).decode()


def show_upload_secret(*, actor: Actor) -> str:
    """Give the secret of addresses named at upload to who keeps the tenant's receivers."""
    actor.require(Verb.WEBHOOK_EDIT)
    record(actor.audit, "webhook.upload_secret_shown", "tenant", actor.tenant_id)
    return tenant_secret(actor.tenant_id)


def add_endpoint(*, actor: Actor, url: str, events: list[str]) -> WebhookEndpoint:
    """Name a receiver (no events: all of them); raises RefusedAddress, UnknownEvent."""
    actor.require(Verb.WEBHOOK_EDIT)
    vet_form(url, loopback=settings.WEBHOOK_LOOPBACK)
    for name in events:
        if name not in EVENTS:
            raise UnknownEvent(name)
    with transaction.atomic():
        row = WebhookEndpoint.objects.create(
            tenant_id=actor.tenant_id, url=url, events=events, secret=new_secret()
        )
        record(actor.audit, "webhook.added", "webhook", row.id)
    return row


def rotate_secret(*, actor: Actor, endpoint_id: UUID) -> WebhookEndpoint:
    """Give a receiver a new secret; both sign until the next rotation. Raises WebhookEndpoint.DoesNotExist."""
    actor.require(Verb.WEBHOOK_EDIT)
    with transaction.atomic():
        row = WebhookEndpoint.objects.visible_to(actor).select_for_update().get(pk=endpoint_id)
        row.previous_secret, row.secret = row.secret, new_secret()
        row.save(update_fields=["previous_secret", "secret"])
        record(actor.audit, "webhook.secret_rotated", "webhook", row.id)
    return row


def remove_endpoint(*, actor: Actor, endpoint_id: UUID) -> None:
    """Forget a receiver with its deliveries; raises WebhookEndpoint.DoesNotExist."""
    actor.require(Verb.WEBHOOK_EDIT)
    with transaction.atomic():
        WebhookEndpoint.objects.visible_to(actor).get(pk=endpoint_id).delete()
        record(actor.audit, "webhook.removed", "webhook", endpoint_id)


def replay_delivery(*, actor: Actor, delivery_id: UUID) -> WebhookDelivery:
    """Send an event again under its old id; raises WebhookDelivery.DoesNotExist."""
    actor.require(Verb.WEBHOOK_EDIT)
    with transaction.atomic():
        row = WebhookDelivery.objects.visible_to(actor).select_for_update().get(pk=delivery_id)
        row.delivered_at = row.gave_up_at = None
        row.error = ""
        row.save(update_fields=["delivered_at", "gave_up_at", "error"])
        _send(row, f"{row.id}/{row.attempts}")
        record(actor.audit, "webhook.replayed", "webhook", row.endpoint_id, delivery=str(row.id))
    return row
