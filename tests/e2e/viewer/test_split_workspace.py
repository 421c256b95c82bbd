"""Split workspace of a file's pages, by keyboard and by mouse."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.viewer.test_accessibility import violations

pytestmark = pytest.mark.e2e
ADDRESS = "/documents/00000000-0000-0000-0000-00005eed00f0/pages/"


class SplitWorkspace:
    """Page object of the split workspace."""

    def __init__(self, page: Page) -> None:
        """Reset and open the workspace."""
        self.page = page
        # Not with the page itself: a browser requests a bare page's icon, and the cookie of that response can arrive
        # after the workspace's, so that its CSRF token would not match.
        page.request.get("/harness/split/reset")
        page.goto(ADDRESS)
        page.get_by_test_id("page:1").wait_for()

    def keys(self, *names: str) -> None:
        """Press keys on the selected page."""
        for name in names:
            self.page.keyboard.press(name)

    def parts(self) -> list[list[int]]:
        """Return the pages as displayed, including dropped ones."""
        sections = self.page.locator("section.part")
        return [
            [int(tile.get_attribute("data-tile") or 0) for tile in section.locator("[data-tile]").all()]
            for section in sections.all()
        ]

    def focus(self, number: int) -> None:
        """Select a page."""
        self.page.get_by_test_id(f"page:{number}").focus()

    def focused_page(self) -> str | None:
        """Return the focused page."""
        found: str | None = self.page.evaluate("document.activeElement.getAttribute('data-page')")
        return found

    def received_splits(self) -> list[dict[str, Any]]:
        """Return the data that the server received."""
        answer = self.page.request.get("/harness/split/seen")
        found: list[dict[str, Any]] = json.loads(answer.text())["sent"]
        return found


@pytest.fixture
def workspace(page: Page) -> SplitWorkspace:
    """Return a workspace with a file of nine pages in two documents."""
    return SplitWorkspace(page)


def test_suggested_split_is_shown_and_answered_by_keys(workspace: SplitWorkspace) -> None:
    """Arrows to the suggested boundary, C, Ctrl+Enter."""
    assert workspace.parts() == [[1, 2, 3, 4], [5, 6, 7, 8, 9]]
    expect(workspace.page.get_by_test_id("part-count")).to_have_text("2 documents, 1 page removed")
    expect(workspace.page.get_by_role("button", name="Cut before page 7")).to_contain_text("87")
    workspace.focus(1)
    workspace.keys("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    assert workspace.focused_page() == "7"
    assert "another document may start here" in (workspace.page.locator(":focus").get_attribute("aria-label") or "")
    workspace.keys("c")
    assert workspace.parts() == [[1, 2, 3, 4], [5, 6], [7, 8, 9]]
    assert workspace.focused_page() == "7"
    workspace.keys("Control+Enter")
    expect(workspace.page.get_by_test_id("toast")).to_have_text("The file is 3 documents.")
    assert workspace.received_splits() == [
        {"parts": [{"pages": [1, 2, 3]}, {"pages": [5, 6]}, {"pages": [7, 8, 9]}], "dropped": [4]}
    ]
    expect(workspace.page.get_by_test_id("apply-split")).to_be_disabled()


def test_every_edit_by_keys_can_be_undone(workspace: SplitWorkspace) -> None:
    """Merge, join, move over a cut, drop, restore, undo all of it."""
    start = workspace.parts()
    workspace.focus(5)
    workspace.keys("m")
    assert workspace.parts() == [[1, 2, 3, 4, 5, 6, 7, 8, 9]]
    workspace.keys("Control+z", "Alt+ArrowLeft")
    assert workspace.parts() == [[1, 2, 3, 4, 5], [6, 7, 8, 9]]
    workspace.keys("Alt+ArrowLeft")
    assert workspace.parts() == [[1, 2, 3, 5, 4], [6, 7, 8, 9]]
    workspace.keys("x")
    expect(workspace.page.get_by_test_id("part-count")).to_have_text("2 documents, 2 pages removed")
    workspace.keys("x", "End", "Alt+ArrowRight")
    assert workspace.focused_page() == "9"
    for _ in range(4):
        workspace.keys("Control+z")
    assert workspace.parts() == start
    workspace.keys("Control+y")
    assert workspace.parts() == [[1, 2, 3, 4, 5], [6, 7, 8, 9]]


def test_decided_document_is_superseded_only_after_confirmation(workspace: SplitWorkspace) -> None:
    """The first document is approved: Escape cancels the change."""
    workspace.focus(2)
    workspace.keys("c", "Control+Enter")
    dialog = workspace.page.get_by_role("dialog")
    expect(dialog).to_contain_text("mailroom-1.pdf")
    workspace.keys("Escape")
    assert workspace.received_splits() == []
    workspace.focus(2)
    workspace.keys("Control+Enter")
    dialog.get_by_role("button", name="Supersede and apply").click()
    expect(workspace.page.get_by_test_id("toast")).to_be_visible()
    assert len(workspace.received_splits()) == 1


def test_concurrent_split_is_not_overwritten(workspace: SplitWorkspace) -> None:
    workspace.focus(7)
    workspace.keys("c")
    workspace.page.request.get("/harness/split/other")
    workspace.keys("Control+Enter")
    expect(workspace.page.get_by_role("alert")).to_contain_text("changed by someone else")
    assert workspace.parts() == [[1, 2, 3, 4], [5, 6], [7, 8, 9]]
    workspace.page.get_by_role("button", name="Show how it is now").click()
    expect(workspace.page.get_by_role("alert")).to_be_hidden()
    assert workspace.parts() == [[1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_mouse_cuts_and_drags_pages(workspace: SplitWorkspace) -> None:
    workspace.page.get_by_role("button", name="Cut before page 7").click()
    assert workspace.parts() == [[1, 2, 3, 4], [5, 6], [7, 8, 9]]
    workspace.page.locator("[data-tile='9']").drag_to(
        workspace.page.locator("[data-tile='5']"), target_position={"x": 8, "y": 60}
    )
    assert workspace.parts() == [[1, 2, 3, 4], [9, 5, 6], [7, 8]]
    workspace.page.get_by_test_id("page:6").click()
    workspace.page.get_by_role("button", name="Remove X").click()
    expect(workspace.page.get_by_test_id("page:6")).to_contain_text("Removed by a person")


def test_page_opens_enlarged(workspace: SplitWorkspace) -> None:
    workspace.focus(3)
    workspace.keys("Enter")
    expect(workspace.page.get_by_role("dialog").get_by_role("img", name="Page 3")).to_be_visible()
    workspace.keys("Escape")
    assert workspace.focused_page() == "3"


def test_viewer_without_permission_can_only_look(workspace: SplitWorkspace) -> None:
    workspace.page.goto(f"{ADDRESS}?locked=1")
    workspace.focus(7)
    workspace.keys("c")
    assert workspace.parts() == [[1, 2, 3, 4], [5, 6, 7, 8, 9]]
    expect(workspace.page.get_by_text("can be viewed only")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 768])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_split_workspace_has_no_accessibility_violations(workspace: SplitWorkspace, width: int, scheme: Any) -> None:  # noqa: ANN401 - a name
    workspace.page.emulate_media(color_scheme=scheme)
    workspace.page.set_viewport_size({"width": width, "height": 1024})
    assert violations(workspace.page) == []
    workspace.focus(7)
    workspace.keys("c", "x")
    assert violations(workspace.page) == []


def test_split_workspace_at_400_percent_zoom_does_not_overflow(workspace: SplitWorkspace) -> None:
    workspace.page.set_viewport_size({"width": 320, "height": 640})
    assert workspace.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_page_rotation_by_key_is_applied(workspace: SplitWorkspace) -> None:
    """Each press is a quarter turn, the fourth cancels it; an unchanged split is not sent."""
    workspace.focus(2)
    workspace.keys("r", "r", "r")
    assert workspace.focused_page() == "2"
    expect(workspace.page.get_by_test_id("page:2")).to_have_accessible_name(re.compile("rotated by 270 degrees"))
    rotated = workspace.page.get_by_test_id("page:2").locator("img")
    expect(rotated).to_have_class(re.compile("page-tile__rotated--3"))
    workspace.focus(5)
    workspace.keys("r", "r", "r", "r")
    expect(workspace.page.get_by_test_id("page:5").locator("img")).not_to_have_class(re.compile("page-tile__rotated"))
    assert violations(workspace.page) == []
    workspace.keys("Control+Enter")
    workspace.page.get_by_role("button", name="Supersede and apply").click()
    expect(workspace.page.get_by_test_id("toast").first).to_contain_text("1 page is rotated")
    assert workspace.received_splits() == [{"pages": [{"page": 2, "quarter_turns": 3}]}]
    expect(workspace.page.get_by_test_id("page:2").locator("img")).not_to_have_class(re.compile("page-tile__rotated"))


def test_rotation_and_split_are_applied_together(workspace: SplitWorkspace) -> None:
    """First the split, then the rotations."""
    workspace.focus(6)
    workspace.keys("c", "r")
    workspace.page.get_by_test_id("apply-split").click()
    expect(workspace.page.get_by_test_id("toast").first).to_be_visible()
    split, rotated = workspace.received_splits()
    assert [part["pages"] for part in split["parts"]] == [[1, 2, 3], [5], [6, 7, 8, 9]]
    assert rotated == {"pages": [{"page": 6, "quarter_turns": 1}]}
