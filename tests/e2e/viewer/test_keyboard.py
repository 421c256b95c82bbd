"""Keyboard flow: the number of keys per document, and undo."""

import pytest
from playwright.sync_api import expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e


def test_enter_visits_doubtful_fields_from_lowest_confidence(reviewer: ReviewerPage) -> None:
    """Enter confirms the flagged fields by ascending confidence, then rests at a neutral place."""
    reviewer.start_review()
    order = []
    for _ in range(3):
        reviewer.press("Enter")
        order.append(reviewer.focused)
    assert order == ["field:total", "field:supplier", "field:order"]
    reviewer.press("Enter")
    expect(reviewer.page.locator("[data-fields]")).to_be_focused()
    expect(reviewer.page.locator("[data-left]")).to_have_text("All checked")


@pytest.mark.parametrize("flagged", [0, 1, 4, 7])
def test_document_with_flagged_correct_fields_costs_one_key_each(reviewer: ReviewerPage, flagged: int) -> None:
    """A document with F correct flagged fields takes F + 1 keys, then the next one is open."""
    reviewer.reset(count=3, flagged=flagged)
    reviewer.start_review()
    reviewer.press(*["Enter"] * flagged, "Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.received_requests()["submitted"]
    assert sent["decision"] == "approve"
    assert len(sent["corrections"]) == flagged


def test_document_without_flagged_fields_costs_one_key(reviewer: ReviewerPage) -> None:
    """Ctrl+Enter approves every such document, not only the first."""
    reviewer.reset(count=4, flagged=0)
    reviewer.start_review()
    for number in (112, 113, 114):
        reviewer.wait_until_ready()
        reviewer.press("Control+Enter")
        expect(reviewer.title()).to_have_text(f"invoice-2024-{number}.pdf")
    assert len(reviewer.received_requests()["submitted"]) == 3


def test_encrypted_document_can_only_be_rejected(reviewer: ReviewerPage) -> None:
    """Also as the next of several documents, after the response to the last decision."""
    reviewer.reset(count=3, flagged=0, locked=2)
    reviewer.start_review()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    expect(reviewer.by_test_id("reject")).to_be_enabled()
    expect(reviewer.by_test_id("approve")).to_be_disabled()
    reviewer.press("Control+Enter", "Alt+x", "2", "Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    expect(reviewer.by_test_id("approve")).to_be_enabled()
    assert [one["decision"] for one in reviewer.received_requests()["submitted"]] == ["approve", "reject"]


@pytest.mark.parametrize("opens", ["Alt+c", "Alt+e"])
def test_ctrl_enter_in_dialog_does_not_approve(reviewer: ReviewerPage, opens: str) -> None:
    """Ctrl+Enter sends the text without approving in the viewer behind the dialog."""
    reviewer.start_review()
    reviewer.press(opens, "Control+Enter")  # without text it sends nothing either
    reviewer.page.keyboard.type("Looks odd")
    reviewer.press("Control+Enter")
    if opens == "Alt+c":
        expect(reviewer.page.get_by_role("tabpanel").get_by_text("Looks odd")).to_be_visible()
        expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    else:
        expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    assert reviewer.received_requests()["submitted"] == []


def test_next_document_opens_without_page_load(reviewer: ReviewerPage) -> None:
    """The window stays, and the URL is that of the next task."""
    reviewer.start_review()
    reviewer.page.evaluate("window.stillHere = true")
    first = reviewer.page.url
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert reviewer.page.evaluate("window.stillHere")
    assert reviewer.page.url != first
    expect(reviewer.by_test_id("toast")).to_contain_text("4 fields were not looked at")


def test_correction_alternative_suggestion_and_model_value_by_keys(reviewer: ReviewerPage) -> None:
    """Typing corrects, Alt+1 takes another reading, Alt+0 the suggested fix, Escape the model's value."""
    reviewer.start_review()
    reviewer.press("Alt+1")
    expect(reviewer.field("tax")).to_have_value("231.22")
    reviewer.press("Escape")
    expect(reviewer.field("tax")).to_have_value("237.22")
    reviewer.page.keyboard.type("240.00")
    expect(reviewer.field("tax")).to_have_value("240.00")
    reviewer.press("Enter", "Alt+0")
    expect(reviewer.field("total")).to_have_value("1,485.71")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.received_requests()["submitted"]
    assert {edit["field"]: edit["value"] for edit in sent["corrections"]} == {"tax": "240.00", "total": "1,485.71"}


def test_tab_visits_every_field_in_panel_order(reviewer: ReviewerPage) -> None:
    """Tab enters the open field; Tab and Shift+Tab move through fields of any kind, in panel order."""
    reviewer.start_review()
    reviewer.press("Tab")
    assert reviewer.focused == "field:tax"
    reviewer.press("Tab")
    assert reviewer.focused == "field:total"
    reviewer.press("Tab")
    assert reviewer.focused == "field:iban"
    reviewer.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    assert reviewer.focused == "field:net"


def test_tab_and_enter_confirm_every_field_in_panel_order(reviewer: ReviewerPage) -> None:
    """After Enter with nothing left to check, Tab goes on from the confirmed field instead of starting again."""
    reviewer.reset(count=3, flagged=0)
    reviewer.start_review()
    visited = []
    for _ in range(3):
        reviewer.press("Tab")
        visited.append(reviewer.focused)
        reviewer.press("Enter")
    names = reviewer.page.locator("li[data-field] .field__input").evaluate_all(
        "all => all.map(one => one.dataset.testid)"
    )
    assert visited == names[:3]
    reviewer.press("Shift+Tab")
    assert reviewer.focused == names[1]
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.received_requests()["submitted"]
    assert [f"field:{edit['field']}" for edit in sent["corrections"]] == names[:3]


def test_undo_and_redo_work_within_document(reviewer: ReviewerPage) -> None:
    """Continuous typing is one step; undo restores value and focus."""
    reviewer.start_review()
    reviewer.page.keyboard.type("1.00")
    reviewer.press("Enter", "Control+z", "Control+z")
    expect(reviewer.field("tax")).to_have_value("237.22")
    assert reviewer.focused == "field:tax"
    reviewer.press("Control+Shift+Z")
    expect(reviewer.field("tax")).to_have_value("1.00")


def test_undo_reopens_previous_document(reviewer: ReviewerPage) -> None:
    """With nothing to undo here, Ctrl+Z reopens the last document with its entered values."""
    reviewer.start_review()
    reviewer.page.keyboard.type("9.99")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    reviewer.press("Control+z")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    expect(reviewer.field("tax")).to_have_value("9.99")
    reviewer.wait_until_ready()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert [entry["decision"] for entry in reviewer.received_requests()["submitted"]] == ["approve", "undo", "approve"]


def test_reject_asks_for_reason_by_digit(reviewer: ReviewerPage) -> None:
    """Alt+X, then 2, then Enter: rejected with the second reason."""
    reviewer.start_review()
    reviewer.press("Alt+x")
    expect(reviewer.page.get_by_role("dialog")).to_be_visible()
    reviewer.press("2", "Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.received_requests()["submitted"]
    assert (sent["decision"], sent["reason"]) == ("reject", "unreadable")


def test_postpone_and_release_open_next_document(reviewer: ReviewerPage) -> None:
    """Ctrl+Space postpones; the button releases and opens the next document."""
    reviewer.start_review()
    reviewer.press("Control+Space")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    reviewer.by_test_id("next-document").click()
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    assert next(iter(reviewer.received_requests()["states"].values())) == "POSTPONED"


def test_rebound_key_works_at_once_and_after_reload(reviewer: ReviewerPage) -> None:
    """A key set in the overlay works at once and after a reload."""
    reviewer.start_review()
    reviewer.press("F1")
    reviewer.page.locator('[data-rebind="postpone"]').click()
    reviewer.press("Alt+p")
    expect(reviewer.page.locator('[data-rebind="postpone"]')).to_contain_text("P")
    reviewer.press("Escape")
    reviewer.page.reload()
    reviewer.wait_until_ready()
    reviewer.press("Alt+p")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")


def test_characters_in_field_are_typed_not_shortcuts(reviewer: ReviewerPage) -> None:
    """Inside a field 0, +, - and ? are typed; outside they zoom and open the help."""
    reviewer.start_review()
    before = reviewer.view["scale"]
    reviewer.page.keyboard.type("0+-?")
    expect(reviewer.field("tax")).to_have_value("0+-?")
    assert reviewer.view["scale"] == before
    reviewer.by_test_id("approve").focus()
    reviewer.press("+")
    assert reviewer.view["scale"] > before
    reviewer.press("?")
    expect(reviewer.page.get_by_role("dialog")).to_contain_text("All keys")


def test_question_mark_on_untouched_suggestion_opens_help(reviewer: ReviewerPage) -> None:
    """No value begins with one: the help opens without leaving the field, and the value stays."""
    reviewer.start_review()
    before = reviewer.field("tax").input_value()
    reviewer.press("?")
    expect(reviewer.page.get_by_role("dialog")).to_contain_text("All keys")
    expect(reviewer.field("tax")).to_have_value(before)


def test_last_document_leads_to_empty_desk(reviewer: ReviewerPage) -> None:
    """The viewer says that the queue is empty and offers the way back."""
    reviewer.reset(count=1)
    reviewer.start_review()
    reviewer.press("Control+Enter")
    expect(reviewer.page.get_by_role("heading", name="All clear")).to_be_visible()
    expect(reviewer.page.get_by_role("link", name="Back to the desk")).to_be_visible()


def test_leaving_viewer_releases_task_claimed_ahead(reviewer: ReviewerPage) -> None:
    """The open task stays claimed; the one claimed ahead is released."""
    reviewer.start_review()
    assert list(reviewer.received_requests()["states"].values()).count("CLAIMED") == 2
    reviewer.page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Desk").click()
    expect(reviewer.by_test_id("start-reviewing")).to_be_visible()
    assert list(reviewer.received_requests()["states"].values()).count("CLAIMED") == 1
