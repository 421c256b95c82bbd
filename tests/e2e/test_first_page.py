"""The first page is there to be seen while the others are still read, and comes to who looks without a reload."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from refinery.core.tenancy.roles import Role
from refinery.stack.services import PostgresServer, TemporalServer, start_temporal
from refinery.stack.temporal_binary import find_temporal
from tests.e2e.program import ROOT, free_port, until
from tests.factories.people import PASSWORD
from tests.workflows.papers import INVOICE, Office, open_office

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[TemporalServer]:
    """The real engine, for these tests alone."""
    server = start_temporal(folder / "first-page", find_temporal(lambda _: None))
    yield server
    server.stop()


class Site:
    """Web, relay and workers over the database of the test run."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start nothing yet."""
        self.port = free_port()
        self._environment = environment
        self._started: list[subprocess.Popen[str]] = []

    @property
    def url(self) -> str:
        """The web's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *command: str, listened: bool = False) -> subprocess.Popen[str]:
        """Start a module of Python."""
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if listened else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._started.append(process)
        return process

    def answers(self) -> bool:
        """Say whether the web is up."""
        try:
            return httpx.get(f"{self.url}/healthz").is_success
        except httpx.TransportError:
            return False

    def end(self) -> None:
        """End all."""
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def beside_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's loop runs in this thread, and nothing else in it; Django cannot know that."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def site(
    beside_a_loop: None, committed_db: None, postgres: PostgresServer, engine: TemporalServer, stored_files: Path
) -> Iterator[Site]:
    """All but the worker that reads."""
    made = Site(
        {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "refinery.settings.test",
            "DATABASE_URL": postgres.url_app,
            "TEMPORAL_ADDRESS": engine.address,
            "TEMPORAL_NAMESPACE": engine.namespace,
            "REFINERY_VAR": str(stored_files.parent),
        }
    )
    made.start("daphne", "-b", "127.0.0.1", "-p", str(made.port), "refinery.asgi:application")
    made.start("workers.relay")
    made.start("workers.run", "--queue", "io")
    until(made.answers)
    yield made
    made.end()


def wait_for(process: subprocess.Popen[str], line: str) -> None:
    """Wait for a line of its output."""
    assert process.stdout
    assert any(said.strip() == line for said in process.stdout), f"the worker ended before it said {line}"


def signed_in(browser: Browser, site: Site, office: Office) -> Page:
    """Sign a reviewer in."""
    page = browser.new_context(base_url=site.url, reduced_motion="reduce").new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(office.house.user(Role.REVIEWER).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    return page


def test_page_one_is_seen_while_page_two_is_read(chromium: Browser, site: Site) -> None:
    """On the record, by its thumbnail and its picture; there is no task to claim before it is judged."""
    office = open_office()
    page = signed_in(chromium, site, office)
    ref = office.upload(f"{INVOICE}\fsecond page\fthird page")
    page.goto(f"/documents/{ref.document_id}/")
    expect(page.get_by_test_id("live-state")).to_have_attribute("data-state", "live")
    page.evaluate("window.here = true")
    reading = site.start("tests.e2e.slow_worker", listened=True)
    wait_for(reading, "page 2")
    expect(page.get_by_test_id("pages-read")).to_have_text("1 of 3 read so far", timeout=30_000)
    thumbnail = page.locator(".sheets img")
    expect(thumbnail).to_have_count(1)
    until(lambda: bool(thumbnail.evaluate("image => image.naturalWidth")))
    picture = page.request.get(str(page.locator(".sheets a").get_attribute("href")))
    assert (picture.status, picture.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in picture.headers["cache-control"]
    expect(page.get_by_test_id("document-status")).to_have_attribute("data-status", "READING")
    expect(page.get_by_role("link", name="Review it")).to_have_count(0)
    assert office.house.api(Role.REVIEWER).post("/v1/review/tasks/next").status_code == 204
    assert reading.stdin
    reading.stdin.write("go on\ngo on\n")
    reading.stdin.flush()
    expect(page.get_by_role("link", name="Review it")).to_have_count(1, timeout=60_000)
    expect(thumbnail).to_have_count(3)
    assert page.evaluate("window.here")
