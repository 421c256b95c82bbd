"""Worker exports on the record page: requested by a button, shown automatically."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e
RECORD = "/documents/00000000-0000-0000-0000-00005eed0001/"


def test_export_button_becomes_download_link(page: Page) -> None:
    """By keyboard: requested, awaited and downloaded without losing the focus."""
    ReviewerPage(page).reset()
    page.goto(RECORD)
    line = page.locator("[data-export=label-studio]")
    line.get_by_role("button", name="Make Label Studio").press("Enter")
    waiting = line.get_by_role("button", name="In progress")
    expect(waiting).to_be_focused()
    waiting.evaluate("button => button.dataset.kept = 'yes'")
    for _ in range(2):  # repeated: without changes nothing is replaced
        with page.expect_response(lambda answer: answer.url.endswith("/exports?waiting=1")) as polled:
            pass
        assert polled.value.status == 204
    expect(waiting).to_have_attribute("data-kept", "yes")
    page.request.get("/harness/finish")
    link = line.get_by_role("link", name="Download Label Studio")
    expect(link).to_be_focused()
    expect(line.get_by_role("button", name="Make Label Studio again")).to_be_visible()
    expect(page.locator("#exports [hx-trigger]")).to_have_count(0)


def test_failed_export_shows_reason_and_can_be_requested_again(page: Page) -> None:
    """The reason is shown next to it."""
    ReviewerPage(page).reset()
    page.goto(RECORD)
    line = page.locator("[data-export=old]")
    expect(line).to_contain_text("Failed")
    expect(line).to_contain_text("there is no page to export")
    line.get_by_role("button", name="Make Another form again").click()
    expect(line.get_by_role("button", name="In progress")).to_be_visible()
