"""The first page is visible while the others are still read, and appears without a reload."""

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
from tests.e2e.program import ROOT, free_port, wait_until
from tests.support.factories.tenants import PASSWORD
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def temporal(run_folder: Path) -> Iterator[TemporalServer]:
    """Yield a real Temporal server for these tests only."""
    server = start_temporal(run_folder / "first-page", find_temporal(lambda _: None))
    yield server
    server.stop()


class ProcessGroup:
    """Web, relay and workers on the database of the test run."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start without processes."""
        self.port = free_port()
        self._environment = environment
        self._started: list[subprocess.Popen[str]] = []

    @property
    def url(self) -> str:
        """Return the URL of the web process."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *command: str, listened: bool = False) -> subprocess.Popen[str]:
        """Start a Python module."""
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

    def is_up(self) -> bool:
        """Return whether the web process is up."""
        try:
            return httpx.get(f"{self.url}/healthz").is_success
        except httpx.TransportError:
            return False

    def stop_all(self) -> None:
        """Stop all."""
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def allow_async_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow synchronous ORM calls: only Playwright's event loop runs in this thread, which Django cannot know."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def site(
    allow_async_unsafe: None, committed_db: None, postgres: PostgresServer, temporal: TemporalServer, stored_files: Path
) -> Iterator[ProcessGroup]:
    """Yield all processes except the worker that reads."""
    made = ProcessGroup(
        {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "refinery.settings.test",
            "DATABASE_URL": postgres.url_app,
            "TEMPORAL_ADDRESS": temporal.address,
            "TEMPORAL_NAMESPACE": temporal.namespace,
            "REFINERY_VAR": str(stored_files.parent),
        }
    )
    made.start("daphne", "-b", "127.0.0.1", "-p", str(made.port), "refinery.asgi:application")
    made.start("workers.relay")
    made.start("workers.run", "--queue", "io")
    wait_until(made.is_up)
    yield made
    made.stop_all()


def wait_for_line(process: subprocess.Popen[str], line: str) -> None:
    """Wait for a line of its output."""
    assert process.stdout
    assert any(said.strip() == line for said in process.stdout), f"the worker ended before it said {line}"


def signed_in(browser: Browser, site: ProcessGroup, ingest: IngestHarness) -> Page:
    """Sign in a reviewer."""
    page = browser.new_context(base_url=site.url, reduced_motion="reduce").new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(ingest.tenant.user(Role.REVIEWER).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    return page


def test_first_page_is_shown_while_second_page_is_read(chromium: Browser, site: ProcessGroup) -> None:
    """On the record, by thumbnail and image; there is no task before the assessment."""
    ingest = make_ingest_harness()
    page = signed_in(chromium, site, ingest)
    ref = ingest.upload(f"{INVOICE}\fsecond page\fthird page")
    page.goto(f"/documents/{ref.document_id}/")
    expect(page.get_by_test_id("live-state")).to_have_attribute("data-state", "live")
    page.evaluate("window.here = true")
    reading = site.start("tests.e2e.slow_worker", listened=True)
    wait_for_line(reading, "page 2")
    expect(page.get_by_test_id("pages-read")).to_have_text("1 of 3 read so far", timeout=30_000)
    thumbnail = page.locator(".page-strip img")
    expect(thumbnail).to_have_count(1)
    wait_until(lambda: bool(thumbnail.evaluate("image => image.naturalWidth")))
    picture = page.request.get(str(page.locator(".page-strip a").get_attribute("href")))
    assert (picture.status, picture.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in picture.headers["cache-control"]
    expect(page.get_by_test_id("document-status")).to_have_attribute("data-status", "READING")
    expect(page.get_by_role("link", name="Review it")).to_have_count(0)
    assert ingest.tenant.api(Role.REVIEWER).post("/v1/review/tasks/next").status_code == 204
    assert reading.stdin
    reading.stdin.write("go on\ngo on\n")
    reading.stdin.flush()
    expect(page.get_by_role("link", name="Review it")).to_have_count(1, timeout=60_000)
    expect(thumbnail).to_have_count(3)
    assert page.evaluate("window.here")
