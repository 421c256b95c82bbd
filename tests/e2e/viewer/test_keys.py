"""The keyboard flow: what costs one key, what can be taken back."""

import pytest
from playwright.sync_api import expect

from tests.e2e.viewer.reviewer import Reviewer

pytestmark = pytest.mark.e2e


def test_lowest_confidence_is_asked_first(reviewer: Reviewer) -> None:
    """Enter walks the doubtful fields from the least sure to the surest, then to Approve."""
    reviewer.start()
    order = []
    for _ in range(4):
        order.append(reviewer.focused)
        reviewer.press("Enter")
    assert order == ["field:tax", "field:total", "field:supplier", "field:order"]
    assert reviewer.focused == "approve"


@pytest.mark.parametrize("flagged", [0, 1, 4, 7])
def test_flagged_but_right_costs_one_key_each(reviewer: Reviewer, flagged: int) -> None:
    """A document with F flagged fields that are right takes F + 1 keys, and the next one is there."""
    reviewer.reset(count=3, flagged=flagged)
    reviewer.start()
    reviewer.press(*["Enter"] * (flagged + 1))
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.seen()["submitted"]
    assert sent["decision"] == "approve"
    assert len(sent["corrections"]) == flagged


def test_documents_with_nothing_to_check_cost_one_key_each(reviewer: Reviewer) -> None:
    """Approve has the focus on every one of them, not on the first alone."""
    reviewer.reset(count=4, flagged=0)
    reviewer.start()
    for number in (112, 113, 114):
        expect(reviewer.mark("approve")).to_be_focused()
        reviewer.press("Enter")
        expect(reviewer.title()).to_have_text(f"invoice-2024-{number}.pdf")
    assert len(reviewer.seen()["submitted"]) == 3


def test_a_locked_file_can_be_rejected_and_no_more(reviewer: Reviewer) -> None:
    """Also as the next of several, when the last decision is answered."""
    reviewer.reset(count=3, flagged=0, locked=2)
    reviewer.start()
    reviewer.press("Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    expect(reviewer.mark("reject")).to_be_enabled()
    expect(reviewer.mark("approve")).to_be_disabled()
    reviewer.press("Control+Enter", "Control+Backspace", "2")
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    expect(reviewer.mark("approve")).to_be_enabled()
    assert [one["decision"] for one in reviewer.seen()["submitted"]] == ["approve", "reject"]


@pytest.mark.parametrize("opens", ["Alt+c", "Alt+e"])
def test_what_a_question_is_answered_with_decides_nothing(reviewer: Reviewer, opens: str) -> None:
    """Ctrl+Enter sends the text; the viewer behind it does not take it for an approval."""
    reviewer.start()
    reviewer.press(opens, "Control+Enter")  # with nothing written it sends nothing either
    reviewer.page.keyboard.type("Looks odd")
    reviewer.press("Control+Enter")
    if opens == "Alt+c":
        expect(reviewer.page.get_by_role("tabpanel").get_by_text("Looks odd")).to_be_visible()
        expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    else:
        expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.ready()
    assert reviewer.seen()["submitted"] == []


def test_the_next_document_comes_without_loading_a_page(reviewer: Reviewer) -> None:
    """The window lives on, the address is the next task's own."""
    reviewer.start()
    reviewer.page.evaluate("window.stillHere = true")
    first = reviewer.page.url
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert reviewer.page.evaluate("window.stillHere")
    assert reviewer.page.url != first
    expect(reviewer.mark("toast")).to_contain_text("4 fields were not looked at")


def test_correction_alternative_fix_and_the_models_value(reviewer: Reviewer) -> None:
    """Typing corrects, Alt+1 takes another reading, Alt+0 the fix, Escape the model's value."""
    reviewer.start()
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
    (sent,) = reviewer.seen()["submitted"]
    assert {edit["field"]: edit["value"] for edit in sent["corrections"]} == {"tax": "240.00", "total": "1,485.71"}


def test_tab_visits_every_field(reviewer: Reviewer) -> None:
    """Tab and Shift+Tab go through fields of any kind, in the panel's order."""
    reviewer.start()
    reviewer.press("Tab")
    assert reviewer.focused == "field:total"
    reviewer.press("Tab")
    assert reviewer.focused == "field:iban"
    reviewer.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    assert reviewer.focused == "field:net"


def test_undo_and_redo_within_a_document(reviewer: Reviewer) -> None:
    """A burst of typing is one step; undo brings back value and focus."""
    reviewer.start()
    reviewer.page.keyboard.type("1.00")
    reviewer.press("Enter", "Control+z", "Control+z")
    expect(reviewer.field("tax")).to_have_value("237.22")
    assert reviewer.focused == "field:tax"
    reviewer.press("Control+Shift+Z")
    expect(reviewer.field("tax")).to_have_value("1.00")


def test_undo_goes_back_over_the_last_document(reviewer: Reviewer) -> None:
    """With nothing to undo here, Ctrl+Z opens the last document again, its work as it was left."""
    reviewer.start()
    reviewer.page.keyboard.type("9.99")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.ready()
    reviewer.press("Control+z")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    expect(reviewer.field("tax")).to_have_value("9.99")
    expect(reviewer.mark("approve")).to_be_enabled()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert [entry["decision"] for entry in reviewer.seen()["submitted"]] == ["approve", "undo", "approve"]


def test_reject_asks_for_a_digit(reviewer: Reviewer) -> None:
    """Ctrl+Backspace, then 2: rejected with the second reason."""
    reviewer.start()
    reviewer.press("Control+Backspace")
    expect(reviewer.page.get_by_role("dialog")).to_be_visible()
    reviewer.press("2")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.seen()["submitted"]
    assert (sent["decision"], sent["reason"]) == ("reject", "unreadable")


def test_postpone_and_give_back(reviewer: Reviewer) -> None:
    """Ctrl+Space postpones; the button gives back and opens the next."""
    reviewer.start()
    reviewer.press("Control+Space")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.ready()
    reviewer.mark("next-document").click()
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    assert next(iter(reviewer.seen()["states"].values())) == "POSTPONED"


def test_keys_can_be_changed_and_stay_so(reviewer: Reviewer) -> None:
    """A key given in the overlay works at once and after a reload."""
    reviewer.start()
    reviewer.press("F1")
    reviewer.page.locator('[data-rebind="postpone"]').click()
    reviewer.press("Alt+p")
    expect(reviewer.page.locator('[data-rebind="postpone"]')).to_contain_text("P")
    reviewer.press("Escape")
    reviewer.page.reload()
    reviewer.ready()
    reviewer.press("Alt+p")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")


def test_characters_are_typed_not_taken_as_keys(reviewer: Reviewer) -> None:
    """Inside a field 0, +, - and ? write; outside they zoom and explain."""
    reviewer.start()
    before = reviewer.view["scale"]
    reviewer.page.keyboard.type("0+-?")
    expect(reviewer.field("tax")).to_have_value("0+-?")
    assert reviewer.view["scale"] == before
    reviewer.mark("approve").focus()
    reviewer.press("+")
    assert reviewer.view["scale"] > before
    reviewer.press("?")
    expect(reviewer.page.get_by_role("dialog")).to_contain_text("All keys")


def test_a_question_mark_over_an_untouched_suggestion_explains(reviewer: Reviewer) -> None:
    """No value begins with one: the reviewer need not leave the field to see all keys, and the value stays."""
    reviewer.start()
    before = reviewer.field("tax").input_value()
    reviewer.press("?")
    expect(reviewer.page.get_by_role("dialog")).to_contain_text("All keys")
    expect(reviewer.field("tax")).to_have_value(before)


def test_the_last_document_ends_in_an_empty_desk(reviewer: Reviewer) -> None:
    """When nothing waits, the viewer says so and offers the way back."""
    reviewer.reset(count=1)
    reviewer.start()
    reviewer.press("Control+Enter")
    expect(reviewer.page.get_by_role("heading", name="All clear")).to_be_visible()
    expect(reviewer.page.get_by_role("link", name="Back to the desk")).to_be_visible()


def test_a_waiting_task_opened_by_its_address_is_claimed(reviewer: Reviewer) -> None:
    """Whoever opens a task from the desk's table works on it at once, and it stays where the address says."""
    reviewer.page.goto("/review/tasks/00000000-0000-0000-0000-00005eed0003/")
    reviewer.ready()
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    reviewer.press("Enter")
    expect(reviewer.mark("confidence:tax")).to_have_text("Checked")
    assert reviewer.seen()["states"]["00000000-0000-0000-0000-00005eed0003"] == "CLAIMED"


def test_leaving_gives_back_what_was_claimed_ahead(reviewer: Reviewer) -> None:
    """The task in work stays claimed; the one behind it is for others."""
    reviewer.start()
    assert list(reviewer.seen()["states"].values()).count("CLAIMED") == 2
    reviewer.page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Desk").click()
    expect(reviewer.mark("start-reviewing")).to_be_visible()
    assert list(reviewer.seen()["states"].values()).count("CLAIMED") == 1
