"""Parts of pages that are fetched again when something happened: nothing that did is missed."""

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute

pytestmark = pytest.mark.e2e

ROWS = "**/documents/?part=rows*"


@pytest.fixture
def sockets(page: Page) -> list[WebSocketRoute]:
    """The documents page with the test at the other end of its socket, and at its clock."""
    found: list[WebSocketRoute] = []
    page.route_web_socket("**/ws/queue", lambda socket: found.append(socket))  # noqa: PLW0108 - Playwright takes no built-in
    page.clock.install()
    page.goto("/documents/")
    page.wait_for_selector("[data-testid=live-state][data-state=live]")
    return found


def test_what_happens_while_a_part_is_fetched_is_fetched_as_well(
    page: Page, sockets: list[WebSocketRoute]
) -> None:
    """The answer that is on its way may not know of it."""
    under_way: list[Route] = []
    page.route(ROWS, lambda route: under_way.append(route))  # noqa: PLW0108 - Playwright takes no built-in
    with page.expect_request(ROWS):
        sockets[0].send('{"type": "document.progress"}')
        page.clock.run_for(600)
    sockets[0].send('{"type": "document.progress"}')
    page.clock.run_for(600)
    assert len(under_way) == 1
    with page.expect_response(ROWS):
        under_way[0].continue_()
    page.wait_for_selector("#documents:not(.htmx-request)")
    with page.expect_request(ROWS):
        page.clock.run_for(1200)


def test_what_was_lost_on_its_way_is_looked_for(page: Page, sockets: list[WebSocketRoute]) -> None:
    """A socket that is open proves nothing of what was sent."""
    with page.expect_request(ROWS):
        page.clock.run_for(61_000)
    assert len(sockets) == 1
