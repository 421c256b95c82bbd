"""One harness server for the run, and a new browser context for each test."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.viewer.reviewer import ReviewerPage

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Return the path of the system's Chromium; None means Playwright's own."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="package")
def harness() -> Iterator[str]:
    """Yield the URL of a harness server for these tests."""
    command = [sys.executable, "-m", "tests.e2e.harness.server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            assert line.startswith("http://"), "the harness server did not start"
            yield line.strip()
        finally:
            server.terminate()


@pytest.fixture
def context(chromium: Browser, harness: str) -> Iterator[BrowserContext]:
    """Yield a new browser context at desktop size."""
    fresh = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=harness, reduced_motion="reduce")
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Yield a page on which any script error or policy violation fails the test."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield opened
    assert errors == []


@pytest.fixture
def reviewer(page: Page) -> ReviewerPage:
    """Return a reviewer without claims, at a desk of eight invoices."""
    made = ReviewerPage(page)
    made.reset()
    return made
