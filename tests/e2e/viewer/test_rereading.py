"""Reading documents again, in the browser: choosing in the list, looking at pages, taking and leaving."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e
KEY = "00000000-0000-0000-0000-00005eed0001"


def posted(page: Page) -> list[str]:
    """Give what reached the server."""
    found: list[str] = page.request.get("/harness/seen").json()["reread"]
    return found


def test_what_is_chosen_stays_chosen_while_the_list_moves(page: Page) -> None:
    """The list is fetched again with each event; the choice above it is the reader's own."""
    page.request.get("/harness/reset")
    page.goto("/documents/")
    bar = page.locator("[data-chosen]")
    expect(bar).to_be_hidden()
    page.locator("input[name=document]").first.check()
    expect(bar).to_contain_text("1 document chosen")
    with page.expect_response(lambda answer: "part=rows" in answer.url):
        page.evaluate("document.querySelector('#documents').dispatchEvent(new CustomEvent('live'))")
    expect(page.locator("input[name=document]").first).to_be_checked()
    bar.get_by_text("Read again with…").click()
    bar.get_by_role("button", name="Quickly").click()
    page.wait_for_url("**/documents/")
    assert [line.split(" ")[:2] for line in posted(page)] == [["/documents/reread", "fast"]]
    assert KEY in posted(page)[0]


def test_choosing_all_and_none(page: Page) -> None:
    """By the box in the head, and by a button."""
    page.goto("/documents/")
    page.get_by_label("Choose all on this page").check()
    boxes = page.locator("input[name=document]")
    assert all(boxes.nth(index).is_checked() for index in range(boxes.count()))
    page.get_by_role("button", name="Choose none").click()
    expect(page.locator("[data-chosen]")).to_be_hidden()
    assert not any(boxes.nth(index).is_checked() for index in range(boxes.count()))


def test_a_page_of_the_comparison_comes_without_a_reload(page: Page) -> None:
    """Its words take the place of the other's, under an address of their own."""
    page.goto(f"/documents/{KEY}/rereadings/{KEY}/")
    page.evaluate("window.here = true")
    with page.expect_response(lambda answer: "part=words&page=2" in answer.url):
        page.get_by_role("link", name="Page 2").click()
    page.wait_for_url("**/?page=2")
    expect(page.locator("#words")).to_have_count(1)
    assert page.evaluate("window.here")


@pytest.mark.parametrize(("mark", "end"), [("apply-rereading", "apply"), ("drop-rereading", "drop")])
def test_it_is_taken_or_left_by_one_press(page: Page, mark: str, end: str) -> None:
    """Each by its own button."""
    page.request.get("/harness/reset")
    page.goto(f"/documents/{KEY}/rereadings/{KEY}/")
    page.get_by_test_id(mark).click()
    page.wait_for_url("**/documents/")
    assert posted(page) == [f"/documents/{KEY}/rereadings/{KEY}/{end}"]


def test_many_are_taken_at_once(page: Page) -> None:
    """Those that only improve by one press; chosen ones stay chosen while the list moves."""
    page.request.get("/harness/reset")
    page.goto("/documents/rereadings/")
    expect(page.get_by_test_id("rereadings-sum")).to_contain_text("4 readings wait for your choice")
    page.get_by_label("Choose letter.pdf").check()
    with page.expect_response(lambda answer: "part=rereadings" in answer.url):
        page.evaluate("document.querySelector('#rereadings').dispatchEvent(new CustomEvent('live'))")
    expect(page.get_by_label("Choose letter.pdf")).to_be_checked()
    page.get_by_test_id("drop-chosen").click()
    page.wait_for_url("**/documents/rereadings/")
    page.get_by_test_id("take-better").click()
    page.wait_for_url("**/documents/rereadings/")
    choose = "/documents/rereadings/choose"
    assert posted(page) == [f"{choose} drop 00000000-0000-0000-0000-000000000002", f"{choose} take-better"]
