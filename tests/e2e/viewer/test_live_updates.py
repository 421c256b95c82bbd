"""Page parts that are fetched again after events: no event is missed."""

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute

pytestmark = pytest.mark.e2e

ROWS = "**/documents/?part=rows*"


@pytest.fixture
def sockets(page: Page) -> list[WebSocketRoute]:
    """Return the sockets of the documents page, with the test as the server and a controlled clock."""
    found: list[WebSocketRoute] = []

    def accept(socket: WebSocketRoute) -> None:
        found.append(socket)
        socket.send('{"type": "live.ready"}')

    page.route_web_socket("**/ws/queue", accept)
    page.clock.install()
    page.goto("/documents/")
    page.wait_for_selector("[data-testid=live-state][data-state=live]")
    return found


def test_event_during_fetch_triggers_another_fetch(page: Page, sockets: list[WebSocketRoute]) -> None:
    """The pending response may not include the event."""
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


def test_lost_event_is_recovered_by_polling(page: Page, sockets: list[WebSocketRoute]) -> None:
    """An open socket does not prove that every event arrived."""
    with page.expect_request(ROWS):
        page.clock.run_for(61_000)
    assert len(sockets) == 1
