"""A reviewer in a browser: the words that the viewer's tests are written in."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Someone who works on one page of the browser."""

    page: Page

    def reset(self, **options: int | str) -> None:
        """Lay fresh documents on the desk: `count` of them, with `flagged` doubtful fields each, in `queue`."""
        query = "&".join(f"{name}={value}" for name, value in options.items())
        assert self.page.request.get(f"/harness/reset?{query}").ok

    def seen(self) -> dict[str, Any]:
        """Give what reached the server."""
        answer: dict[str, Any] = self.page.request.get("/harness/seen").json()
        return answer

    def start(self) -> None:
        """Begin, from the desk, and wait until the first document can be worked on."""
        self.page.goto("/")
        self.page.get_by_test_id("start-reviewing").click()
        self.ready()

    def ready(self) -> None:
        """Wait until the viewer takes keys and holds the next document ahead."""
        expect(self.page.get_by_test_id("approve")).to_be_enabled()
        expect(self.page.locator("[data-viewer]")).to_have_attribute("data-ahead", re.compile("held|none"))

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def mark(self, testid: str) -> Locator:
        """Find an element by its mark."""
        return self.page.get_by_test_id(testid)

    def field(self, name: str) -> Locator:
        """Find a field's input."""
        return self.mark(f"field:{name}")

    @property
    def focused(self) -> str:
        """The mark of the element that has the caret."""
        return str(self.page.evaluate("document.activeElement?.dataset.testid ?? ''"))

    @property
    def view(self) -> dict[str, float]:
        """Where the page lies on its stage."""
        found: dict[str, float] = self.page.evaluate("document.querySelector('[data-viewer]').viewer.stage.view")
        return found

    def title(self) -> Locator:
        """Find the open document's title."""
        return self.page.locator("h1[data-title]")
