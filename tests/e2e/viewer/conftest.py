"""A harness server for the run, and a fresh browser context for each test."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.viewer.reviewer import Reviewer

ROOT = Path(__file__).resolve().parent.parent.parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def found_chromium() -> str | None:
    """Give the system's Chromium; None means Playwright's own."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="package")
def harness() -> Iterator[str]:
    """Give the address of a harness server that lives as long as these tests."""
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
    """Give a browser context of its own at a desk's size."""
    fresh = chromium.new_context(
        viewport={"width": 1440, "height": 900}, base_url=harness, reduced_motion="reduce"
    )
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Give a page on which any script error, and any breach of the policy, fails the test."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console",
        lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield opened
    assert errors == []


@pytest.fixture
def reviewer(page: Page) -> Reviewer:
    """Give a reviewer at an empty-handed desk of eight invoices."""
    sat_down = Reviewer(page)
    sat_down.reset()
    return sat_down
