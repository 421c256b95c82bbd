"""A place of the page is read again: the field says so, takes the reading, and loses nothing that is typed."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.viewer.reviewer import Reviewer

pytestmark = pytest.mark.e2e
EMPTY = (0.62, 0.9, 0.9, 0.95)  # of the page: no word stands there


def draw(reviewer: Reviewer, name: str) -> Locator:
    """Ask for a place without words as the value of a field; gives the cell that tells how sure a reading is."""
    reviewer.field(name).click()
    reviewer.press("Alt+.", "Alt+b")
    sheet = reviewer.mark("page-image").bounding_box()
    assert sheet
    x0, y0, x1, y1 = EMPTY
    mouse = reviewer.page.mouse
    mouse.move(sheet["x"] + x0 * sheet["width"], sheet["y"] + y0 * sheet["height"])
    mouse.down()
    mouse.move(sheet["x"] + x1 * sheet["width"], sheet["y"] + y1 * sheet["height"])
    mouse.up()
    cell = reviewer.mark(f"confidence:{name}")
    expect(cell).to_have_text("Reading…")
    expect(reviewer.field(name)).to_have_attribute("aria-busy", "true")
    return cell


def answer(reviewer: Reviewer, status: str, text: str = "", *, told: bool = True) -> None:
    """Answer as a worker does; `told` sends the live event along."""
    told_of = reviewer.page.request.get(f"/harness/region?status={status}&text={text}").json()["id"]
    if told:
        reviewer.page.evaluate(
            "id => document.querySelector('[data-viewer]').viewer.heard({type: 'region.read', id})", told_of
        )


@pytest.mark.parametrize("told", [True, False])
def test_a_region_drawn_on_the_page_becomes_the_value(reviewer: Reviewer, *, told: bool) -> None:
    """By the live event, or by asking where there is no socket."""
    reviewer.start()
    cell = draw(reviewer, "tax")
    answer(reviewer, "done", "237.21", told=told)
    expect(reviewer.field("tax")).to_have_value("237.21")
    expect(reviewer.field("tax")).to_have_attribute("aria-busy", "false")
    expect(cell).to_have_text("Corrected")
    reviewer.press("Control+z")
    expect(reviewer.field("tax")).not_to_have_value("237.21")


def test_what_is_typed_meanwhile_stays(reviewer: Reviewer) -> None:
    """The reading is offered beside it."""
    reviewer.start()
    draw(reviewer, "tax")
    reviewer.field("tax").fill("240.00")
    answer(reviewer, "done", "237.21")
    expect(reviewer.mark("toast")).to_contain_text("Read again: 237.21")
    expect(reviewer.field("tax")).to_have_value("240.00")
    reviewer.page.get_by_role("button", name="Use it").click()
    expect(reviewer.field("tax")).to_have_value("237.21")


@pytest.mark.parametrize(
    ("status", "said"), [("failed", "could not be read"), ("done", "Nothing was found in that place")]
)
def test_a_reading_that_comes_to_nothing_says_what_to_do(reviewer: Reviewer, status: str, said: str) -> None:
    """The value stays as it was, and is not taken for judged."""
    reviewer.start()
    value = reviewer.field("tax").input_value()
    cell = draw(reviewer, "tax")
    answer(reviewer, status)
    expect(reviewer.mark("toast")).to_contain_text(said)
    expect(reviewer.mark("toast")).to_contain_text("Type the value instead")
    expect(reviewer.field("tax")).to_have_value(value)
    expect(cell).to_contain_text("to check")
