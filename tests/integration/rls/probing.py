"""Requests to one route that roll back their effects and return the response."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.integration.rls.routes import ABSENT_ID, UrlRoute
from tests.support.factories.populated_tenant import PopulatedTenant

VOLATILE_TEXT = re.compile(
    r"""name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"|name="csrf-token" content="[^"]+"|"""
    r"""[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"""
)


@dataclass(frozen=True, slots=True)
class ProbeReply:
    """Response status, redirect location and text."""

    status: int
    location: str
    text: str

    def without_echo(self, sent: Iterable[str]) -> str:
        """Return the text without the values of the request and without parts that vary between responses."""
        text = self.text
        for value in sorted(sent, key=len, reverse=True):
            text = text.replace(value, "")
        return VOLATILE_TEXT.sub("", text)


def body_for(address: UrlRoute, owner: PopulatedTenant | None) -> dict[str, object]:
    """Return a body that passes validation and refers to the owner's rows (None: to absent rows)."""
    ids = owner.ids if owner else {}
    batch, document = str(ids.get("batch_id", ABSENT_ID)), str(ids.get("document_id", ABSENT_ID))
    schema, task = str(ids.get("key", "absent-schema")), str(ids.get("task_id", ABSENT_ID))
    known: dict[str, dict[str, object]] = {
        "ingest": {"batch": batch, "supersedes": document},
        "batches": {"name": "n", "schema": schema},
        "field": {"value": "x"},
        "document-password": {"password": "x"},
        "task-next": {"schema": schema, "after": task},
        "task-submit": {"lease": str(ABSENT_ID), "decision": "approve", "corrections": []},
        "task-heartbeat": {"lease": str(ABSENT_ID)},
        "task-release": {"lease": str(ABSENT_ID)},
        "task-skip": {"lease": str(ABSENT_ID)},
        "task-postpone": {"lease": str(ABSENT_ID), "seconds": 60},
        "api-keys": {"name": "n", "role": "viewer"},
        "api-key": {"name": "n"},
        "webhooks": {"url": "https://hooks.example/", "events": []},
        "model-rollback": {"name": "field-confidence"},
    }
    return known.get(address.name, {})


def send_and_roll_back(
    client: Client, method: str, address: UrlRoute, path: str, body_owner: PopulatedTenant | None = None
) -> ProbeReply:
    """Send a request and roll back its effects."""
    kept = dict(client.cookies)
    client.raise_request_exception = False
    headers = {"If-Match": '"1"'} if method in {"PATCH", "DELETE"} else {}
    with transaction.atomic():
        if method in {"GET", "HEAD", "OPTIONS"}:
            response = client.generic(method, path, headers=headers)
        elif address.name == "ingest" or not path.startswith("/v1/"):
            body = {**body_for(address, body_owner)}
            if address.name == "ingest":
                body["file"] = SimpleUploadedFile("a.pdf", b"%PDF-1.7 a", "application/pdf")
            response = client.post(path, body) if method == "POST" else client.generic(method, path)
        else:
            response = client.generic(
                method,
                path,
                json.dumps(body_for(address, body_owner)),
                content_type="application/json",
                headers=headers,
            )
        content = response.getvalue() if response.streaming else response.content
        text = content.decode("utf-8", "replace")
        reply = ProbeReply(response.status_code, response.get("Location", ""), text)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(kept)  # one of the routes signs out
    return reply
