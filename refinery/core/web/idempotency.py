"""Idempotency-Key: the same POST by the same key is done once and answered alike."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from ingestion.models import IdempotencyKey
from refinery.core.tenancy.actor import Actor
from refinery.core.web.problems import Problem

MAX_KEY = 120
SERVER_ERROR = 500


def once(request: Request, actor: Actor, fingerprint: bytes, work: Callable[[], Response]) -> Response:
    """Do `work` unless this key was answered before; another body under the same key is 422."""
    key = _key(request)
    if not key:
        return work()
    digest = _digest(fingerprint)
    with transaction.atomic():
        with connection.cursor() as cursor:
            lock = f"{actor.tenant_id}/{actor.user_id}/{request.path}/{key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [lock])
        earlier = _earlier(request, actor, key, digest)
        if earlier is not None:
            return earlier
        response = work()
        if response.status_code < SERVER_ERROR:
            _keep(actor, request, key, digest, response)
    return response


def answered_before(request: Request, actor: Actor, fingerprint: bytes) -> Response | None:
    """Give the kept answer, before costly work that comes ahead of `once`; None when there is none."""
    key = _key(request)
    return _earlier(request, actor, key, _digest(fingerprint)) if key else None


def body_fingerprint(data: Any) -> bytes:  # noqa: ANN401 - a parsed JSON body
    """Give what makes two JSON bodies the same request."""
    return json.dumps(data, sort_keys=True, default=str).encode()


def _digest(fingerprint: bytes) -> str:
    """Keyed, for a body may hold a password, and who gets at the table is not to try passwords on it."""
    return salted_hmac("idempotency", fingerprint, algorithm="sha256").hexdigest()


def _key(request: Request) -> str:
    key: str = request.headers.get("Idempotency-Key", "")
    if len(key) > MAX_KEY or (key and not key.isprintable()):
        raise Problem(
            400, "bad-idempotency-key", "Bad Idempotency-Key", f"Use 1 to {MAX_KEY} printable characters."
        )
    return key


def _earlier(request: Request, actor: Actor, key: str, digest: str) -> Response | None:
    kept = IdempotencyKey.objects.visible_to(actor).filter(actor_id=actor.user_id, path=request.path, key=key)
    earlier = kept.first()
    return None if earlier is None else _repeat(earlier, digest)


def _repeat(earlier: IdempotencyKey, digest: str) -> Response:
    if earlier.fingerprint != digest:
        raise Problem(
            422, "idempotency-key-reused", "Idempotency-Key was used for another request", "Send a new key."
        )
    return Response(earlier.answer, status=earlier.status, headers={"Idempotent-Replay": "true"})


def _keep(actor: Actor, request: Request, key: str, digest: str, response: Response) -> None:
    IdempotencyKey.objects.create(
        tenant_id=actor.tenant_id,
        actor_id=actor.user_id,
        path=request.path,
        key=key,
        fingerprint=digest,
        status=response.status_code,
        answer=json.loads(json.dumps(response.data, cls=JSONEncoder)),  # as the answer itself was written
    )
