"""One try of one delivery: signed as Standard Webhooks says, to a vetted address, bounded in time and size."""

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

from refinery.core.audit.services import record
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import system
from refinery.core.types import TenantId
from refinery.core.web.outbound_http import RefusedAddress, Target, vet
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from refinery.core.webhooks.services import tenant_secret

TRY_SECONDS: Final = 20.0  # the whole try: a receiver that drips bytes gets no more
CONNECT_SECONDS: Final = 5.0
MOST_ANSWER_BYTES: Final = 64 * 1024
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a try: `status` is the receiver's, None without an answer; `final` ends the delivery."""

    delivered: bool
    status: int | None = None
    error: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is sent, and what signs it."""

    id: UUID
    url: str
    body: str
    secrets: tuple[str, ...]
    endpoint_id: UUID | None


def deliver(tenant_id: TenantId, delivery_id: UUID) -> Attempt:
    """Try once and record the outcome. A delivery that is done, or whose receiver is gone, is final."""
    with tenant_scope(tenant_id):
        letter = _letter(tenant_id, delivery_id)
    if letter is None:
        return Attempt(delivered=True, final=True)
    attempt = _try(letter)
    with tenant_scope(tenant_id):
        _record(tenant_id, letter, attempt)
    return attempt


def give_up(tenant_id: TenantId, delivery_id: UUID) -> None:
    """Note that the schedule of tries has run out."""
    with tenant_scope(tenant_id):
        rows = WebhookDelivery.objects.filter(tenant_id=tenant_id, id=delivery_id, delivered_at=None)
        if rows.update(gave_up_at=timezone.now()):
            record(system(tenant_id), "webhook.gave_up", "webhook_delivery", delivery_id)


def _letter(tenant_id: TenantId, delivery_id: UUID) -> _Letter | None:
    row = WebhookDelivery.objects.select_related("endpoint").filter(tenant_id=tenant_id, id=delivery_id).first()
    if row is None or row.delivered_at is not None:
        return None
    if row.endpoint is not None and not row.endpoint.is_active:
        return None
    keys = (row.endpoint.secret, row.endpoint.previous_secret) if row.endpoint else (tenant_secret(tenant_id),)
    body = json.dumps(row.payload, separators=(",", ":"), sort_keys=True)
    url = row.endpoint.url if row.endpoint else row.url
    return _Letter(row.id, url, body, tuple(key for key in keys if key), row.endpoint_id)


def headers_of(letter_id: UUID, body: str, keys: tuple[str, ...], at: datetime) -> dict[str, str]:
    """Sign; during a rotation with both secrets."""
    signatures = [Webhook(key).sign(str(letter_id), at, body) for key in keys]
    return {
        "content-type": "application/json",
        "user-agent": "Refinery-Webhooks/1",
        "webhook-id": str(letter_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _try(letter: _Letter) -> Attempt:
    try:
        target = vet(letter.url, loopback=settings.WEBHOOK_LOOPBACK)
        headers = headers_of(letter.id, letter.body, letter.secrets, timezone.now())
        status = asyncio.run(_post(target, letter.body, headers))
    except RefusedAddress as reason:
        return Attempt(delivered=False, error=str(reason), final=True)
    except TimeoutError:
        return Attempt(delivered=False, error="no answer in time")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ssl.SSLError) as reason:
        return Attempt(delivered=False, error=type(reason).__name__)
    if httpx.codes.is_success(status):
        return Attempt(delivered=True, status=status, final=True)
    return Attempt(delivered=False, status=status, error=f"answered {status}", final=status == GONE)


async def _post(target: Target, body: str, headers: dict[str, str]) -> int:
    """Send to the vetted number under the receiver's name; redirects are not followed, the answer is not kept."""
    async with (
        asyncio.timeout(TRY_SECONDS),
        httpx.AsyncClient(timeout=httpx.Timeout(TRY_SECONDS, connect=CONNECT_SECONDS), trust_env=False) as client,
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
                if received > MOST_ANSWER_BYTES:
                    break
        finally:
            await answer.aclose()
        return answer.status_code


def _record(tenant_id: TenantId, letter: _Letter, attempt: Attempt) -> None:
    WebhookDelivery.objects.filter(tenant_id=tenant_id, id=letter.id).update(
        attempts=F("attempts") + 1,
        status_code=attempt.status,
        error=attempt.error[:200],
        delivered_at=timezone.now() if attempt.delivered else None,
        gave_up_at=timezone.now() if attempt.final and not attempt.delivered else None,
    )
    if attempt.status == GONE and letter.endpoint_id is not None:
        WebhookEndpoint.objects.filter(tenant_id=tenant_id, id=letter.endpoint_id).update(is_active=False)
        record(system(tenant_id), "webhook.gone", "webhook", letter.endpoint_id)
