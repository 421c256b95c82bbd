"""Opening documents: view, queue, looking without a claim, and claims of other people that lapse."""

import pytest
from playwright.sync_api import expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e
TASK = "00000000-0000-0000-0000-00005eed0003"


def assert_at_full_width_and_top(reviewer: ReviewerPage) -> None:
    """Check that the page fills the stage from side to side, and begins at its top."""
    sheet = reviewer.by_test_id("page-image").bounding_box()
    stage = reviewer.page.locator("[data-viewport]").bounding_box()
    assert sheet
    assert stage
    assert sheet["x"] - stage["x"] == pytest.approx(16, abs=1)
    assert stage["width"] - sheet["width"] == pytest.approx(32, abs=1)
    assert sheet["y"] - stage["y"] == pytest.approx(16, abs=1)


def test_new_document_opens_at_full_width_and_top(reviewer: ReviewerPage) -> None:
    """Also after fields of the last one were visited, which moves the page."""
    reviewer.start_review()
    assert_at_full_width_and_top(reviewer)
    reviewer.press("Enter", "Enter", "Enter", "Enter", "Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    assert_at_full_width_and_top(reviewer)


def test_page_follows_chosen_alternative(reviewer: ReviewerPage) -> None:
    """Another reading from the second page shows that page, and going back returns."""
    reviewer.start_review()
    second = reviewer.page.locator('[data-page="2"]')
    reviewer.press("Tab", "Alt+2")
    expect(reviewer.field("tax")).to_have_value("237.72")
    expect(second).to_have_attribute("aria-current", "true")
    expect(reviewer.by_test_id("box:tax")).to_be_in_viewport()
    reviewer.press("Escape")
    expect(second).not_to_have_attribute("aria-current", "true")


def test_chosen_queue_is_asked_for_again(reviewer: ReviewerPage) -> None:
    """Each following task comes from it, and the address names it."""
    queue = "6f0d1b1e-0000-4000-8000-000000000001"
    reviewer.reset(chosen=queue)
    reviewer.start_review()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    asked = reviewer.received_requests()["next"]
    assert asked
    assert {one.get("queue") for one in asked} == {queue}
    assert reviewer.page.url.endswith(f"/?queue={queue}")


def test_opened_task_is_not_claimed_until_asked(reviewer: ReviewerPage) -> None:
    """Looking claims nothing, not even ahead; the button to claim has the focus."""
    reviewer.page.goto(f"/review/tasks/{TASK}/")
    claim = reviewer.page.get_by_role("button", name="Claim it")
    expect(claim).to_be_focused()
    expect(reviewer.by_test_id("approve")).to_be_disabled()
    reviewer.press("Control+Enter")
    assert set(reviewer.received_requests()["states"].values()) == {"OPEN"}
    claim.press("Enter")
    reviewer.wait_until_ready()
    assert reviewer.received_requests()["states"][TASK] == "CLAIMED"
    reviewer.press("Enter")
    expect(reviewer.by_test_id("confidence:tax")).to_have_text("Checked")


def test_claim_of_other_person_disappears_when_it_lapses(reviewer: ReviewerPage) -> None:
    """No event reports the end of a lease: the page looks again by itself."""
    assert reviewer.page.request.get("/harness/hold?seconds=4").ok
    reviewer.page.goto(f"/review/tasks/{TASK}/")
    banner = reviewer.page.locator("[data-banner]")
    expect(banner).to_contain_text("Omar Operator has claimed this document.")
    assert reviewer.page.request.get("/harness/let-go").ok
    expect(banner).to_contain_text("without a claim")
    expect(reviewer.page.get_by_role("button", name="Claim it")).to_be_visible()
