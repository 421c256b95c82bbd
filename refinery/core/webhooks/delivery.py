"""One attempt of a delivery: signed by Standard Webhooks, to a vetted address, with limits on time and size."""

import asyncio
import json
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import httpx
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from standardwebhooks import Webhook

from refinery.core.audit.services import record_event
from refinery.core.database.scope import release_connection, tenant_scope
from refinery.core.tenancy.actor import system_actor
from refinery.core.types import TenantId
from refinery.core.web.outbound_http import AddressNotAllowed, VettedTarget, vet
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from refinery.core.webhooks.services import tenant_secrets

ATTEMPT_SECONDS: Final = 20.0  # the whole attempt, so that a slow receiver cannot prolong it
CONNECT_SECONDS: Final = 5.0
MAX_RESPONSE_BYTES: Final = 64 * 1024
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """Result of an attempt: `status` is the receiver's, None without a response; `final` ends the delivery."""

    delivered: bool
    status: int | None = None
    error: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class _DeliveryRequest:
    """Content of a delivery and its signing keys."""

    id: UUID
    url: str
    body: str
    secrets: tuple[str, ...]
    endpoint_id: UUID | None


def deliver(tenant_id: TenantId, delivery_id: UUID) -> DeliveryAttempt:
    """Attempt the delivery once and record the outcome. It is final if done or if the receiver was deleted."""
    with tenant_scope(tenant_id):
        delivery = _load_delivery(tenant_id, delivery_id)
    if delivery is None:
        return DeliveryAttempt(delivered=True, final=True)
    release_connection()
    attempt = _attempt(delivery)
    with tenant_scope(tenant_id):
        _record_attempt(tenant_id, delivery, attempt)
    return attempt


def give_up(tenant_id: TenantId, delivery_id: UUID) -> None:
    """Record that all attempts are used up."""
    with tenant_scope(tenant_id):
        rows = WebhookDelivery.objects.filter(tenant_id=tenant_id, id=delivery_id, delivered_at=None)
        if rows.update(gave_up_at=timezone.now()):
            record_event(system_actor(tenant_id), "webhook.gave_up", "webhook_delivery", delivery_id)


def _load_delivery(tenant_id: TenantId, delivery_id: UUID) -> _DeliveryRequest | None:
    row = WebhookDelivery.objects.select_related("endpoint").filter(tenant_id=tenant_id, id=delivery_id).first()
    if row is None or row.delivered_at is not None:
        return None
    if row.endpoint is not None and not row.endpoint.is_active:
        return None
    keys = (row.endpoint.secret, row.endpoint.previous_secret) if row.endpoint else tenant_secrets(tenant_id)
    body = json.dumps(row.payload, separators=(",", ":"), sort_keys=True)
    url = row.endpoint.url if row.endpoint else row.url
    return _DeliveryRequest(row.id, url, body, tuple(key for key in keys if key), row.endpoint_id)


def signed_headers(message_id: UUID, body: str, keys: tuple[str, ...], at: datetime) -> dict[str, str]:
    """Return the signed headers; during a rotation with both secrets."""
    signatures = [Webhook(key).sign(str(message_id), at, body) for key in keys]
    return {
        "content-type": "application/json",
        "user-agent": "Refinery-Webhooks/1",
        "webhook-id": str(message_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _attempt(delivery: _DeliveryRequest) -> DeliveryAttempt:
    try:
        target = vet(delivery.url, loopback=settings.WEBHOOK_LOOPBACK)
        headers = signed_headers(delivery.id, delivery.body, delivery.secrets, timezone.now())
        status = asyncio.run(_post(target, delivery.body, headers))
    except AddressNotAllowed as reason:
        return DeliveryAttempt(delivered=False, error=str(reason), final=True)
    except TimeoutError:
        return DeliveryAttempt(delivered=False, error="no answer in time")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ssl.SSLError) as reason:
        return DeliveryAttempt(delivered=False, error=type(reason).__name__)
    if httpx.codes.is_success(status):
        return DeliveryAttempt(delivered=True, status=status, final=True)
    return DeliveryAttempt(delivered=False, status=status, error=f"answered {status}", final=status == GONE)


async def _post(target: VettedTarget, body: str, headers: dict[str, str]) -> int:
    """Send to the vetted IP address under the receiver's name; redirects and the response body are ignored."""
    async with (
        asyncio.timeout(ATTEMPT_SECONDS),
        httpx.AsyncClient(timeout=httpx.Timeout(ATTEMPT_SECONDS, connect=CONNECT_SECONDS), trust_env=False) as client,
    ):
        request = client.build_request(
            "POST",
            target.url,
            content=body.encode(),
            headers={**headers, "host": target.host_header},
            extensions={"sni_hostname": target.host},
        )
        answer = await client.send(request, stream=True)
        try:
            received = 0
            async for chunk in answer.aiter_raw():
                received += len(chunk)
                if received > MAX_RESPONSE_BYTES:
                    break
        finally:
            await answer.aclose()
        return answer.status_code


def _record_attempt(tenant_id: TenantId, delivery: _DeliveryRequest, attempt: DeliveryAttempt) -> None:
    WebhookDelivery.objects.filter(tenant_id=tenant_id, id=delivery.id).update(
        attempts=F("attempts") + 1,
        status_code=attempt.status,
        error=attempt.error[:200],
        delivered_at=timezone.now() if attempt.delivered else None,
        gave_up_at=timezone.now() if attempt.final and not attempt.delivered else None,
    )
    if attempt.status == GONE and delivery.endpoint_id is not None:
        WebhookEndpoint.objects.filter(tenant_id=tenant_id, id=delivery.endpoint_id).update(is_active=False)
        record_event(system_actor(tenant_id), "webhook.gone", "webhook", delivery.endpoint_id)
