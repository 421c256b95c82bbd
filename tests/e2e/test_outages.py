"""Outages of PostgreSQL or Temporal: the program reports them and loses no accepted upload."""

import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from refinery.stack import postgres, roles, temporal
from refinery.stack.program import Program as Command
from refinery.stack.program import launch, stop_process
from refinery.stack.temporal_binary import find_temporal
from samples.generate import make_document
from tests.e2e.program import ApiClient, Program, running_program, wait_until
from tests.e2e.test_user_journey import signed_in

pytestmark = pytest.mark.e2e
SAFE_MESSAGE = "What you sent before is safe"


@dataclass
class StoppableServer:
    """Server that tests start, kill and restart at the same address."""

    command: Command
    is_up: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = launch(self.command, subprocess.DEVNULL)
        wait_until(self.is_up)

    def kill(self, how: signal.Signals) -> None:
        """Kill it without a shutdown."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(60)

    def stop(self) -> None:
        """Stop it for good."""
        if self.process is not None:
            stop_process(self.process, self.command)


@dataclass(frozen=True, slots=True)
class ProgramWithServers:
    """The program on a database and a Temporal server that tests can kill."""

    program: Program
    database: StoppableServer
    temporal: StoppableServer


@pytest.fixture(scope="module")
def site() -> Iterator[ProgramWithServers]:
    """Start both servers, then the program."""
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = postgres.prepare_cluster(folder / "postgres")
        server = temporal.prepare_temporal(folder / "temporal", find_temporal(say=lambda _: None))
        database, engine = (StoppableServer(one.program(), one.is_ready) for one in (cluster, server))
        try:
            database.start()
            cluster.provision()
            engine.start()
            with running_program(
                DATABASE_URL=cluster.url(roles.APP),
                DATABASE_OWNER_URL=cluster.url(roles.OWNER),
                TEMPORAL_ADDRESS=server.address,
                TEMPORAL_NAMESPACE=server.namespace,
            ) as program:
                yield ProgramWithServers(program, database, engine)
        finally:
            engine.stop()
            database.stop()


@pytest.fixture(scope="module")
def api(site: ProgramWithServers) -> Iterator[ApiClient]:
    """Yield a REST client of an operator, with a key created before the outage."""
    opened = site.program.api("operator")
    yield opened
    opened.client.close()


def send(api: ApiClient, index: int) -> httpx.Response:
    """Upload a digital invoice."""
    made = make_document("invoice", seed=70418, index=index, scan=False)
    return api.client.post("/v1/documents/ingest", files={"file": (made.filename, made.content)})


def upload_all(api: ApiClient, *indexes: int) -> list[str]:
    """Upload several invoices, each of which must be accepted."""
    answers = [send(api, index) for index in indexes]
    assert [answer.status_code for answer in answers] == [202] * len(answers)
    return [answer.json()["id"] for answer in answers]


def wait_for_review(api: ApiClient, documents: list[str]) -> None:
    """Wait until all documents are in review."""
    for document in documents:
        wait_until(lambda one=document: api.get(f"/v1/documents/{one}/status")["status"] == "IN_REVIEW", 300)  # type: ignore[misc]  # a default binds the loop's value


def health_parts(site: ProgramWithServers) -> dict[str, bool]:
    """Return which components the health page reports as available."""
    found = httpx.get(f"{site.program.url}/readyz", timeout=30).json()["parts"]
    return {name: part["ok"] for name, part in found.items()}


def test_uploads_without_temporal_are_accepted_and_start_when_it_returns(
    site: ProgramWithServers, api: ApiClient
) -> None:
    """Uploads work as usual; the health page names the missing component."""
    site.temporal.kill(signal.SIGKILL)
    wait_until(lambda: health_parts(site) == {"database": True, "storage": True, "temporal": False})
    sent = upload_all(api, 1, 2, 3)
    assert {api.get(f"/v1/documents/{one}/status")["status"] for one in sent} == {"RECEIVED"}
    site.temporal.start()
    wait_for_review(api, sent)


def test_requests_without_postgresql_get_problem_and_accepted_uploads_survive(
    site: ProgramWithServers, api: ApiClient, chromium: Browser
) -> None:
    """API clients get a problem with Retry-After, people an explaining page; afterwards everything is there."""
    page = signed_in(chromium, site.program, "operator")
    sent = upload_all(api, 4, 5, 6)
    site.database.kill(signal.SIGQUIT)
    for answer in (api.client.get("/v1/documents"), send(api, 7)):
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
        assert int(answer.headers["Retry-After"]) > 0
        assert SAFE_MESSAGE in answer.json()["detail"]
    for address in ("/", "/documents/", "/admin/"):
        shown = page.goto(address)
        assert shown is not None
        assert (shown.status, shown.headers["retry-after"]) == (503, "5")
        expect(page.get_by_text("such as the database, does not answer")).to_be_visible()
    assert httpx.get(f"{site.program.url}/healthz").status_code == 200
    assert health_parts(site)["database"] is False
    site.database.start()
    wait_until(lambda: api.client.get("/v1/documents").status_code == 200)
    page.goto("/documents/")
    expect(page.get_by_test_id("upload")).to_be_attached()
    page.context.close()
    wait_for_review(api, [*sent, *upload_all(api, 7)])
