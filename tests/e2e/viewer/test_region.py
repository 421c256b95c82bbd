"""Region readings in the viewer: the field shows progress, takes the result, and keeps typed values."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e
EMPTY = (0.62, 0.9, 0.9, 0.95)  # shares of the page; there are no words


def draw_region(reviewer: ReviewerPage, name: str) -> Locator:
    """Request a region without words as the value of a field; return the field's confidence cell."""
    reviewer.field(name).click()
    reviewer.press("Alt+.", "Alt+b")
    sheet = reviewer.by_test_id("page-image").bounding_box()
    assert sheet
    x0, y0, x1, y1 = EMPTY
    mouse = reviewer.page.mouse
    mouse.move(sheet["x"] + x0 * sheet["width"], sheet["y"] + y0 * sheet["height"])
    mouse.down()
    mouse.move(sheet["x"] + x1 * sheet["width"], sheet["y"] + y1 * sheet["height"])
    mouse.up()
    cell = reviewer.by_test_id(f"confidence:{name}")
    expect(cell).to_have_text("Reading…")
    expect(reviewer.field(name)).to_have_attribute("aria-busy", "true")
    return cell


def answer_region(reviewer: ReviewerPage, status: str, text: str = "", *, announced: bool = True) -> None:
    """Answer as a worker does; `announced` also sends the live event."""
    identifier = reviewer.page.request.get(f"/harness/region?status={status}&text={text}").json()["id"]
    if announced:
        reviewer.page.evaluate(
            "id => document.querySelector('[data-viewer]').viewer.heard({type: 'region.read', id})", identifier
        )


@pytest.mark.parametrize("announced", [True, False])
def test_region_drawn_on_page_becomes_field_value(reviewer: ReviewerPage, *, announced: bool) -> None:
    """By the live event, or by polling without a socket."""
    reviewer.start_review()
    cell = draw_region(reviewer, "tax")
    answer_region(reviewer, "done", "237.21", announced=announced)
    expect(reviewer.field("tax")).to_have_value("237.21")
    expect(reviewer.field("tax")).to_have_attribute("aria-busy", "false")
    expect(cell).to_have_text("Corrected")
    reviewer.press("Control+z")
    expect(reviewer.field("tax")).not_to_have_value("237.21")


def test_region_result_does_not_replace_typed_value(reviewer: ReviewerPage) -> None:
    """The reading is offered next to it."""
    reviewer.start_review()
    draw_region(reviewer, "tax")
    reviewer.field("tax").fill("240.00")
    answer_region(reviewer, "done", "237.21")
    expect(reviewer.by_test_id("toast")).to_contain_text("Read again: 237.21")
    expect(reviewer.field("tax")).to_have_value("240.00")
    reviewer.page.get_by_role("button", name="Use it").click()
    expect(reviewer.field("tax")).to_have_value("237.21")


@pytest.mark.parametrize(
    ("status", "said"), [("failed", "could not be read"), ("done", "Nothing was found in that place")]
)
def test_region_without_result_explains_and_keeps_value(reviewer: ReviewerPage, status: str, said: str) -> None:
    """The value is unchanged and not marked as confirmed."""
    reviewer.start_review()
    value = reviewer.field("tax").input_value()
    cell = draw_region(reviewer, "tax")
    answer_region(reviewer, status)
    expect(reviewer.by_test_id("toast")).to_contain_text(said)
    expect(reviewer.by_test_id("toast")).to_contain_text("Type the value instead")
    expect(reviewer.field("tax")).to_have_value(value)
    expect(cell).to_contain_text("to check")
