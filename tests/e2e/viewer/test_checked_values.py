"""Values are read and checked while they are typed, and doubtful ones are confirmed with a reason."""

import pytest
from playwright.sync_api import expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e


def reading(reviewer: ReviewerPage, name: str) -> str:
    """Return the selector of a field's reading."""
    return f'[data-testid="reading:{name}"]'


def test_typed_value_shows_how_it_is_read(reviewer: ReviewerPage) -> None:
    """Under the input, while typing; the model's value shows nothing."""
    reviewer.start_review()
    place = reviewer.page.locator(reading(reviewer, "date"))
    expect(place).to_have_text("")
    reviewer.field("date").fill("16.04.2026")
    expect(place).to_have_text("= 16 Apr 2026")
    reviewer.press("Escape")
    expect(place).to_have_text("")


def test_reading_of_an_earlier_value_is_not_shown(reviewer: ReviewerPage) -> None:
    """While the answer for the present value is on its way, the line under the input is empty."""
    reviewer.start_review()
    place = reviewer.page.locator(reading(reviewer, "date"))
    reviewer.field("date").fill("16.04.2026")
    expect(place).to_have_text("= 16 Apr 2026")
    held = reviewer.hold_requests("**/checks")
    reviewer.field("date").fill("16.04.2027")
    expect(place).to_have_text("")
    expect(reviewer.by_test_id("confidence:date")).to_have_text("Corrected")
    for route in held:
        route.abort()
    reviewer.page.unroute("**/checks")


def test_unreadable_value_shows_why(reviewer: ReviewerPage) -> None:
    """It is not shown as corrected, and never with the machine's confidence."""
    reviewer.start_review()
    reviewer.field("date").fill("soon")
    expect(reviewer.page.locator(reading(reviewer, "date"))).to_have_text("This cannot be read as date.")
    expect(reviewer.by_test_id("confidence:date")).to_have_text("Not valid")
    expect(reviewer.field("date")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("number", "", "This value is required."), ("date", "soon", "This cannot be read as date.")],
)
def test_approval_of_doubtful_value_asks_once_for_reason(
    reviewer: ReviewerPage, name: str, value: str, message: str
) -> None:
    """The dialog names the field; closing it decides nothing; the reason is sent with the decision."""
    reviewer.start_review()
    reviewer.field(name).fill(value)
    reviewer.press("Control+Enter")
    dialog = reviewer.page.get_by_role("dialog")
    expect(dialog).to_contain_text(message)
    reviewer.press("Escape")
    expect(dialog).to_have_count(0)
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    expect(reviewer.by_test_id("approve")).to_be_enabled()
    reviewer.press("Control+Enter")
    expect(dialog).to_be_visible()
    reviewer.press("Control+Enter")
    assert reviewer.received_requests()["submitted"] == []
    reviewer.page.keyboard.type("It is printed so")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.received_requests()["submitted"]
    assert (sent["decision"], sent["reason"]) == ("approve", "It is printed so")


def test_late_question_returns_to_the_document(reviewer: ReviewerPage) -> None:
    """When the answer comes after the next document was opened, the doubtful one is shown again with the question."""
    reviewer.start_review()
    held = reviewer.hold_requests("**/submit")
    reviewer.field("date").fill("soon")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    held[0].continue_()
    reviewer.page.unroute("**/submit")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    expect(reviewer.page.get_by_role("dialog")).to_contain_text("Invoice date")
    reviewer.page.keyboard.type("Undated")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.received_requests()["submitted"]
    assert {"field": "date", "value": "soon"}.items() <= next(
        one for one in sent["corrections"] if one["field"] == "date"
    ).items()


def test_resolved_issue_is_struck_and_counted_down(reviewer: ReviewerPage) -> None:
    """The checks run with the typed values; going back to the old value opens the issue again."""
    reviewer.start_review()
    issue, count = reviewer.by_test_id("issue:TOTALS"), reviewer.page.locator("[data-count=issues]")
    expect(count).to_have_text("2")
    reviewer.field("total").click()
    reviewer.press("Alt+0")
    expect(issue).to_have_attribute("data-state", "resolved")
    expect(issue.locator("s")).to_have_text("Total does not match the lines")
    expect(issue).to_contain_text("Resolved")
    expect(count).to_have_text("1")
    reviewer.press("Escape")
    expect(issue).to_have_attribute("data-state", "open")
    expect(count).to_have_text("2")


def test_confirmed_value_accepts_its_issue(reviewer: ReviewerPage) -> None:
    """The value is right, so the issue needs nobody any more."""
    reviewer.start_review()
    reviewer.field("total").click()
    reviewer.press("Enter")
    expect(reviewer.by_test_id("issue:TOTALS")).to_contain_text("Accepted by you")
    expect(reviewer.page.locator("[data-count=issues]")).to_have_text("1")


def test_accepted_issue_says_by_whom(reviewer: ReviewerPage) -> None:
    """An earlier reviewer is named."""
    reviewer.reset(accepted="Mara+Manager")
    reviewer.start_review()
    expect(reviewer.by_test_id("issue:SUPPLIER_UNKNOWN")).to_contain_text("Accepted by Mara Manager")
    expect(reviewer.page.locator("[data-count=issues]")).to_have_text("1")
