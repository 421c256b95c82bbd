"""The workspace of a file's pages, by keys alone and by the mouse."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.viewer.test_look import violations

pytestmark = pytest.mark.e2e
ADDRESS = "/documents/00000000-0000-0000-0000-00005eed00f0/pages/"


class Table:
    """A person at the workspace."""

    def __init__(self, page: Page) -> None:
        """Open it afresh."""
        self.page = page
        # Not by the page itself: a browser asks for a bare page's icon, and that answer's cookie may come
        # after the workspace's and leave its token without one.
        page.request.get("/harness/parting/reset")
        page.goto(ADDRESS)
        page.get_by_test_id("page:1").wait_for()

    def keys(self, *names: str) -> None:
        """Press keys on the page that is chosen."""
        for name in names:
            self.page.keyboard.press(name)

    def parts(self) -> list[list[int]]:
        """Give the pages as they are laid out, left out ones too."""
        sections = self.page.locator("section.part")
        return [
            [int(leaf.get_attribute("data-leaf") or 0) for leaf in section.locator("[data-leaf]").all()]
            for section in sections.all()
        ]

    def focus(self, number: int) -> None:
        """Choose a page."""
        self.page.get_by_test_id(f"page:{number}").focus()

    def chosen(self) -> str | None:
        """Give the page that has the focus."""
        found: str | None = self.page.evaluate("document.activeElement.getAttribute('data-page')")
        return found

    def sent(self) -> list[dict[str, Any]]:
        """Give what reached the server."""
        answer = self.page.request.get("/harness/parting/seen")
        found: list[dict[str, Any]] = json.loads(answer.text())["sent"]
        return found


@pytest.fixture
def table(page: Page) -> Table:
    """A person at a file of nine pages in two documents."""
    return Table(page)


def test_what_was_found_is_shown_and_a_suggestion_is_answered_by_keys(table: Table) -> None:
    """Arrows to the doubtful page, C, Ctrl+Enter."""
    assert table.parts() == [[1, 2, 3, 4], [5, 6, 7, 8, 9]]
    expect(table.page.get_by_test_id("part-count")).to_have_text("2 documents, 1 page left out")
    expect(table.page.get_by_role("button", name="Cut before page 7")).to_contain_text("87")
    table.focus(1)
    table.keys("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    assert table.chosen() == "7"
    assert "another document may begin here" in (table.page.locator(":focus").get_attribute("aria-label") or "")
    table.keys("c")
    assert table.parts() == [[1, 2, 3, 4], [5, 6], [7, 8, 9]]
    assert table.chosen() == "7"
    table.keys("Control+Enter")
    expect(table.page.get_by_test_id("toast")).to_have_text("The file is 3 documents.")
    assert table.sent() == [
        {"parts": [{"pages": [1, 2, 3]}, {"pages": [5, 6]}, {"pages": [7, 8, 9]}], "dropped": [4]}
    ]
    expect(table.page.get_by_test_id("apply-split")).to_be_disabled()


def test_every_move_by_keys_and_back(table: Table) -> None:
    """Merge, join, move over a cut, leave out, take in, undo all of it."""
    start = table.parts()
    table.focus(5)
    table.keys("m")
    assert table.parts() == [[1, 2, 3, 4, 5, 6, 7, 8, 9]]
    table.keys("Control+z", "Alt+ArrowLeft")
    assert table.parts() == [[1, 2, 3, 4, 5], [6, 7, 8, 9]]
    table.keys("Alt+ArrowLeft")
    assert table.parts() == [[1, 2, 3, 5, 4], [6, 7, 8, 9]]
    table.keys("x")
    expect(table.page.get_by_test_id("part-count")).to_have_text("2 documents, 2 pages left out")
    table.keys("x", "End", "Alt+ArrowRight")
    assert table.chosen() == "9"
    for _ in range(4):
        table.keys("Control+z")
    assert table.parts() == start
    table.keys("Control+y")
    assert table.parts() == [[1, 2, 3, 4, 5], [6, 7, 8, 9]]


def test_a_decided_document_is_superseded_only_after_a_question(table: Table) -> None:
    """The first document is approved: Escape leaves it alone."""
    table.focus(2)
    table.keys("c", "Control+Enter")
    dialog = table.page.get_by_role("dialog")
    expect(dialog).to_contain_text("mailroom-1.pdf")
    table.keys("Escape")
    assert table.sent() == []
    table.focus(2)
    table.keys("Control+Enter")
    dialog.get_by_role("button", name="Supersede and apply").click()
    expect(table.page.get_by_test_id("toast")).to_be_visible()
    assert len(table.sent()) == 1


def test_what_another_has_done_meanwhile_is_not_overwritten(table: Table) -> None:
    table.focus(7)
    table.keys("c")
    table.page.request.get("/harness/parting/other")
    table.keys("Control+Enter")
    expect(table.page.get_by_role("alert")).to_contain_text("parted otherwise meanwhile")
    assert table.parts() == [[1, 2, 3, 4], [5, 6], [7, 8, 9]]
    table.page.get_by_role("button", name="Show how it is now").click()
    expect(table.page.get_by_role("alert")).to_be_hidden()
    assert table.parts() == [[1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_by_mouse_a_line_cuts_and_pages_are_dragged(table: Table) -> None:
    table.page.get_by_role("button", name="Cut before page 7").click()
    assert table.parts() == [[1, 2, 3, 4], [5, 6], [7, 8, 9]]
    table.page.locator("[data-leaf='9']").drag_to(
        table.page.locator("[data-leaf='5']"), target_position={"x": 8, "y": 60}
    )
    assert table.parts() == [[1, 2, 3, 4], [9, 5, 6], [7, 8]]
    table.page.get_by_test_id("page:6").click()
    table.page.get_by_role("button", name="Leave out").click()
    expect(table.page.get_by_test_id("page:6")).to_contain_text("Left out by a person")


def test_a_page_is_looked_at_large(table: Table) -> None:
    table.focus(3)
    table.keys("Enter")
    expect(table.page.get_by_role("dialog").get_by_role("img", name="Page 3")).to_be_visible()
    table.keys("Escape")
    assert table.chosen() == "3"


def test_who_may_not_part_may_look(table: Table) -> None:
    table.page.goto(f"{ADDRESS}?locked=1")
    table.focus(7)
    table.keys("c")
    assert table.parts() == [[1, 2, 3, 4], [5, 6, 7, 8, 9]]
    expect(table.page.get_by_text("can be looked at only")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 768])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(table: Table, width: int, scheme: Any) -> None:  # noqa: ANN401 - a name
    table.page.emulate_media(color_scheme=scheme)
    table.page.set_viewport_size({"width": width, "height": 1024})
    assert violations(table.page) == []
    table.focus(7)
    table.keys("c", "x")
    assert violations(table.page) == []


def test_nothing_is_cut_off_at_four_times_the_size(table: Table) -> None:
    table.page.set_viewport_size({"width": 320, "height": 640})
    assert table.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_pages_are_turned_by_a_key_and_read_anew_when_applied(table: Table) -> None:
    """Each press a quarter, the fourth takes it back; without another parting none is sent."""
    table.focus(2)
    table.keys("r", "r", "r")
    assert table.chosen() == "2"
    expect(table.page.get_by_test_id("page:2")).to_have_accessible_name(re.compile("turned by 270 degrees"))
    turned = table.page.get_by_test_id("page:2").locator("img")
    expect(turned).to_have_class(re.compile("leaf__turned--3"))
    table.focus(5)
    table.keys("r", "r", "r", "r")
    expect(table.page.get_by_test_id("page:5").locator("img")).not_to_have_class(re.compile("leaf__turned"))
    assert violations(table.page) == []
    table.keys("Control+Enter")
    table.page.get_by_role("button", name="Supersede and apply").click()
    expect(table.page.get_by_test_id("toast").first).to_contain_text("1 page is turned")
    assert table.sent() == [{"pages": [{"page": 2, "quarters": 3}]}]
    expect(table.page.get_by_test_id("page:2").locator("img")).not_to_have_class(re.compile("leaf__turned"))


def test_pages_are_turned_and_parted_at_once(table: Table) -> None:
    """First the parts, then the turns."""
    table.focus(6)
    table.keys("c", "r")
    table.page.get_by_test_id("apply-split").click()
    expect(table.page.get_by_test_id("toast").first).to_be_visible()
    parted, turned = table.sent()
    assert [part["pages"] for part in parted["parts"]] == [[1, 2, 3], [5], [6, 7, 8, 9]]
    assert turned == {"pages": [{"page": 6, "quarters": 1}]}
