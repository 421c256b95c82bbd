"""Nothing typed is lost: over a cut network, a signed-out session, a killed tab, two tabs, a lost lease."""

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.e2e.viewer.reviewer import Reviewer

pytestmark = pytest.mark.e2e


def values(reviewer: Reviewer) -> dict[str, str]:
    """Give the drafts' values as the server has them, of all documents."""
    drafts = reviewer.seen()["drafts"].values()
    return {name: entry["value"] for draft in drafts for name, entry in draft["values"].items()}


def hold(reviewer: Reviewer, address: str) -> list[Route]:
    """Keep requests to an address waiting; what is kept can be let go, or answered by the test."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    reviewer.page.route(address, keep)
    return held


def test_a_draft_reaches_the_server_by_itself(reviewer: Reviewer) -> None:
    """Typing alone is enough; the page says that it is saved."""
    reviewer.start()
    reviewer.page.keyboard.type("5.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    assert values(reviewer) == {"tax": "5.00"}


def test_a_cut_network(reviewer: Reviewer, context: BrowserContext) -> None:
    """Offline, the page says where the work is; back online it is sent without a key."""
    reviewer.start()
    context.set_offline(True)
    reviewer.page.keyboard.type("6.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Kept on this device")
    context.set_offline(False)
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    assert values(reviewer) == {"tax": "6.00"}


def test_a_killed_tab(reviewer: Reviewer, context: BrowserContext) -> None:
    """What never reached the server comes back from the device when the task is opened again."""
    reviewer.start()
    address = reviewer.page.url
    context.set_offline(True)
    reviewer.page.keyboard.type("7.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Kept on this device")
    reviewer.page.close(run_before_unload=False)
    context.set_offline(False)
    again = Reviewer(context.new_page())
    again.page.goto(address)
    again.ready()
    expect(again.field("tax")).to_have_value("7.00")
    expect(again.page.locator("[data-draft]")).to_have_text("Saved")
    assert values(again) == {"tax": "7.00"}


def test_a_session_that_ended(reviewer: Reviewer) -> None:
    """A 401 asks to sign in next door; then the same draft goes out and the dialog closes by itself."""
    reviewer.start()
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
    assert values(reviewer) == {"tax": "8.00"}


def test_two_tabs_agree(reviewer: Reviewer, context: BrowserContext) -> None:
    """What is typed in one tab stands in the other, and neither overwrites the other's field."""
    reviewer.start()
    second = Reviewer(context.new_page())
    second.page.goto(reviewer.page.url)
    second.ready()
    second.field("date").fill("1 May 2024")
    expect(reviewer.field("date")).to_have_value("1 May 2024")
    reviewer.page.bring_to_front()
    reviewer.field("tax").fill("4.00")
    expect(second.field("tax")).to_have_value("4.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    expect(second.page.locator("[data-draft]")).to_have_text("Saved")
    assert values(reviewer) == {"date": "1 May 2024", "tax": "4.00"}


def test_another_device_in_between(reviewer: Reviewer) -> None:
    """A later revision on the server is merged: this device's fields stay, the others come over."""
    reviewer.start()
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
    assert values(reviewer) == {"tax": "3.00", "customer": "Elsewhere Ltd"}


def test_a_lost_lease_keeps_the_work(reviewer: Reviewer) -> None:
    """Refused as lost, a decision changes nothing here; the page tells who has it and offers to claim again."""
    reviewer.start()
    reviewer.page.keyboard.type("2.00")
    expect(reviewer.page.locator("[data-draft]")).to_have_text("Saved")
    reviewer.page.evaluate(
        "document.querySelector('[data-viewer]').viewer.session.open.payload.lease.token = 'gone'"
    )
    reviewer.page.evaluate("document.querySelector('[data-viewer]').viewer.session.open.lease.beat()")
    expect(reviewer.page.locator("[data-banner]")).to_contain_text("Omar Operator")
    expect(reviewer.mark("approve")).to_be_disabled()
    expect(reviewer.field("tax")).to_have_value("2.00")
    reviewer.page.get_by_role("button", name="Claim it again").click()
    expect(reviewer.mark("approve")).to_be_enabled()
    expect(reviewer.field("tax")).to_have_value("2.00")


def test_a_decision_that_does_not_get_through(reviewer: Reviewer, context: BrowserContext) -> None:
    """Offline, approving decides nothing and says so; the same key works once the network is back."""
    reviewer.start()
    context.set_offline(True)
    reviewer.press("Control+Enter")
    expect(reviewer.mark("toast")).to_contain_text("Nothing was sent")
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    context.set_offline(False)
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    assert len(reviewer.seen()["submitted"]) == 1


def test_a_slow_answer_holds_nobody_up(reviewer: Reviewer) -> None:
    """The next document is there while the decision is on its way; it counts as decided once it is answered."""
    reviewer.start()
    held = hold(reviewer, "**/submit")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    expect(reviewer.mark("toast")).to_have_count(0)
    held[0].continue_()
    expect(reviewer.mark("toast")).to_contain_text("invoice-2024-111.pdf approved")
    reviewer.ready()
    assert len(reviewer.seen()["submitted"]) == 1


def test_a_slow_refusal_brings_the_document_back(reviewer: Reviewer) -> None:
    """A decision that fails on its way returns with everything that was typed; the next one waits behind it."""
    reviewer.start()
    held = hold(reviewer, "**/submit")
    reviewer.page.keyboard.type("1.11")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
    held[0].fulfill(status=503, json={"title": "Unavailable"})
    expect(reviewer.title()).to_have_text("invoice-2024-111.pdf")
    expect(reviewer.field("tax")).to_have_value("1.11")
    expect(reviewer.mark("toast")).to_contain_text("Nothing was decided")
    reviewer.page.unroute("**/submit")
    reviewer.press("Control+Enter")
    expect(reviewer.title()).to_have_text("invoice-2024-112.pdf")
