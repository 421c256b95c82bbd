"""Reprocessing in the browser: selection in the list, comparison pages, applying and dropping."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e
KEY = "00000000-0000-0000-0000-00005eed0001"


def received_requests(page: Page) -> list[str]:
    """Return the data that the server received."""
    found: list[str] = page.request.get("/harness/seen").json()["reprocess"]
    return found


def test_selection_is_kept_when_list_is_refreshed(page: Page) -> None:
    """The list is fetched again with each event; the selection above it is kept."""
    page.request.get("/harness/reset")
    page.goto("/documents/")
    bar = page.locator("[data-chosen]")
    expect(bar).to_be_hidden()
    page.locator("input[name=document]").first.check()
    expect(bar).to_contain_text("1 document chosen")
    with page.expect_response(lambda answer: "part=rows" in answer.url):
        page.evaluate("document.querySelector('#documents').dispatchEvent(new CustomEvent('live'))")
    expect(page.locator("input[name=document]").first).to_be_checked()
    bar.get_by_text("Reprocess with…").click()
    bar.get_by_role("button", name="Fast").click()
    page.wait_for_url("**/documents/")
    assert [line.split(" ")[:2] for line in received_requests(page)] == [["/documents/reprocess", "fast"]]
    assert KEY in received_requests(page)[0]


def test_select_all_and_none_work(page: Page) -> None:
    """By the check box in the header, and by a button."""
    page.goto("/documents/")
    page.get_by_label("Choose all on this page").check()
    boxes = page.locator("input[name=document]")
    assert all(boxes.nth(index).is_checked() for index in range(boxes.count()))
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator("[data-chosen]")).to_be_hidden()
    assert not any(boxes.nth(index).is_checked() for index in range(boxes.count()))


def test_comparison_page_changes_without_reload(page: Page) -> None:
    """The words of the other page replace the current ones, and the URL changes."""
    page.goto(f"/documents/{KEY}/reprocessings/{KEY}/")
    page.evaluate("window.here = true")
    with page.expect_response(lambda answer: "part=words&page=2" in answer.url):
        page.get_by_role("link", name="Page 2").click()
    page.wait_for_url("**/?page=2")
    expect(page.locator("#words")).to_have_count(1)
    assert page.evaluate("window.here")


@pytest.mark.parametrize(("mark", "end"), [("apply-reprocessing", "apply"), ("drop-reprocessing", "drop")])
def test_comparison_is_applied_or_dropped_by_one_click(page: Page, mark: str, end: str) -> None:
    """Each by a separate button."""
    page.request.get("/harness/reset")
    page.goto(f"/documents/{KEY}/reprocessings/{KEY}/")
    page.get_by_test_id(mark).click()
    page.wait_for_url("**/documents/")
    assert received_requests(page) == [f"/documents/{KEY}/reprocessings/{KEY}/{end}"]


def test_bulk_selection_is_applied_and_kept_on_refresh(page: Page) -> None:
    """Improvements are applied by one button; selected entries stay selected while the list changes."""
    page.request.get("/harness/reset")
    page.goto("/documents/reprocessings/")
    expect(page.get_by_test_id("reprocessings-sum")).to_contain_text("4 reprocessings await your decision")
    page.get_by_label("Choose letter.pdf").check()
    with page.expect_response(lambda answer: "part=reprocessings" in answer.url):
        page.evaluate("document.querySelector('#reprocessings').dispatchEvent(new CustomEvent('live'))")
    expect(page.get_by_label("Choose letter.pdf")).to_be_checked()
    page.get_by_test_id("drop-chosen").click()
    page.wait_for_url("**/documents/reprocessings/")
    page.get_by_test_id("apply-improvements").click()
    page.wait_for_url("**/documents/reprocessings/")
    choose = "/documents/reprocessings/choose"
    assert received_requests(page) == [
        f"{choose} drop 00000000-0000-0000-0000-000000000002",
        f"{choose} apply-improvements",
    ]
