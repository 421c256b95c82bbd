"""Page object of a reviewer in the browser, used by the viewer tests."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect


@dataclass(frozen=True, slots=True)
class ReviewerPage:
    """A reviewer on one browser page."""

    page: Page

    def reset(self, **options: int | str) -> None:
        """Reset the desk: `count` documents with `flagged` fields each, in `queue`."""
        query = "&".join(f"{name}={value}" for name, value in options.items())
        assert self.page.request.get(f"/harness/reset?{query}").ok

    def received_requests(self) -> dict[str, Any]:
        """Return the data that the server received."""
        answer: dict[str, Any] = self.page.request.get("/harness/seen").json()
        return answer

    def start_review(self) -> None:
        """Start the review from the desk, and wait until the first document is ready."""
        self.page.goto("/")
        self.page.get_by_test_id("start-reviewing").click()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the viewer accepts keys and has claimed the next document ahead."""
        expect(self.page.get_by_test_id("approve")).to_be_enabled()
        expect(self.page.locator("[data-viewer]")).to_have_attribute("data-ahead", re.compile("held|none"))

    def hold_requests(self, address: str) -> list[Route]:
        """Hold requests to a URL; the test can continue or fulfil them."""
        held: list[Route] = []

        def keep(route: Route) -> None:
            held.append(route)

        self.page.route(address, keep)
        return held

    def press(self, *keys: str) -> None:
        """Press keys in order."""
        for key in keys:
            self.page.keyboard.press(key)

    def by_test_id(self, testid: str) -> Locator:
        """Return an element by its test id."""
        return self.page.get_by_test_id(testid)

    def field(self, name: str) -> Locator:
        """Return a field's input."""
        return self.by_test_id(f"field:{name}")

    @property
    def focused(self) -> str:
        """Return the test id of the focused element."""
        return str(self.page.evaluate("document.activeElement?.dataset.testid ?? ''"))

    @property
    def view(self) -> dict[str, float]:
        """Return the position of the page on its stage."""
        found: dict[str, float] = self.page.evaluate("document.querySelector('[data-viewer]').viewer.stage.view")
        return found

    def title(self) -> Locator:
        """Return the open document's title."""
        return self.page.locator("h1[data-title]")
