"""Exports that a worker makes, from the record: asked for by a button, there by themselves."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.viewer.reviewer import Reviewer

pytestmark = pytest.mark.e2e
RECORD = "/documents/00000000-0000-0000-0000-00005eed0001/"


def test_an_export_turns_into_its_link(page: Page) -> None:
    """By keyboard: pressed, waited for in silence, downloaded; the focus never leaves it."""
    Reviewer(page).reset()
    page.goto(RECORD)
    line = page.locator("[data-export=label-studio]")
    line.get_by_role("button", name="Make Label Studio").press("Enter")
    waiting = line.get_by_role("button", name="Being made")
    expect(waiting).to_be_focused()
    waiting.evaluate("button => button.dataset.kept = 'yes'")
    for _ in range(2):  # asked twice: as nothing is new, nothing is put in its place
        with page.expect_response(lambda answer: answer.url.endswith("/exports?waiting=1")) as polled:
            pass
        assert polled.value.status == 204
    expect(waiting).to_have_attribute("data-kept", "yes")
    page.request.get("/harness/finish")
    link = line.get_by_role("link", name="Download Label Studio")
    expect(link).to_be_focused()
    expect(line.get_by_role("button", name="Make Label Studio again")).to_be_visible()
    expect(page.locator("#exports [hx-trigger]")).to_have_count(0)


def test_what_could_not_be_made_can_be_asked_for_again(page: Page) -> None:
    """With the reason beside it."""
    Reviewer(page).reset()
    page.goto(RECORD)
    line = page.locator("[data-export=old]")
    expect(line).to_contain_text("Could not be made")
    expect(line).to_contain_text("there is no page to export")
    line.get_by_role("button", name="Make Another form again").click()
    expect(line.get_by_role("button", name="Being made")).to_be_visible()
