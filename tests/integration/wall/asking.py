"""Ask one address in one way, undo what it did, and keep what it said."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.factories.worlds import World
from tests.integration.wall.addresses import ABSENT, Address

CHANGING = re.compile(
    r"""name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"|name="csrf-token" content="[^"]+"|"""
    r"""[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"""
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, where it leads, and the text."""

    status: int
    location: str
    text: str

    def without(self, sent: Iterable[str]) -> str:
        """Give the text without what the question itself held and what changes by itself."""
        text = self.text
        for value in sorted(sent, key=len, reverse=True):
            text = text.replace(value, "")
        return CHANGING.sub("", text)


def body_for(address: Address, row: World | None) -> dict[str, object]:
    """Give a body that gets past the first checks and names a world's rows inside (None: rows of nobody)."""
    ids = row.ids if row else {}
    batch, document = str(ids.get("batch_id", ABSENT)), str(ids.get("document_id", ABSENT))
    schema, task = str(ids.get("key", "absent-schema")), str(ids.get("task_id", ABSENT))
    known: dict[str, dict[str, object]] = {
        "ingest": {"batch": batch, "supersedes": document},
        "batches": {"name": "n", "schema": schema},
        "field": {"value": "x"},
        "document-password": {"password": "x"},
        "task-next": {"schema": schema, "after": task},
        "task-submit": {"lease": str(ABSENT), "decision": "approve", "corrections": []},
        "task-heartbeat": {"lease": str(ABSENT)},
        "task-release": {"lease": str(ABSENT)},
        "task-skip": {"lease": str(ABSENT)},
        "task-postpone": {"lease": str(ABSENT), "seconds": 60},
        "api-keys": {"name": "n", "role": "viewer"},
        "api-key": {"name": "n"},
        "webhooks": {"url": "https://hooks.example/", "events": []},
        "model-rollback": {"name": "field-confidence"},
    }
    return known.get(address.name, {})


def ask(client: Client, method: str, address: Address, path: str, inner: World | None = None) -> Reply:
    """Ask, and roll back."""
    kept = dict(client.cookies)
    client.raise_request_exception = False
    headers = {"If-Match": '"1"'} if method in {"PATCH", "DELETE"} else {}
    with transaction.atomic():
        if method in {"GET", "HEAD", "OPTIONS"}:
            response = client.generic(method, path, headers=headers)
        elif address.name == "ingest" or not path.startswith("/v1/"):
            body = {**body_for(address, inner)}
            if address.name == "ingest":
                body["file"] = SimpleUploadedFile("a.pdf", b"%PDF-1.7 a", "application/pdf")
            response = client.post(path, body) if method == "POST" else client.generic(method, path)
        else:
            response = client.generic(
                method,
                path,
                json.dumps(body_for(address, inner)),
                content_type="application/json",
                headers=headers,
            )
        content = response.getvalue() if response.streaming else response.content
        text = content.decode("utf-8", "replace")
        reply = Reply(response.status_code, response.get("Location", ""), text)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(kept)  # one of the questions signs out
    return reply
