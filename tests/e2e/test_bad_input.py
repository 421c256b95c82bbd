"""Bad input to the running program: a problem or a typed status, and nothing is stored."""

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
from tests.e2e.program import ApiClient, Program, wait_until

pytestmark = pytest.mark.e2e
FOREIGN_TENANT = "acme"
HUGE_SIZE, CHUNK_SIZE = 200 * 2**20, 2**18
FORM = "multipart/form-data; boundary=edge"
HEAD = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="huge.pdf"\r\n\r\n%PDF-1.7\n'


@pytest.fixture(scope="module")
def api(program: Program) -> Iterator[ApiClient]:
    """Yield a REST client of an operator in the demo tenant."""
    opened = program.api("operator")
    yield opened
    opened.client.close()


@pytest.fixture(scope="module")
def manager_api(program: Program) -> Iterator[ApiClient]:
    """Yield a REST client of a manager, who may review and edit."""
    opened = program.api("manager")
    yield opened
    opened.client.close()


def send(api: ApiClient, name: str, content: bytes, **values: str) -> httpx.Response:
    """Upload a file."""
    return api.client.post("/v1/documents/ingest", files={"file": (name, content)}, data=values)


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check the problem and return it."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert (problem["type"], problem["status"]) == (f"urn:refinery:problem:{code}", status)
    assert problem["title"]
    return problem


def documents(api: ApiClient) -> int:
    """Return the number of the newest documents, at most one page."""
    return len(api.get("/v1/documents?limit=200")["results"])


def wait_for_status(api: ApiClient, document: str, status: str, error: str = "") -> None:
    """Wait until a document has the status."""

    def there() -> bool:
        found = api.get(f"/v1/documents/{document}/status")
        return bool(found["status"] == status and found.get("error", {}).get("code", "") == error)

    wait_until(there, 300)


def invoice(index: int) -> bytes:
    """Return a digital invoice that no other test sends."""
    return make_document("invoice", seed=70417, index=index, scan=False).content


@pytest.fixture(scope="module")
def document_in_review(api: ApiClient) -> str:
    """Return a document of this module in review."""
    document: str = send(api, "stale.pdf", invoice(1)).json()["id"]
    wait_for_status(api, document, "IN_REVIEW")
    return document


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("nothing.pdf", b"", 422, "empty"),
        ("letter.pdf", b"Dear sir, this is no PDF, whatever its name says.\n" * 20, 422, "corrupt"),
    ],
)
def test_upload_of_empty_or_mislabelled_file_is_refused(
    api: ApiClient, name: str, content: bytes, status: int, code: str
) -> None:
    """An empty file, and text named .pdf: the problem names the member, and nothing is stored."""
    before = documents(api)
    assert "file" in assert_problem(send(api, name, content), status, code)["errors"]
    assert documents(api) == before


def test_upload_with_unknown_schema_names_the_schema(api: ApiClient) -> None:
    """It also says where to find the known ones."""
    problem = assert_problem(send(api, "known.pdf", invoice(2), schema="no-such"), 422, "unknown-schema")
    assert "schema" in problem["errors"]
    assert "/v1/schemas" in problem["detail"]


def test_encrypted_file_waits_for_password_and_logs_no_password(api: ApiClient, program: Program) -> None:
    """A wrong password is requested again, the correct one continues. No log contains either."""
    sealed = io.BytesIO()
    with pikepdf.open(io.BytesIO(invoice(3))) as plain:
        plain.save(sealed, encryption=pikepdf.Encryption(user="right-canary", owner="owner-canary"))
    document = send(api, "sealed.pdf", sealed.getvalue()).json()["id"]
    wait_for_status(api, document, "NEEDS_PASSWORD", "needs_password")
    for given, status, error in (
        ("wrong-canary", "NEEDS_PASSWORD", "wrong_password"),
        ("right-canary", "IN_REVIEW", ""),
    ):
        assert api.client.post(f"/v1/documents/{document}/password", json={"password": given}).status_code == 202
        wait_for_status(api, document, status, error)
    assert api.get(f"/v1/documents/{document}")["pages_failed"] == 0
    assert any(field["value"] for field in api.get(f"/v1/documents/{document}/fields"))
    again = api.client.post(f"/v1/documents/{document}/password", json={"password": "late-canary"})
    assert_problem(again, 409, "no-password-asked")
    assert not any("-canary" in log.read_text(errors="replace") for log in (program.folder / "log").iterdir())


def huge_body() -> Iterator[bytes]:
    """Yield a body of HUGE bytes without holding it in memory."""
    yield HEAD
    for _ in range(HUGE_SIZE // CHUNK_SIZE):
        yield b"x" * CHUNK_SIZE


def deleted_open_bytes(process: psutil.Process) -> int:
    """Return the size of the deleted files that a process holds open, which are spooled bodies."""
    spooled = (one for one in Path(f"/proc/{process.pid}/fd").iterdir() if one.is_file())
    return sum(one.stat().st_size for one in spooled if "(deleted)" in str(one.readlink()))


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_upload_of_200_megabytes_is_refused_without_growth(api: ApiClient, program: Program, declared: bool) -> None:
    """A 413 problem while the client is still sending; memory and disk of the web process do not grow."""
    web = psutil.Process(json.loads((program.folder / "run" / "web.json").read_text())["pid"])
    before, stored = web.memory_info().rss, documents(api)
    headers = {"Content-Type": FORM, **({"Content-Length": str(HUGE_SIZE + len(HEAD))} if declared else {})}
    answer = api.client.post("/v1/documents/ingest", content=huge_body(), headers=headers)
    assert "100 MB" in assert_problem(answer, 413, "too_large")["detail"]
    assert web.memory_info().rss - before < HUGE_SIZE // 8
    wait_until(lambda: deleted_open_bytes(web) == 0)
    assert documents(api) == stored


def test_field_edit_with_stale_or_missing_version_is_refused(manager_api: ApiClient, document_in_review: str) -> None:
    """412 for an outdated version; 428 for a missing one."""
    name = manager_api.get(f"/v1/documents/{document_in_review}/fields")[0]["name"]
    address = f"/v1/documents/{document_in_review}/fields/{name}"
    tag = manager_api.client.get(address).headers["ETag"]
    first = manager_api.client.patch(address, json={"value": "mine"}, headers={"If-Match": tag})
    assert first.status_code == 200
    late = manager_api.client.patch(address, json={"value": "late"}, headers={"If-Match": tag})
    assert_problem(late, 412, "stale")
    assert late.headers["ETag"] == first.headers["ETag"]
    assert_problem(manager_api.client.patch(address, json={"value": "blind"}), 428, "if-match-needed")
    assert manager_api.get(address)["value"] == "mine"


def test_released_lease_writes_nothing(program: Program, document_in_review: str) -> None:
    """A released lease is refused for a heartbeat and for a decision."""
    reviewer_api = program.api("reviewer")
    tasks = reviewer_api.get("/v1/review/tasks?status=OPEN&limit=200")["results"]
    task = next(task["id"] for task in tasks if task["document"] == document_in_review)
    lease = reviewer_api.post(f"/v1/review/tasks/{task}/claim")["lease"]["token"]
    reviewer_api.post(f"/v1/review/tasks/{task}/release", {"lease": lease})
    for verb, body in (("heartbeat", {}), ("submit", {"decision": "approve"})):
        answer = reviewer_api.client.post(f"/v1/review/tasks/{task}/{verb}", json={"lease": lease, **body})
        assert "claim" in assert_problem(answer, 409, "lease-lost")["detail"]
    assert reviewer_api.get(f"/v1/documents/{document_in_review}/status")["status"] == "IN_REVIEW"


def test_id_of_other_tenant_is_not_found(program: Program, document_in_review: str) -> None:
    """404, exactly as for an unknown id."""
    program.manage("create_tenant", FOREIGN_TENANT, "--admin", "admin@acme.example")
    stranger = program.api("org_admin", FOREIGN_TENANT)
    nobody = "00000000-0000-7000-8000-000000000000"
    for place in ("", "/status", "/fields", "/pages/1", "/export?format=json"):
        foreign, unknown = (stranger.client.get(f"/v1/documents/{one}{place}") for one in (document_in_review, nobody))
        assert assert_problem(foreign, 404, "not-found") == assert_problem(unknown, 404, "not-found")
    assert stranger.get("/v1/documents")["results"] == []
    stranger.client.close()
