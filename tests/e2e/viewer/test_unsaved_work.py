"""No typed value is lost: offline, signed out, with a killed tab, in two tabs, after a lost lease."""

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e


def saved_drafts(reviewer: ReviewerPage) -> dict[str, str]:
    """Return the values of all drafts on the server."""
    drafts = reviewer.received_requests()["drafts"].values()
    return {name: entry["value"] for draft in drafts for name, entry in draft["values"].items()}


def test_draft_is_saved_automatically(reviewer: ReviewerPage) -> None:
    """Typing is enough; the page says that the draft is saved."""
    reviewer.start_review()
    reviewer.page.keyboard.type("5.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    assert saved_drafts(reviewer) == {"tax": "5.00"}


def test_draft_offline_is_kept_on_device_and_sent_later(reviewer: ReviewerPage, context: BrowserContext) -> None:
    """Offline, the page says where the draft is; online it is sent automatically."""
    reviewer.start_review()
    context.set_offline(True)
    reviewer.page.keyboard.type("6.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Kept on this device")
    context.set_offline(False)
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    assert saved_drafts(reviewer) == {"tax": "6.00"}


def test_draft_of_closed_tab_is_restored(reviewer: ReviewerPage, context: BrowserContext) -> None:
    """An unsent draft is restored from the device when the task is opened again."""
    reviewer.start_review()
    address = reviewer.page.url
    context.set_offline(True)
    reviewer.page.keyboard.type("7.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Kept on this device")
    reviewer.page.close(run_before_unload=False)
    context.set_offline(False)
    again = ReviewerPage(context.new_page())
    again.page.goto(address)
    again.wait_until_ready()
    expect(again.field("tax")).to_have_value("7.00")
    expect(again.page.locator("[data-draft]")).to_have_text("Saved")
    assert saved_drafts(again) == {"tax": "7.00"}


def test_draft_is_sent_after_new_sign_in(reviewer: ReviewerPage) -> None:
    """A 401 asks to sign in in another tab; then the same draft is sent and the dialog closes."""
    reviewer.start_review()
    signed_out = True

    def refuse(route: Route) -> None:
        if signed_out:
            route.fulfill(status=401, json={"title": "Not signed in"})
        else:
            route.fallback()

    reviewer.page.route("**/draft", refuse)
    reviewer.page.keyboard.type("8.00")
    expect(reviewer.page.get_by_role("dialog")).to_contain_text("You were signed out")
    signed_out = False
    reviewer.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(reviewer.page.get_by_role("dialog")).to_have_count(0)
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    assert saved_drafts(reviewer) == {"tax": "8.00"}


def test_drafts_in_two_tabs_are_merged(reviewer: ReviewerPage, context: BrowserContext) -> None:
    """A value typed in one tab appears in the other, and neither overwrites the other's field."""
    reviewer.start_review()
    second = ReviewerPage(context.new_page())
    second.page.goto(reviewer.page.url)
    second.wait_until_ready()
    second.field("date").fill("1 May 2024")
    expect(reviewer.field("date")).to_have_value("1 May 2024")
    reviewer.page.bring_to_front()
    reviewer.field("tax").fill("4.00")
    expect(second.field("tax")).to_have_value("4.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    expect(second.page.locator("[data-draft]")).to_have_text("Saved")
    assert saved_drafts(reviewer) == {"date": "1 May 2024", "tax": "4.00"}


def test_draft_from_other_device_is_merged(reviewer: ReviewerPage) -> None:
    """A later revision on the server is merged: this device's fields stay, the others are taken over."""
    reviewer.start_review()
    task = reviewer.page.url.rstrip("/").rsplit("/", 1)[-1]
    entry = {"value": "Elsewhere Ltd", "confirmed": False, "page": 1, "bbox": None}
    token = reviewer.page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    answer = reviewer.page.request.post(
        f"/v1/review/tasks/{task}/draft",
        data={"revision": 0, "values": {"customer": entry}},
        headers={"X-CSRFToken": token},
    )
    assert answer.ok
    reviewer.page.keyboard.type("3.00")
    expect(reviewer.field("customer")).to_have_value("Elsewhere Ltd")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    assert saved_drafts(reviewer) == {"tax": "3.00", "customer": "Elsewhere Ltd"}


def test_lost_lease_keeps_draft_and_offers_claim(reviewer: ReviewerPage) -> None:
    """A decision refused for a lost lease changes nothing; the page says who has the task and offers to claim it."""
    reviewer.start_review()
    reviewer.page.keyboard.type("2.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    reviewer.page.evaluate("document.querySelector('[data-viewer]').viewer.session.open.payload.lease.token = 'gone'")
    reviewer.page.evaluate("document.querySelector('[data-viewer]').viewer.session.open.lease.sendHeartbeat()")
    expect(reviewer.page.locator("[data-banner]")).to_contain_text("Omar Operator")
    expect(reviewer.by_test_id("approve")).to_be_disabled()
    expect(reviewer.field("tax")).to_have_value("2.00")
    reviewer.page.get_by_role("button", name="Claim it again").click()
    expect(reviewer.by_test_id("approve")).to_be_enabled()
    expect(reviewer.field("tax")).to_have_value("2.00")


def test_decision_offline_is_not_sent_and_can_be_repeated(reviewer: ReviewerPage, context: BrowserContext) -> None:
    """Offline, approving decides nothing and says so; the same key works when online again."""
    reviewer.start_review()
    context.set_offline(True)
    reviewer.press("Control+Enter")
    expect(reviewer.by_test_id("toast")).to_contain_text("Nothing was sent")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    context.set_offline(False)
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert len(reviewer.received_requests()["submitted"]) == 1


def test_slow_submit_does_not_block_next_document(reviewer: ReviewerPage) -> None:
    """The next document is open while the decision is sent; it counts as decided after the response."""
    reviewer.start_review()
    held = reviewer.hold_requests("**/submit")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    expect(reviewer.by_test_id("toast")).to_have_count(0)
    held[0].continue_()
    expect(reviewer.by_test_id("toast")).to_contain_text("invoice-2024-111.pdf approved")
    reviewer.wait_until_ready()
    assert len(reviewer.received_requests()["submitted"]) == 1


def test_failed_slow_submit_returns_document_with_draft(reviewer: ReviewerPage) -> None:
    """After a failed decision the document returns with all typed values; the next document waits."""
    reviewer.start_review()
    held = reviewer.hold_requests("**/submit")
    reviewer.page.keyboard.type("1.11")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    held[0].fulfill(status=503, json={"title": "Unavailable"})
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    expect(reviewer.field("tax")).to_have_value("1.11")
    expect(reviewer.by_test_id("toast")).to_contain_text("Nothing was decided")
    reviewer.page.unroute("**/submit")
    expect(reviewer.by_test_id("approve")).to_be_enabled()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
