"""The page beside the fields: boxes and fields light each other, zoom and turns, what is taken from the page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.viewer.reviewer import Reviewer

pytestmark = pytest.mark.e2e


def test_a_click_on_a_box_opens_its_field(reviewer: Reviewer) -> None:
    """From page to panel."""
    reviewer.start()
    reviewer.press("Alt+.")
    reviewer.mark("box:iban").click()
    assert reviewer.focused == "field:iban"
    expect(reviewer.mark("box:iban")).to_have_class(re.compile("box--focus"))


def test_a_field_brings_its_box_and_page_into_view(reviewer: Reviewer) -> None:
    """From panel to page, over to the second page and close enough to read."""
    reviewer.start()
    reviewer.field("order").click()
    expect(reviewer.mark("page-image")).to_have_attribute(
        "src", "/pages/00000000-0000-0000-0000-00005eed0001/2.jpg"
    )
    expect(reviewer.mark("box:order")).to_be_in_viewport()
    expect(reviewer.page.locator('[data-page="2"]')).to_have_attribute("aria-current", "true")


def test_hover_lights_both_sides(reviewer: Reviewer) -> None:
    """The box under the pointer lights its field, and the other way round."""
    reviewer.start()
    reviewer.mark("box:total").hover()
    expect(reviewer.page.locator('li[data-field="total"]')).to_have_class("field field--lit")
    reviewer.mark("confidence:net").hover()
    expect(reviewer.mark("box:net")).to_have_class("box box--plain box--lit")


def test_a_value_of_the_e_invoice_says_so(reviewer: Reviewer) -> None:
    """In a word beside the field, in a sentence when it is open; a correction is the reviewer's own."""
    reviewer.start()
    row = reviewer.page.locator('li[data-field="vat_id"]')
    expect(reviewer.mark("confidence:vat_id")).to_have_text("XML sure, from the e-invoice")
    expect(reviewer.mark("confidence:net")).not_to_contain_text("XML")
    reviewer.field("vat_id").click()
    expect(row.get_by_text("From the e-invoice", exact=True)).to_be_visible()
    reviewer.field("vat_id").fill("DE136695976")
    expect(reviewer.mark("confidence:vat_id")).to_have_text("Corrected")
    expect(row.get_by_text("From the e-invoice", exact=True)).to_have_count(0)


def test_above_the_fields_it_says_what_e_invoice_it_is(reviewer: Reviewer) -> None:
    """Its standard, whether it is valid, and a link to the XML; nothing where there is none."""
    reviewer.start()
    told = reviewer.page.locator("[data-einvoice]")
    expect(told).to_have_text("E-invoice · Factur-X 1.0 EXTENDED · Valid")
    expect(told).to_have_attribute("href", "/v1/documents/1/e-invoice/xml")
    reviewer.mark("next-document").click()
    expect(told).to_be_hidden()


def test_the_focused_field_shows_its_piece_of_the_page(reviewer: Reviewer) -> None:
    """The crop stands directly above the input, and is drawn from the page's image."""
    reviewer.start()
    crop = reviewer.page.locator('li[data-field="tax"] canvas')
    expect(crop).to_be_visible()
    assert crop.evaluate("c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v < 128)")
    above, under = crop.bounding_box(), reviewer.field("tax").bounding_box()
    assert above
    assert under
    assert 0 <= under["y"] - (above["y"] + above["height"]) <= 16


def test_a_chosen_zoom_is_kept_from_document_to_document(reviewer: Reviewer) -> None:
    """Zoom is never lost between tasks, and fit gives it back to the program."""
    reviewer.start()
    reviewer.page.get_by_role("button", name="Zoom in").click()
    chosen = reviewer.view["scale"]
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert reviewer.view["scale"] == pytest.approx(chosen)
    reviewer.press("Alt+.")
    assert reviewer.view["scale"] < chosen


def test_turning_keeps_the_page_in_sight(reviewer: Reviewer) -> None:
    """A quarter turn lies within the stage, and four of them are none."""
    reviewer.start()
    reviewer.press("Alt+.", "Alt+r")
    assert reviewer.view["turn"] == 1
    sheet, stage = (
        reviewer.mark("page-image").bounding_box(),
        reviewer.page.locator("[data-viewport]").bounding_box(),
    )
    assert sheet
    assert stage
    assert sheet["x"] >= stage["x"]
    assert sheet["x"] + sheet["width"] <= stage["x"] + stage["width"]
    assert sheet["width"] > sheet["height"]
    reviewer.press("Alt+r", "Alt+r", "Alt+r")
    assert reviewer.view["turn"] == 0


def test_pages_by_keys_and_counts_on_thumbnails(reviewer: Reviewer) -> None:
    """Alt+PgDn turns the page; a confirmed field leaves its page's count."""
    reviewer.start()
    second = reviewer.page.locator('[data-page="2"]')
    expect(second).to_have_attribute("aria-label", "Page 2, 1 field to check")
    reviewer.press("Alt+PageDown")
    expect(second).to_have_attribute("aria-current", "true")
    reviewer.press("Alt+PageUp")
    expect(second).not_to_have_attribute("aria-current", "true")
    reviewer.field("order").click()
    reviewer.press("Enter")
    expect(second).to_have_attribute("aria-label", "Page 2")


def test_a_value_is_taken_from_words_on_the_page(reviewer: Reviewer) -> None:
    """Alt+B, then a click on a word or a drag over several, puts them into the field."""
    reviewer.start()
    reviewer.press("Alt+.", "Alt+b")
    box = reviewer.mark("box:net").bounding_box()
    assert box
    reviewer.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(reviewer.field("tax")).to_have_value("1,248.50")
    reviewer.press("Alt+.", "Alt+b")
    box = reviewer.mark("box:customer").bounding_box()
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


def test_heat_shows_doubtful_words(reviewer: Reviewer) -> None:
    """The overlay is painted where the reading was unsure, and left clear elsewhere."""
    reviewer.start()
    reviewer.press("Alt+h")
    heat = reviewer.page.locator("[data-heat]")
    expect(heat).to_be_visible()
    expect(heat).to_have_attribute("data-painted", "1")
    painted = heat.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (d.length / 4); }"
    )
    assert 0 < painted < 0.05


def test_the_layout_is_outlined_by_a_key_and_told_to_who_does_not_see_it(reviewer: Reviewer) -> None:
    """Blocks and cells lie over the page without being in the way of its boxes; tables are read out as tables."""
    reviewer.start()
    text = reviewer.page.get_by_role("region", name="The text of the page")
    expect(text).to_have_count(0)
    reviewer.press("Alt+.", "Alt+l")
    layer = reviewer.page.locator("[data-blocks]")
    expect(layer).to_have_attribute("data-drawn", "1")
    expect(layer.locator(".block--table")).to_have_count(2)
    expect(layer.locator("text", has_text="Table")).to_have_count(2)
    expect(text.get_by_role("cell", name="Shaft coupling, aluminium, 25 mm", exact=True)).to_be_attached()
    reviewer.mark("box:iban").click()
    assert reviewer.focused == "field:iban"
    reviewer.press("Alt+PageDown")
    expect(layer).to_have_attribute("data-drawn", "2")
    expect(text.get_by_text("Terms of delivery")).to_be_attached()
    reviewer.press("Alt+l")
    expect(layer).to_be_hidden()
    expect(text).to_have_count(0)


def test_issues_lead_to_their_field(reviewer: Reviewer) -> None:
    """A click on an issue opens the field it speaks of."""
    reviewer.start()
    reviewer.mark("issue:SUPPLIER_UNKNOWN").get_by_role("button").click()
    assert reviewer.focused == "field:supplier"


GEOMETRY = """async () => {
  const g = await import('/static/js/viewer/geometry.js');
  const page = {width: 1240, height: 1754}, room = {width: 800, height: 700};
  const worst = [];
  for (const turn of [0, 1, 2, 3]) for (const scale of [0.3, 1, 2.5]) {
    const view = g.clamp({x: 40, y: -60, scale, turn}, page, room);
    for (const [u, v] of [[0, 0], [0.25, 0.7], [1, 1]]) {
      const [x, y] = g.turnPoint(u * page.width, v * page.height, page, turn);
      const [bu, bv] = g.toPage({x: x * scale + view.x, y: y * scale + view.y}, view, page);
      worst.push(Math.abs(bu - u), Math.abs(bv - v));
    }
  }
  return Math.max(...worst);
}"""


def test_points_go_to_the_page_and_back(page: Page) -> None:
    """What is drawn at a place is found at that place, at any turn and zoom."""
    page.goto("/404/")
    assert page.evaluate(GEOMETRY) < 1e-9


CLOSER = """async (width) => {
  const g = await import('/static/js/viewer/geometry.js');
  const page = {width: 1240, height: 1754}, room = {width, height: 700};
  const view = g.zoomToBox({x: 0, y: 0, scale: 1, turn: 0}, [0.8, 0.5, 0.9, 0.52], page, room);
  return [view.x, room.width - view.x - view.scale * page.width].map(Math.round);
}"""


def test_lines_stay_whole_where_that_costs_little(page: Page) -> None:
    """A value is brought close; a page that would just not fit then is shown in all its width."""
    page.goto("/404/")
    assert page.evaluate(CLOSER, 800) == [16, 16]
    left, right = page.evaluate(CLOSER, 500)
    assert left < 0
    assert right == 16


def test_frames_with_a_thousand_boxes(reviewer: Reviewer, capsys: pytest.CaptureFixture[str]) -> None:
    """Pan and zoom over 1,000 boxes: the rate is printed; benchmarks judge it, tests do not."""
    reviewer.start()
    reviewer.page.goto(f"{reviewer.page.url}?boxes=1000")
    reviewer.ready()
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
def test_a_queue_of_the_same_name_is_said_once(reviewer: Reviewer, queue: str, shown: str) -> None:
    """The line says what this is and where it waited."""
    reviewer.reset(queue=queue)
    reviewer.start()
    expect(reviewer.page.locator("[data-schema]")).to_have_text(shown)


def test_a_document_of_no_known_kind_says_why_it_has_no_fields(reviewer: Reviewer) -> None:
    """And can be decided on all the same."""
    reviewer.start()
    reviewer.page.goto(f"{reviewer.page.url}?bare=1")
    expect(reviewer.mark("no-fields")).to_contain_text("no fields to check")
    expect(reviewer.page.locator("[data-schema]")).to_contain_text("Kind not known")
    expect(reviewer.mark("approve")).to_be_enabled()
