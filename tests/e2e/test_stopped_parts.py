"""A part that the program stands on is gone for a while: it says so, and loses nothing that it accepted."""

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
from refinery.stack.program import halt, launch
from refinery.stack.temporal_binary import find_temporal
from samples.generate import make_document
from tests.e2e.program import Api, Program, running, until
from tests.e2e.test_whole_way import signed_in

pytestmark = pytest.mark.e2e
SAFE = "What you sent before is safe"


@dataclass
class Part:
    """A server that the tests start, lose, and start again where it was."""

    command: Command
    answers: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = launch(self.command, subprocess.DEVNULL)
        until(self.answers)

    def lose(self, how: signal.Signals) -> None:
        """End it without a goodbye."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(60)

    def end(self) -> None:
        """End it for good."""
        if self.process is not None:
            halt(self.process, self.command)


@dataclass(frozen=True, slots=True)
class Site:
    """The program on a database and an engine that can be lost."""

    program: Program
    database: Part
    engine: Part


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Start both parts, then the program on them."""
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = postgres.prepare(folder / "postgres")
        server = temporal.prepare(folder / "temporal", find_temporal(say=lambda _: None))
        database, engine = (Part(one.program(), one.answers) for one in (cluster, server))
        try:
            database.start()
            cluster.provision()
            engine.start()
            with running(
                DATABASE_URL=cluster.url(roles.APP),
                DATABASE_OWNER_URL=cluster.url(roles.OWNER),
                TEMPORAL_ADDRESS=server.address,
                TEMPORAL_NAMESPACE=server.namespace,
            ) as program:
                yield Site(program, database, engine)
        finally:
            engine.end()
            database.end()


@pytest.fixture(scope="module")
def api(site: Site) -> Iterator[Api]:
    """REST as an operator, by a key that was made in good days."""
    opened = site.program.api("operator")
    yield opened
    opened.client.close()


def send(api: Api, index: int) -> httpx.Response:
    """Upload a born-digital invoice."""
    made = make_document("invoice", seed=70418, index=index, scan=False)
    return api.client.post("/v1/documents/ingest", files={"file": (made.filename, made.content)})


def accepted(api: Api, *indexes: int) -> list[str]:
    """Upload some; each must be accepted."""
    answers = [send(api, index) for index in indexes]
    assert [answer.status_code for answer in answers] == [202] * len(answers)
    return [answer.json()["id"] for answer in answers]


def all_read(api: Api, documents: list[str]) -> None:
    """Wait until every one of them waits for review."""
    for document in documents:
        until(lambda one=document: api.get(f"/v1/documents/{one}/status")["status"] == "IN_REVIEW", 300)  # type: ignore[misc]  # a default binds the loop's value


def parts(site: Site) -> dict[str, bool]:
    """Ask the health page which parts answer."""
    found = httpx.get(f"{site.program.url}/readyz", timeout=30).json()["parts"]
    return {name: part["ok"] for name, part in found.items()}


def test_without_temporal_uploads_are_accepted_and_start_once_it_is_back(site: Site, api: Api) -> None:
    """Nobody who uploads notices; the health page names what is gone."""
    site.engine.lose(signal.SIGKILL)
    until(lambda: parts(site) == {"database": True, "storage": True, "temporal": False})
    sent = accepted(api, 1, 2, 3)
    assert {api.get(f"/v1/documents/{one}/status")["status"] for one in sent} == {"RECEIVED"}
    site.engine.start()
    all_read(api, sent)


def test_without_postgresql_everyone_is_told_and_nothing_accepted_is_lost(
    site: Site, api: Api, chromium: Browser
) -> None:
    """Programs get a problem with Retry-After, people a page that says what is wrong; afterwards all is there."""
    page = signed_in(chromium, site.program, "operator")
    sent = accepted(api, 4, 5, 6)
    site.database.lose(signal.SIGQUIT)
    for answer in (api.client.get("/v1/documents"), send(api, 7)):
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
        assert int(answer.headers["Retry-After"]) > 0
        assert SAFE in answer.json()["detail"]
    for address in ("/", "/documents/", "/admin/"):
        shown = page.goto(address)
        assert shown is not None
        assert (shown.status, shown.headers["retry-after"]) == (503, "5")
        expect(page.get_by_text("such as the database, does not answer")).to_be_visible()
    assert httpx.get(f"{site.program.url}/healthz").status_code == 200
    assert parts(site)["database"] is False
    site.database.start()
    until(lambda: api.client.get("/v1/documents").status_code == 200)
    page.goto("/documents/")
    expect(page.get_by_test_id("upload")).to_be_attached()
    page.context.close()
    all_read(api, [*sent, *accepted(api, 7)])
