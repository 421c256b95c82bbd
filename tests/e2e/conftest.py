"""The whole program and one browser for the end-to-end tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.program import Program, running_program
from tests.e2e.viewer.conftest import CHROMIUM_FLAGS, chromium_path

# An upper limit; long enough for slow responses of a busy machine.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
def program() -> Iterator[Program]:
    """Yield Refinery as started by `make run`, with its demonstration documents."""
    with running_program() as program:
        yield program


@pytest.fixture(scope="package")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """Yield the system's Chromium if it is installed, otherwise Playwright's own.

    It is closed after these tests, because no other event loop may run in this thread next to Playwright's. Django
    cannot migrate next to one either, so the database is set up first.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()
