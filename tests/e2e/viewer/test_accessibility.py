"""Every page checked by axe-core, light and dark, at desktop and tablet size; and the page frame."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e
Scheme = Literal["light", "dark"]
KEY = "00000000-0000-0000-0000-00005eed0001"
PAGES = {
    "desk": "/",
    "empty desk": "/?empty=1",
    "documents": "/documents/",
    "record": f"/documents/{KEY}/",
    "record of a locked file": f"/documents/{KEY}/?locked=1",
    "documents with other readings": "/documents/?open=3",
    "record with another reading": f"/documents/{KEY}/?other=ready",
    "another reading": f"/documents/{KEY}/reprocessings/{KEY}/",
    "another reading under way": f"/documents/{KEY}/reprocessings/{KEY}/?status=reading",
    "another reading failed": f"/documents/{KEY}/reprocessings/{KEY}/?status=failed",
    "other readings": "/documents/reprocessings/",
    "no other readings": "/documents/reprocessings/?empty=1",
    "batches": "/batches/",
    "batch": f"/batches/{KEY}/",
    "models": "/models/",
    "no models": "/models/?empty=1",
    "sign in": "/sign-in/",
    "not found": "/404/",
}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """Return the findings of axe, one line each."""
    page.evaluate("document.getAnimations().forEach(a => a.finish())")
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 768])
def test_pages_have_no_accessibility_violations(chromium: Browser, harness: str, scheme: Scheme, width: int) -> None:
    """WCAG 2.2 AA and axe's best practices, on every page."""
    context = chromium.new_context(viewport={"width": width, "height": 1024}, color_scheme=scheme, base_url=harness)
    page = context.new_page()
    found = {}
    for name, address in PAGES.items():
        page.goto(address)
        found[name] = violations(page)
    reviewer = ReviewerPage(page)
    reviewer.reset()
    reviewer.start_review()
    found["viewer"] = violations(page)
    reviewer.press("F1")
    found["keys"] = violations(page)
    reviewer.press("Escape", "Alt+x")
    found["reasons"] = violations(page)
    context.close()
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("address", [*PAGES.values()])
def test_pages_at_400_percent_zoom_do_not_overflow(page: Page, address: str) -> None:
    """At 320 CSS pixels (a screen at 400 %) a page scrolls in one direction only."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_new_batch_name_and_button_share_a_line(page: Page) -> None:
    """There is enough space for both."""
    page.goto("/batches/")
    name = page.get_by_role("textbox", name="Name of the new batch").bounding_box()
    button = page.get_by_role("button", name="New batch").bounding_box()
    assert name is not None
    assert button is not None
    assert name["x"] + name["width"] <= button["x"]
    assert abs(name["y"] + name["height"] / 2 - button["y"] - button["height"] / 2) < 2


def test_command_palette_finds_pages_and_documents(page: Page) -> None:
    """Ctrl+K, a few letters, Enter."""
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("inv")
    expect(page.get_by_role("option", name="invoice-2024-118.pdf")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("batch")
    expect(page.get_by_role("listbox", name="Results").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/")


def test_theme_choice_is_kept_across_pages(page: Page) -> None:
    """The choice applies before the first paint of the next page."""
    page.goto("/")
    page.get_by_label("You and your settings").click()
    page.get_by_role("button", name="Dark").click()
    page.goto("/documents/")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_multiple_uploads_report_individual_results(page: Page) -> None:
    """Files are uploaded in parallel; a duplicate is distinguished from a new file."""
    page.goto("/documents/")
    content = b"%PDF-1.7 harness"
    files: Any = [{"name": n, "mimeType": "application/pdf", "buffer": content} for n in ("once.pdf", "twice.pdf")]
    page.get_by_test_id("upload").set_input_files(files)
    lines = page.locator("[data-upload-list] li")
    expect(lines.filter(has_text="once.pdf")).to_contain_text("Received")
    expect(lines.filter(has_text="twice.pdf")).to_contain_text("Already here")
    expect(page.get_by_test_id("toast")).to_have_text("2 files received.")


def test_rejected_uploads_stay_visible(page: Page) -> None:
    """Above the files that were received, also after a reload, until they are dismissed; the message counts them."""
    page.goto("/documents/")
    content = b"MZ harness"
    files: Any = [
        {"name": n, "mimeType": "text/plain", "buffer": content} for n in ("setup.exe", "once.pdf", "two.pdf")
    ]
    page.get_by_test_id("upload").set_input_files(files)
    expect(page.get_by_test_id("toast")).to_have_text("2 files received. 1 file was not accepted.")
    lines = page.locator("[data-upload-list] li")
    expect(lines.first).to_contain_text("setup.exe")
    expect(lines.first).to_contain_text("Files of this kind are not read.")
    page.reload()
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("Files of this kind are not read.")
    lines.get_by_role("button", name="Dismiss").click()
    expect(lines).to_have_count(0)
    page.reload()
    expect(page.locator("[data-upload-card]")).to_be_hidden()


def test_live_state_without_socket_reports_polling(page: Page) -> None:
    """Without a socket the page says how it is updated."""
    page.goto("/")
    expect(page.get_by_test_id("live-state")).to_have_text("Checking every 15 s")


def test_right_to_left_direction_mirrors_layout(page: Page) -> None:
    """The navigation rail is at the start of the line, and nothing is cut off."""
    page.goto("/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    rail = page.get_by_role("navigation", name="Sections").bounding_box()
    assert rail
    assert rail["x"] + rail["width"] == pytest.approx(1440)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


@pytest.mark.parametrize("width", [1440, 768, 320])
@pytest.mark.parametrize("address", ["/documents/", f"/batches/{KEY}/"])
def test_long_file_name_wraps_without_overflow(page: Page, address: str, width: int) -> None:
    """File names can be very long; no list becomes wider than the screen."""
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(address)
    page.evaluate("for (const a of document.querySelectorAll('.table__main')) a.textContent = 'x'.repeat(140)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
