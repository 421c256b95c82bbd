"""The whole program and one browser, for the tests that walk the whole way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.program import Program, running
from tests.e2e.viewer.conftest import FLAGS, found_chromium

# What never comes is waited for so long; what comes late on a busy machine is not missed.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
def program() -> Iterator[Program]:
    """Refinery as `make run` starts it, with its demonstration documents."""
    with running() as program:
        yield program


@pytest.fixture(scope="package")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """The system's Chromium where there is one, Playwright's own otherwise.

    Not longer than these tests: no other loop may run in this thread while Playwright's does. Nor can Django
    migrate beside one, so that the database comes first.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found_chromium(), args=FLAGS)
        yield opened
        opened.close()
