"""Page view next to the fields: boxes and fields highlight each other, zoom and rotation, values from the page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e


def test_click_on_box_focuses_its_field(reviewer: ReviewerPage) -> None:
    """From page to panel."""
    reviewer.start_review()
    reviewer.press("Alt+.")
    reviewer.by_test_id("box:iban").click()
    assert reviewer.focused == "field:iban"
    expect(reviewer.by_test_id("box:iban")).to_have_class(re.compile("box--focus"))


def test_focused_field_shows_its_box_and_page(reviewer: ReviewerPage) -> None:
    """From panel to page, here the second page, at a legible zoom."""
    reviewer.start_review()
    reviewer.field("order").click()
    expect(reviewer.by_test_id("page-image")).to_have_attribute(
        "src", "/pages/00000000-0000-0000-0000-00005eed0001/2.jpg"
    )
    expect(reviewer.by_test_id("box:order")).to_be_in_viewport()
    expect(reviewer.page.locator('[data-page="2"]')).to_have_attribute("aria-current", "true")


def test_hover_highlights_box_and_field(reviewer: ReviewerPage) -> None:
    """The box under the pointer highlights its field, and vice versa."""
    reviewer.start_review()
    reviewer.by_test_id("box:total").hover()
    expect(reviewer.page.locator('li[data-field="total"]')).to_have_class("field field--lit")
    reviewer.by_test_id("confidence:net").hover()
    expect(reviewer.by_test_id("box:net")).to_have_class("box box--plain box--lit")


def test_einvoice_value_is_labelled_as_from_xml(reviewer: ReviewerPage) -> None:
    """A label next to the field, and a sentence when it is open; a correction has no such label."""
    reviewer.start_review()
    row = reviewer.page.locator('li[data-field="vat_id"]')
    expect(reviewer.by_test_id("confidence:vat_id")).to_have_text("XML sure, from the e-invoice")
    expect(reviewer.by_test_id("confidence:net")).not_to_contain_text("XML")
    reviewer.field("vat_id").click()
    expect(row.get_by_text("From the e-invoice", exact=True)).to_be_visible()
    reviewer.field("vat_id").fill("DE136695976")
    expect(reviewer.by_test_id("confidence:vat_id")).to_have_text("Corrected")
    expect(row.get_by_text("From the e-invoice", exact=True)).to_have_count(0)


def test_einvoice_banner_shows_standard_validity_and_xml_link(reviewer: ReviewerPage) -> None:
    """Standard, validity and a link to the XML; nothing without an e-invoice."""
    reviewer.start_review()
    notice = reviewer.page.locator("[data-einvoice]")
    expect(notice).to_have_text("E-invoice · Factur-X 1.0 EXTENDED · Valid")
    expect(notice).to_have_attribute("href", "/v1/documents/1/e-invoice/xml")
    reviewer.by_test_id("next-document").click()
    expect(notice).to_be_hidden()


def test_focused_field_shows_crop_of_page(reviewer: ReviewerPage) -> None:
    """The crop is directly above the input, and is cut from the page image."""
    reviewer.start_review()
    crop = reviewer.page.locator('li[data-field="tax"] canvas')
    expect(crop).to_be_visible()
    assert crop.evaluate("c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v < 128)")
    above, under = crop.bounding_box(), reviewer.field("tax").bounding_box()
    assert above
    assert under
    assert 0 <= under["y"] - (above["y"] + above["height"]) <= 16


def test_zoom_is_kept_across_documents(reviewer: ReviewerPage) -> None:
    """The zoom stays between tasks, and fit resets it to automatic."""
    reviewer.start_review()
    reviewer.page.get_by_role("button", name="Zoom in").click()
    chosen = reviewer.view["scale"]
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert reviewer.view["scale"] == pytest.approx(chosen)
    reviewer.press("Alt+.")
    assert reviewer.view["scale"] < chosen


def test_rotated_view_stays_within_stage(reviewer: ReviewerPage) -> None:
    """A quarter turn fits into the stage, and four of them cancel out."""
    reviewer.start_review()
    reviewer.press("Alt+.", "Alt+r")
    assert reviewer.view["rotation"] == 1
    sheet, stage = (
        reviewer.by_test_id("page-image").bounding_box(),
        reviewer.page.locator("[data-viewport]").bounding_box(),
    )
    assert sheet
    assert stage
    assert sheet["x"] >= stage["x"]
    assert sheet["x"] + sheet["width"] <= stage["x"] + stage["width"]
    assert sheet["width"] > sheet["height"]
    reviewer.press("Alt+r", "Alt+r", "Alt+r")
    assert reviewer.view["rotation"] == 0


def test_page_keys_change_page_and_thumbnails_count_open_fields(reviewer: ReviewerPage) -> None:
    """Alt+PgDn changes the page; a confirmed field leaves its page's count."""
    reviewer.start_review()
    second = reviewer.page.locator('[data-page="2"]')
    expect(second).to_have_attribute("aria-label", "Page 2, 1 field to check")
    reviewer.press("Alt+PageDown")
    expect(second).to_have_attribute("aria-current", "true")
    reviewer.press("Alt+PageUp")
    expect(second).not_to_have_attribute("aria-current", "true")
    reviewer.field("order").click()
    reviewer.press("Enter")
    expect(second).to_have_attribute("aria-label", "Page 2")


def test_value_is_taken_from_words_on_page(reviewer: ReviewerPage) -> None:
    """Alt+B, then a click on a word or a drag over several, copies them into the field."""
    reviewer.start_review()
    reviewer.press("Alt+.", "Alt+b")
    box = reviewer.by_test_id("box:net").bounding_box()
    assert box
    reviewer.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(reviewer.field("tax")).to_have_value("1,248.50")
    reviewer.press("Alt+.", "Alt+b")
    box = reviewer.by_test_id("box:customer").bounding_box()
    assert box
    reviewer.page.mouse.move(box["x"] - 4, box["y"] - 4)
    reviewer.page.mouse.down()
    reviewer.page.mouse.move(box["x"] + box["width"] + 4, box["y"] + box["height"] + 4)
    reviewer.page.mouse.up()
    expect(reviewer.field("tax")).to_have_value("Northwind Robotics Ltd")
    assert reviewer.page.evaluate(
        "(v => JSON.stringify(v.work.entry('tax').bbox) === JSON.stringify(v.work.specs.get('customer').bbox))"
        "(document.querySelector('[data-viewer]').viewer)"
    )


def test_heat_overlay_marks_doubtful_words(reviewer: ReviewerPage) -> None:
    """The overlay covers words with low confidence only."""
    reviewer.start_review()
    reviewer.press("Alt+h")
    heat = reviewer.page.locator("[data-heat]")
    expect(heat).to_be_visible()
    expect(heat).to_have_attribute("data-painted", "1")
    painted = heat.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (d.length / 4); }"
    )
    assert 0 < painted < 0.05


def test_layout_overlay_outlines_blocks_and_is_accessible(reviewer: ReviewerPage) -> None:
    """Blocks and cells overlay the page without blocking its boxes; screen readers read tables as tables."""
    reviewer.start_review()
    text = reviewer.page.get_by_role("region", name="The text of the page")
    expect(text).to_have_count(0)
    reviewer.press("Alt+.", "Alt+l")
    layer = reviewer.page.locator("[data-blocks]")
    expect(layer).to_have_attribute("data-drawn", "1")
    expect(layer.locator(".block--table")).to_have_count(2)
    expect(layer.locator("text", has_text="Table")).to_have_count(2)
    expect(text.get_by_role("cell", name="Shaft coupling, aluminium, 25 mm", exact=True)).to_be_attached()
    reviewer.by_test_id("box:iban").click()
    assert reviewer.focused == "field:iban"
    reviewer.press("Alt+PageDown")
    expect(layer).to_have_attribute("data-drawn", "2")
    expect(text.get_by_text("Terms of delivery")).to_be_attached()
    reviewer.press("Alt+l")
    expect(layer).to_be_hidden()
    expect(text).to_have_count(0)


def test_issue_click_focuses_its_field(reviewer: ReviewerPage) -> None:
    """A click on an issue opens its field."""
    reviewer.start_review()
    reviewer.by_test_id("issue:SUPPLIER_UNKNOWN").get_by_role("button").click()
    assert reviewer.focused == "field:supplier"


GEOMETRY_SCRIPT = """async () => {
  const g = await import('/static/js/viewer/geometry.js');
  const page = {width: 1240, height: 1754}, room = {width: 800, height: 700};
  const worst = [];
  for (const rotation of [0, 1, 2, 3]) for (const scale of [0.3, 1, 2.5]) {
    const view = g.clamp({x: 40, y: -60, scale, rotation}, page, room);
    for (const [u, v] of [[0, 0], [0.25, 0.7], [1, 1]]) {
      const [x, y] = g.rotatePoint(u * page.width, v * page.height, page, rotation);
      const [bu, bv] = g.toPage({x: x * scale + view.x, y: y * scale + view.y}, view, page);
      worst.push(Math.abs(bu - u), Math.abs(bv - v));
    }
  }
  return Math.max(...worst);
}"""


def test_geometry_round_trip_restores_points(page: Page) -> None:
    """A drawn point is found at its position, at any rotation and zoom."""
    page.goto("/404/")
    assert page.evaluate(GEOMETRY_SCRIPT) < 1e-9


ZOOM_SCRIPT = """async (width) => {
  const g = await import('/static/js/viewer/geometry.js');
  const page = {width: 1240, height: 1754}, room = {width, height: 700};
  const view = g.zoomToBox({x: 0, y: 0, scale: 1, rotation: 0}, [0.8, 0.5, 0.9, 0.52], page, room);
  return [view.x, room.width - view.x - view.scale * page.width].map(Math.round);
}"""


def test_zoom_to_value_keeps_whole_lines_where_possible(page: Page) -> None:
    """The zoom makes a value legible; a page that almost fits is shown in full width."""
    page.goto("/404/")
    assert page.evaluate(ZOOM_SCRIPT, 800) == [16, 16]
    left, right = page.evaluate(ZOOM_SCRIPT, 500)
    assert left < 0
    assert right == 16


def test_frame_rate_with_thousand_boxes_is_measured(reviewer: ReviewerPage, capsys: pytest.CaptureFixture[str]) -> None:
    """Pan and zoom over 1,000 boxes: the rate is printed; benchmarks evaluate it, tests do not."""
    reviewer.start_review()
    reviewer.page.goto(f"{reviewer.page.url}?boxes=1000")
    reviewer.wait_until_ready()
    rate = reviewer.page.evaluate("""async () => {
      const stage = document.querySelector('[data-viewer]').viewer.stage;
      stage.fit();
      const frame = () => new Promise(requestAnimationFrame);
      await frame();
      const from = performance.now();
      for (let i = 0; i < 120; i += 1) {
        stage.pan(i % 2 ? 9 : -7, 5);
        if (i % 4 === 0) stage.zoom(i < 60 ? 1.05 : 0.95);
        await frame();
      }
      return 120000 / (performance.now() - from);
    }""")
    with capsys.disabled():
        print(f"\n1,000 boxes: {rate:.0f} frames a second")  # noqa: T201 - a figure for the reader
    assert reviewer.page.locator(".box").count() >= 1000


@pytest.mark.parametrize(("queue", "shown"), [("Invoices", "Invoice · Invoices"), ("Invoice", "Invoice")])
def test_queue_named_like_schema_is_shown_once(reviewer: ReviewerPage, queue: str, shown: str) -> None:
    """The line contains schema and queue."""
    reviewer.reset(queue=queue)
    reviewer.start_review()
    expect(reviewer.page.locator("[data-schema]")).to_have_text(shown)


def test_document_without_schema_explains_missing_fields(reviewer: ReviewerPage) -> None:
    """It can still be decided."""
    reviewer.start_review()
    reviewer.page.goto(f"{reviewer.page.url}?bare=1")
    expect(reviewer.by_test_id("no-fields")).to_contain_text("no fields to check")
    expect(reviewer.page.locator("[data-schema]")).to_contain_text("Unknown document type")
    expect(reviewer.by_test_id("approve")).to_be_enabled()
