"""Bad input against the running program: each gets a problem or a typed state, and nothing is kept of it."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import psutil
import pytest

from samples.generate import make_document
from tests.e2e.program import Api, Program, until

pytestmark = pytest.mark.e2e
FOREIGN = "acme"
HUGE, PIECE = 200 * 2**20, 2**18
FORM = "multipart/form-data; boundary=edge"
HEAD = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="huge.pdf"\r\n\r\n%PDF-1.7\n'


@pytest.fixture(scope="module")
def api(program: Program) -> Iterator[Api]:
    """REST as an operator of the demo tenant."""
    opened = program.api("operator")
    yield opened
    opened.client.close()


@pytest.fixture(scope="module")
def desk(program: Program) -> Iterator[Api]:
    """REST as a manager, who may review and edit."""
    opened = program.api("manager")
    yield opened
    opened.client.close()


def send(api: Api, name: str, content: bytes, **values: str) -> httpx.Response:
    """Upload a file."""
    return api.client.post("/v1/documents/ingest", files={"file": (name, content)}, data=values)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check the problem and give it."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), (
        answer.text
    )
    problem: dict[str, Any] = answer.json()
    assert (problem["type"], problem["status"]) == (f"urn:refinery:problem:{code}", status)
    assert problem["title"]
    return problem


def documents(api: Api) -> int:
    """Count the newest documents, a page at most."""
    return len(api.get("/v1/documents?limit=200")["results"])


def reaches(api: Api, document: str, status: str, error: str = "") -> None:
    """Wait until a document stands where it should."""

    def there() -> bool:
        found = api.get(f"/v1/documents/{document}/status")
        return bool(found["status"] == status and found.get("error", {}).get("code", "") == error)

    until(there, 300)


def invoice(index: int) -> bytes:
    """Make a born-digital invoice that no other test sends."""
    return make_document("invoice", seed=70417, index=index, scan=False).content


@pytest.fixture(scope="module")
def reviewed(api: Api) -> str:
    """A document of this module that waits for review."""
    document: str = send(api, "stale.pdf", invoice(1)).json()["id"]
    reaches(api, document, "IN_REVIEW")
    return document


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("nothing.pdf", b"", 422, "empty"),
        ("letter.pdf", b"Dear sir, this is no PDF, whatever its name says.\n" * 20, 422, "corrupt"),
    ],
)
def test_what_is_no_document_is_refused_at_the_door(
    api: Api, name: str, content: bytes, status: int, code: str
) -> None:
    """A file of no bytes, and text named .pdf: the field is named, and nothing is kept."""
    before = documents(api)
    assert "file" in refused(send(api, name, content), status, code)["errors"]
    assert documents(api) == before


def test_an_unknown_schema_is_named(api: Api) -> None:
    """And where to find the known ones."""
    problem = refused(send(api, "known.pdf", invoice(2), schema="no-such"), 422, "unknown-schema")
    assert "schema" in problem["errors"]
    assert "/v1/schemas" in problem["detail"]


def test_an_encrypted_file_waits_for_its_password(api: Api, program: Program) -> None:
    """A wrong password asks again and says so; the right one reads on. No log ever holds either."""
    sealed = io.BytesIO()
    with pikepdf.open(io.BytesIO(invoice(3))) as plain:
        plain.save(sealed, encryption=pikepdf.Encryption(user="right-canary", owner="owner-canary"))
    document = send(api, "sealed.pdf", sealed.getvalue()).json()["id"]
    reaches(api, document, "NEEDS_PASSWORD", "needs_password")
    for given, status, error in (
        ("wrong-canary", "NEEDS_PASSWORD", "wrong_password"),
        ("right-canary", "IN_REVIEW", ""),
    ):
        assert api.client.post(f"/v1/documents/{document}/password", json={"password": given}).status_code == 202
        reaches(api, document, status, error)
    assert api.get(f"/v1/documents/{document}")["pages_failed"] == 0
    assert any(field["value"] for field in api.get(f"/v1/documents/{document}/fields"))
    again = api.client.post(f"/v1/documents/{document}/password", json={"password": "late-canary"})
    refused(again, 409, "no-password-asked")
    assert not any("-canary" in log.read_text(errors="replace") for log in (program.folder / "log").iterdir())


def pieces() -> Iterator[bytes]:
    """Give a body of HUGE bytes without ever holding it."""
    yield HEAD
    for _ in range(HUGE // PIECE):
        yield b"x" * PIECE


def held_by(process: psutil.Process) -> int:
    """Count the bytes of files that a process holds open and that have no name any more: spooled bodies."""
    spooled = (one for one in Path(f"/proc/{process.pid}/fd").iterdir() if one.is_file())
    return sum(one.stat().st_size for one in spooled if "(deleted)" in str(one.readlink()))


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_200_megabytes_are_refused_without_a_trace(api: Api, program: Program, declared: bool) -> None:
    """413 as a problem, over a connection that still sends; neither memory nor disk of the web process grows."""
    web = psutil.Process(json.loads((program.folder / "run" / "web.json").read_text())["pid"])
    before, stored = web.memory_info().rss, documents(api)
    headers = {"Content-Type": FORM, **({"Content-Length": str(HUGE + len(HEAD))} if declared else {})}
    answer = api.client.post("/v1/documents/ingest", content=pieces(), headers=headers)
    assert "100 MB" in refused(answer, 413, "too_large")["detail"]
    assert web.memory_info().rss - before < HUGE // 8
    until(lambda: held_by(web) == 0)
    assert documents(api) == stored


def test_a_stale_version_is_told_with_the_current_one(desk: Api, reviewed: str) -> None:
    """412 for a change that was made on what is no longer there; 428 for one that does not say on what."""
    name = desk.get(f"/v1/documents/{reviewed}/fields")[0]["name"]
    address = f"/v1/documents/{reviewed}/fields/{name}"
    tag = desk.client.get(address).headers["ETag"]
    first = desk.client.patch(address, json={"value": "mine"}, headers={"If-Match": tag})
    assert first.status_code == 200
    late = desk.client.patch(address, json={"value": "late"}, headers={"If-Match": tag})
    refused(late, 412, "stale")
    assert late.headers["ETag"] == first.headers["ETag"]
    refused(desk.client.patch(address, json={"value": "blind"}), 428, "if-match-needed")
    assert desk.get(address)["value"] == "mine"


def test_a_lost_lease_writes_nothing(desk: Api, reviewed: str) -> None:
    """Given back, then used: for a sign of life and for a decision alike."""
    tasks = desk.get("/v1/review/tasks?status=OPEN&limit=200")["results"]
    task = next(task["id"] for task in tasks if task["document"] == reviewed)
    lease = desk.post(f"/v1/review/tasks/{task}/claim")["lease"]["token"]
    desk.post(f"/v1/review/tasks/{task}/release", {"lease": lease})
    for verb, body in (("heartbeat", {}), ("submit", {"decision": "approve"})):
        answer = desk.client.post(f"/v1/review/tasks/{task}/{verb}", json={"lease": lease, **body})
        assert "claim" in refused(answer, 409, "lease-lost")["detail"]
    assert desk.get(f"/v1/documents/{reviewed}/status")["status"] == "IN_REVIEW"


def test_a_foreign_id_is_not_there(program: Program, reviewed: str) -> None:
    """404, word for word as for an id that nobody has."""
    program.manage("create_tenant", FOREIGN, "--admin", "admin@acme.example")
    stranger = program.api("org_admin", FOREIGN)
    nobody = "00000000-0000-7000-8000-000000000000"
    for place in ("", "/status", "/fields", "/pages/1", "/export?format=json"):
        foreign, unknown = (stranger.client.get(f"/v1/documents/{one}{place}") for one in (reviewed, nobody))
        assert refused(foreign, 404, "not-found") == refused(unknown, 404, "not-found")
    assert stranger.get("/v1/documents")["results"] == []
    stranger.client.close()
