"""Logs and errors contain ids only: canary strings sent in every possible way appear in none of them (B16)."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from daphne.access import AccessLogGenerator  # type: ignore[import-untyped]  # daphne has no types
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from refinery.core.tenancy.roles import Role
from refinery.core.web import access_log
from refinery.core.web.access_log import install_access_log
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
CANARY = "Zanzibar"


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Yield all log output, formatted as on standard error."""
    root, kept = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(root.handlers[0].formatter)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(handler)
    root.setLevel(level)


def send_canary_everywhere(tenant: TenantFixture, client: Client) -> None:
    """Send the canary as text, file, name, header, query, credential and key."""
    document = make_document(tenant, filename=f"{CANARY}.pdf")
    upload = SimpleUploadedFile(f"{CANARY}.pdf", f"%PDF-1.7 {CANARY}".encode(), "application/pdf")
    client.post("/v1/documents/ingest", {"file": upload, "metadata": json.dumps({"note": CANARY})})
    client.get(f"/v1/documents?q={CANARY}", headers={"User-Agent": CANARY, "Referer": f"http://x/{CANARY}"})
    for name in ("total", "nothing"):
        client.patch(
            f"/v1/documents/{document.id}/fields/{name}",
            {"value": CANARY},
            content_type="application/json",
            headers={"If-Match": '"1"'},
        )
    client.post("/v1/api-keys", {"name": CANARY, "role": CANARY}, content_type="application/json")
    client.post("/v1/api-keys", f"{{not json {CANARY}", content_type="application/json")
    client.post(f"/v1/documents/{document.id}/password", {"password": CANARY}, content_type="application/json")
    Client().post("/sign-in/", {"username": f"{CANARY}@example.org", "password": CANARY, "next": f"/{CANARY}"})
    Client().post("/v1/tokens", {"email": f"{CANARY}@a.example", "password": CANARY}, content_type="application/json")
    Client().get("/v1/documents", headers={"Authorization": f"Bearer {CANARY}"})
    Client().get(f"/v1/documents?token={CANARY}")
    Client(headers={"X-Request-Id": f"{CANARY} {CANARY}"}).get("/healthz")


def test_logs_contain_no_request_content(log_lines: io.StringIO) -> None:
    """At debug level, over successful and failed requests; each line is JSON."""
    tenant = make_tenant()
    client = tenant.api(Role.ORG_ADMIN)
    client.raise_request_exception = False
    send_canary_everywhere(tenant, client)
    logged = log_lines.getvalue().splitlines()
    ours = [line for line in logged if '"django.db.backends"' not in line]
    assert ours
    assert [line for line in ours if CANARY.lower() in line.lower()] == []
    assert all(isinstance(json.loads(line), dict) for line in ours)


def test_logs_contain_no_key_or_token(log_lines: io.StringIO) -> None:
    """The mail address does not appear either."""
    tenant = make_tenant()
    key = tenant.create_key(Role.ORG_ADMIN)
    for path in ("/v1/api-keys", "/v1/nothing", "/admin/"):
        Client(headers={"Authorization": f"Bearer {key.key}"}).get(path)
    body = {"email": tenant.user(Role.VIEWER).email, "password": "wrong"}
    Client().post("/v1/tokens", body, content_type="application/json")
    ours = [line for line in log_lines.getvalue().splitlines() if '"django.db.backends"' not in line]
    assert [line for line in ours if key.key in line or "@acme.example" in line] == []


def test_access_log_contains_no_query_or_address(log_lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Queries can contain tickets and search terms; each line is JSON, and Daphne's access stream stays empty."""
    monkeypatch.setattr(AccessLogGenerator, "write_entry", AccessLogGenerator.write_entry)
    install_access_log()
    stream = io.StringIO()
    log = AccessLogGenerator(stream)
    path = f"/documents/search?q={CANARY}&token={CANARY}"
    log("http", "complete", {"client": CANARY, "method": "GET", "path": path, "status": 200, "size": 955})
    for action in ("connecting", "connected", "rejected", "disconnected"):
        log("websocket", action, {"client": CANARY, "path": f"/ws/queue?token={CANARY}"})
    entries = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    assert (CANARY in log_lines.getvalue(), stream.getvalue()) == (False, "")
    assert (entries[0]["request"], entries[0]["status"], entries[0]["size"]) == ("GET /documents/search", 200, 955)
    assert len(entries) == 5
    assert "\ninstall_access_log()\n" in (Path(access_log.__file__).parents[2] / "asgi.py").read_text()
