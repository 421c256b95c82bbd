"""Idempotency-Key: a POST repeated with the same key is executed once and gets the same response."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from refinery.core.keys import digest_matches, keyed_digest
from refinery.core.tenancy.actor import Actor
from refinery.core.web.models import IdempotencyKey
from refinery.core.web.problems import Problem

MAX_KEY_LENGTH = 120
SERVER_ERROR = 500
DIGEST_SALT = "idempotency"
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": MAX_KEY_LENGTH},
    location="header",
    description="a repeated request with the same key is answered like the first",
)


def run_once(request: Request, actor: Actor, fingerprint: bytes, work: Callable[[], Response]) -> Response:
    """Run `work` unless this key has a stored response; another body under the same key is 422."""
    key = _key(request)
    if not key:
        return work()
    with transaction.atomic():
        with connection.cursor() as cursor:
            lock = f"{actor.tenant_id}/{actor.user_id}/{request.path}/{key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [lock])
        earlier = _earlier(request, actor, key, fingerprint)
        if earlier is not None:
            return earlier
        response = work()
        if response.status_code < SERVER_ERROR:
            _store_response(actor, request, key, fingerprint, response)
    return response


def find_stored_response(request: Request, actor: Actor, fingerprint: bytes) -> Response | None:
    """Return the stored response, before costly work that precedes `run_once`; None if there is none."""
    key = _key(request)
    return _earlier(request, actor, key, fingerprint) if key else None


def body_fingerprint(data: Any) -> bytes:  # noqa: ANN401 - a parsed JSON body
    """Return the canonical bytes by which two JSON bodies are compared."""
    return json.dumps(data, sort_keys=True, default=str).encode()


def _key(request: Request) -> str:
    key: str = request.headers.get("Idempotency-Key", "")
    if len(key) > MAX_KEY_LENGTH or (key and not key.isprintable()):
        raise Problem(
            400, "bad-idempotency-key", "Bad Idempotency-Key", f"Use 1 to {MAX_KEY_LENGTH} printable characters."
        )
    return key


def _earlier(request: Request, actor: Actor, key: str, fingerprint: bytes) -> Response | None:
    stored = IdempotencyKey.objects.visible_to(actor).filter(actor_id=actor.user_id, path=request.path, key=key)
    earlier = stored.first()
    return None if earlier is None else _replay_response(earlier, fingerprint)


def _replay_response(earlier: IdempotencyKey, fingerprint: bytes) -> Response:
    if not digest_matches(DIGEST_SALT, fingerprint, earlier.fingerprint):
        raise Problem(422, "idempotency-key-reused", "Idempotency-Key was used for another request", "Send a new key.")
    return Response(earlier.response, status=earlier.status, headers={"Idempotent-Replay": "true"})


def _store_response(actor: Actor, request: Request, key: str, fingerprint: bytes, response: Response) -> None:
    """Store the response, and of the body a keyed digest: it may contain a password, which nobody must guess."""
    IdempotencyKey.objects.create(
        tenant_id=actor.tenant_id,
        actor_id=actor.user_id,
        path=request.path,
        key=key,
        fingerprint=keyed_digest(DIGEST_SALT, fingerprint),
        status=response.status_code,
        response=json.loads(json.dumps(response.data, cls=JSONEncoder)),  # encoded as in the original response
    )
