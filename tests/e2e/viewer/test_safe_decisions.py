"""No key decides by accident: held keys, keys meant for the last document, single keys, deleted words."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.viewer.reviewer import ReviewerPage

pytestmark = pytest.mark.e2e

HOLD_ARMING = """
  window.arming = [];
  const later = window.setTimeout.bind(window);
  window.setTimeout = (work, delay, ...rest) => {
    if (delay !== 700) return later(work, delay, ...rest);
    window.arming.push(work);
    document.documentElement.dataset.arming = "held";
  };
"""


def hold_key(reviewer: ReviewerPage, key: str, times: int = 12) -> None:
    """Hold a key down: the first event is a press, the others are repetitions."""
    for _ in range(times):
        reviewer.page.keyboard.down(key)
    reviewer.page.keyboard.up(key)


def confirmed_fields(reviewer: ReviewerPage) -> list[str]:
    """Return the names of the fields that are marked as checked."""
    found: list[str] = reviewer.page.evaluate(
        "document.querySelector('[data-viewer]').viewer.work.fields.map((f) => f.name)"
        ".filter((name) => document.querySelector('[data-viewer]').viewer.work.entry(name).confirmed)"
    )
    return found


def test_held_enter_confirms_one_field(reviewer: ReviewerPage) -> None:
    """Its repetitions are ignored."""
    reviewer.start_review()
    hold_key(reviewer, "Enter")
    assert confirmed_fields(reviewer) == ["tax"]
    assert reviewer.focused == "field:total"
    assert reviewer.received_requests()["submitted"] == []


@pytest.mark.parametrize("flagged", [0, 4])
def test_enter_never_approves(reviewer: ReviewerPage, flagged: int) -> None:
    """However often it is pressed, on documents with and without doubtful fields."""
    reviewer.reset(count=3, flagged=flagged)
    reviewer.start_review()
    reviewer.press(*["Enter"] * 20)
    hold_key(reviewer, "Enter")
    hold_key(reviewer, "Space")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    assert reviewer.received_requests()["submitted"] == []
    expect(reviewer.page.locator("[data-fields]")).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_approve_button_has_its_own_key(reviewer: ReviewerPage, key: str) -> None:
    """Enter and the space bar on the focused button name the key that approves."""
    reviewer.start_review()
    reviewer.by_test_id("approve").focus()
    reviewer.press(key)
    expect(reviewer.by_test_id("toast")).to_have_text("Ctrl+Enter approves the document.")
    assert reviewer.received_requests()["submitted"] == []
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert len(reviewer.received_requests()["submitted"]) == 1


def test_held_enter_on_desk_starts_review_once(reviewer: ReviewerPage) -> None:
    """The key is still down when the first document opens."""
    reviewer.page.goto("/")
    expect(reviewer.by_test_id("start-reviewing")).to_be_focused()
    reviewer.page.keyboard.down("Enter")
    reviewer.wait_until_ready()
    for _ in range(12):
        reviewer.page.keyboard.down("Enter")
    reviewer.page.keyboard.up("Enter")
    assert confirmed_fields(reviewer) == []
    assert reviewer.received_requests()["submitted"] == []


def test_held_ctrl_enter_approves_one_document(reviewer: ReviewerPage) -> None:
    """The next document needs a new press."""
    reviewer.start_review()
    reviewer.page.keyboard.down("Control")
    hold_key(reviewer, "Enter", 6)
    reviewer.page.keyboard.up("Control")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    reviewer.page.keyboard.down("Control")
    reviewer.page.keyboard.down("Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    reviewer.wait_until_ready()
    for _ in range(6):
        reviewer.page.keyboard.down("Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    assert len(reviewer.received_requests()["submitted"]) == 2


def test_document_is_not_approved_within_700_ms_of_painting(reviewer: ReviewerPage) -> None:
    """Neither by Ctrl+Enter nor by a click: the timer that allows it is held here."""
    reviewer.page.add_init_script(HOLD_ARMING)
    reviewer.page.goto("/")
    reviewer.by_test_id("start-reviewing").click()
    expect(reviewer.page.locator("html")).to_have_attribute("data-arming", "held")
    reviewer.press("Control+Enter")
    reviewer.by_test_id("approve").dispatch_event("click")
    expect(reviewer.by_test_id("reject")).to_be_enabled()
    expect(reviewer.by_test_id("approve")).to_be_disabled()
    assert reviewer.received_requests()["submitted"] == []
    reviewer.page.evaluate("window.arming.pop()()")
    expect(reviewer.by_test_id("approve")).to_be_enabled()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")


def test_document_is_not_approved_before_its_page_is_visible(reviewer: ReviewerPage) -> None:
    """While the image of the page is on its way, nothing can be approved."""
    held = reviewer.hold_requests("**/pages/*/1.jpg")
    reviewer.page.goto("/")
    reviewer.by_test_id("start-reviewing").click()
    expect(reviewer.by_test_id("reject")).to_be_enabled()
    reviewer.press("Control+Enter")
    expect(reviewer.by_test_id("approve")).to_be_disabled()
    for route in held:
        route.continue_()
    reviewer.page.unroute("**/pages/*/1.jpg")
    reviewer.wait_until_ready()
    assert reviewer.received_requests()["submitted"] == []


def test_new_document_focuses_neutral_place_that_types_into_field(reviewer: ReviewerPage) -> None:
    """No control has the focus; the first character replaces the value of the open field, digits and signs too."""
    reviewer.start_review()
    expect(reviewer.page.locator("[data-fields]")).to_be_focused()
    expect(reviewer.page.locator('li[data-field="tax"]')).to_have_class("field field--open")
    reviewer.page.keyboard.type("-0.50")
    expect(reviewer.field("tax")).to_have_value("-0.50")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    expect(reviewer.page.locator("[data-fields]")).to_be_focused()
    reviewer.press("Tab")
    assert reviewer.focused == "field:tax"


@pytest.mark.parametrize(("platform", "approved"), [("MacIntel", 1), ("Linux x86_64", 0)])
def test_command_key_approves_on_macos_only(reviewer: ReviewerPage, platform: str, approved: int) -> None:
    """Elsewhere the same key belongs to the system."""
    reviewer.page.add_init_script(
        f"Object.defineProperty(navigator, 'platform', {{get: () => '{platform}'}});"
        f"Object.defineProperty(navigator, 'userAgentData', {{get: () => undefined}});"
    )
    reviewer.start_review()
    reviewer.press("Meta+Enter")
    if approved:
        expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
        expect(reviewer.by_test_id("approve")).to_contain_text("Cmd Enter")
    reviewer.wait_until_ready()
    assert len(reviewer.received_requests()["submitted"]) == approved


def test_ctrl_backspace_deletes_a_word(reviewer: ReviewerPage) -> None:
    """As everywhere; nothing is rejected."""
    reviewer.start_review()
    reviewer.field("customer").click()
    reviewer.press("End", "Control+Backspace")
    expect(reviewer.field("customer")).to_have_value("Northwind Robotics ")
    expect(reviewer.page.get_by_role("dialog")).to_have_count(0)


def test_rejection_needs_enter_after_the_digit(reviewer: ReviewerPage) -> None:
    """Alt+X, 2 selects; another digit changes it; Enter rejects once, also when it is held."""
    reviewer.start_review()
    reviewer.press("Alt+x", "1", "2")
    expect(reviewer.by_test_id("reason:unreadable")).to_be_focused()
    assert reviewer.received_requests()["submitted"] == []
    hold_key(reviewer, "Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    (sent,) = reviewer.received_requests()["submitted"]
    assert (sent["decision"], sent["reason"]) == ("reject", "unreadable")


def test_another_reason_asks_for_it(reviewer: ReviewerPage) -> None:
    """Without words nothing is rejected; the words are the reason."""
    reviewer.start_review()
    reviewer.press("Alt+x", "5", "Enter")
    dialog = reviewer.page.get_by_role("dialog")
    expect(dialog.get_by_label("Why is this document rejected?")).to_be_focused()
    reviewer.press("Control+Enter")
    assert reviewer.received_requests()["submitted"] == []
    reviewer.page.keyboard.type("Sent to the wrong office 2")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert reviewer.received_requests()["submitted"][0]["reason"] == "Sent to the wrong office 2"


def test_rebinding_refuses_editing_keys_and_single_keys_for_decisions(reviewer: ReviewerPage) -> None:
    """A decision needs Ctrl or Alt; Ctrl+Backspace belongs to the text, also where it was stored before."""
    reviewer.page.add_init_script("localStorage.setItem('refinery.keys', '{\"reject\": [\"Ctrl+Backspace\"]}')")
    reviewer.start_review()
    reviewer.press("F1")
    for action, key in (("approve", "Enter"), ("reject", "Control+Backspace"), ("reject", "x")):
        reviewer.page.locator(f'[data-rebind="{action}"]').click()
        reviewer.press(key)
        expect(reviewer.page.get_by_role("dialog")).to_contain_text("Choose another")
        reviewer.press("Escape")
    expect(reviewer.page.locator('[data-rebind="approve"]')).to_have_text("CtrlEnter")
    expect(reviewer.page.locator('[data-rebind="reject"]')).to_have_text("AltX")


def test_undo_reaches_ten_documents_back(reviewer: ReviewerPage) -> None:
    """One press a document; the eleventh finds nothing more."""
    reviewer.reset(count=13, flagged=0)
    reviewer.start_review()
    for number in range(112, 123):
        reviewer.press("Control+Enter")
        expect(reviewer.title()).to_have_text(f"invoice-2024-{number}.pdf")
        reviewer.wait_until_ready()
    for number in range(121, 111, -1):
        reviewer.press("Control+z")
        expect(reviewer.title()).to_have_text(f"invoice-2024-{number}.pdf")
        expect(reviewer.by_test_id("approve")).to_be_enabled()
    reviewer.press("Control+z")
    expect(reviewer.by_test_id("toast")).to_contain_text("nothing to undo")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")


def test_held_undo_reopens_one_document(reviewer: ReviewerPage) -> None:
    """Its repetitions are ignored."""
    reviewer.reset(count=5, flagged=0)
    reviewer.start_review()
    for number in (112, 113, 114):
        reviewer.press("Control+Enter")
        expect(reviewer.title()).to_have_text(f"invoice-2024-{number}.pdf")
        reviewer.wait_until_ready()
    reviewer.page.keyboard.down("Control")
    hold_key(reviewer, "z")
    reviewer.page.keyboard.up("Control")
    expect(reviewer.title()).to_have_text("invoice-2024-113.pdf")
    reviewer.wait_until_ready()
    assert [one["decision"] for one in reviewer.received_requests()["submitted"]].count("undo") == 1


def test_undo_after_its_time_keeps_the_open_document(reviewer: ReviewerPage) -> None:
    """The page says who can help, and the next document is claimed ahead again."""
    reviewer.reset(count=4, flagged=0, too_late=1)
    reviewer.start_review()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    reviewer.press("Control+z")
    expect(reviewer.by_test_id("toast")).to_contain_text("A manager can reopen the document.")
    expect(reviewer.page.locator("[data-viewer]")).to_have_attribute("data-ahead", "held")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")


def test_redo_never_decides(reviewer: ReviewerPage) -> None:
    """An undone approval is repeated by Ctrl+Enter alone."""
    reviewer.reset(count=3, flagged=0)
    reviewer.start_review()
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    reviewer.wait_until_ready()
    reviewer.press("Control+z")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    expect(reviewer.by_test_id("approve")).to_be_enabled()
    reviewer.press("Control+Shift+Z", "Control+y")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    assert [one["decision"] for one in reviewer.received_requests()["submitted"]] == ["approve", "undo"]


def test_undo_loses_no_edit_of_another_tab(reviewer: ReviewerPage, context: BrowserContext) -> None:
    """A field that the other tab has set since is not undone here, and the other tab's later fields survive."""
    reviewer.start_review()
    reviewer.field("tax").fill("1.00")
    reviewer.field("customer").fill("Acme")
    second = ReviewerPage(context.new_page())
    second.page.goto(reviewer.page.url)
    second.wait_until_ready()
    second.field("tax").fill("2.00")
    expect(reviewer.field("tax")).to_have_value("2.00")
    reviewer.page.bring_to_front()
    reviewer.press("Control+z", "Control+z", "Control+z")
    expect(reviewer.field("customer")).to_have_value("Northwind Robotics Ltd")
    expect(reviewer.field("tax")).to_have_value("2.00")
    expect(second.field("tax")).to_have_value("2.00")
