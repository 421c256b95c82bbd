"""Work of administrators in a real browser: organisations, invitations, schemas, passwords, appearance."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.program import Program
from tests.e2e.test_admin_accessibility import RULES
from tests.e2e.test_user_journey import signed_in

pytestmark = pytest.mark.e2e
PICTURES = os.environ.get("REFINERY_PICTURES", "")
"""Folder for pictures of the pages, to be looked at."""


@pytest.fixture
def platform(program: Program, chromium: Browser) -> Iterator[Page]:
    """Yield a page of the platform's administrator."""
    page = signed_in(chromium, program, "super_admin")
    yield page
    page.context.close()


@pytest.fixture
def admin(program: Program, chromium: Browser) -> Iterator[Page]:
    """Yield a page of a tenant's administrator."""
    page = signed_in(chromium, program, "org_admin")
    yield page
    page.context.close()


def check(page: Page, name: str) -> None:
    """Fail on accessibility violations or a page that is too wide, light and dark; take pictures if asked."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", scheme == "dark")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], node["html"][:160]) for one in found for node in one["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, scheme)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png", full_page=True)


def test_organisation_is_created_suspended_and_resumed(platform: Page) -> None:
    """From the list, which is searched by name."""
    platform.goto("/admin/tenancy/tenant/")
    check(platform, "organisations")
    platform.get_by_role("link", name="Create an organisation").click()
    check(platform, "organisation-add")
    platform.get_by_label("Name", exact=False).first.fill("Night Clinic")
    platform.get_by_label("Short name").fill("night-clinic")
    platform.get_by_label("E-mail of its first administrator").fill("head@night.example")
    platform.get_by_role("button", name="Save", exact=True).click()
    expect(platform.get_by_test_id("invitation-link")).to_contain_text("/join/")
    check(platform, "invitation")
    platform.get_by_role("link", name="All organisations").click()
    row = platform.get_by_test_id("tenant:night-clinic")
    row.get_by_role("button", name="Suspend").click()
    expect(platform.get_by_role("button", name="Resume")).to_be_visible()
    check(platform, "organisation-suspended")
    platform.get_by_role("button", name="Resume").click()
    expect(platform.get_by_role("button", name="Suspend")).to_be_visible()


def test_schema_is_written_by_rows(admin: Page) -> None:
    """Errors are shown at their row; another row is added by a button."""
    admin.goto("/admin/ingestion/schema/add/")
    check(admin, "schema-add")
    admin.get_by_label("Title").first.fill("Delivery note")
    admin.locator("#id_rows-0-title").fill("Note number")
    admin.locator("#id_rows-0-name").fill("Not OK")
    admin.get_by_role("button", name="Add a field").click()
    expect(admin.locator("#id_rows-3-title")).to_be_focused()
    admin.locator("#id_rows-3-title").fill("Delivered on")
    admin.locator("#id_rows-3-kind").select_option("date")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("small letters, digits and underscores")).to_be_visible()
    check(admin, "schema-errors")
    admin.locator("#id_rows-0-name").fill("")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin).to_have_url(re.compile(r"/admin/ingestion/schema/$"))
    admin.get_by_role("link", name="Delivery note").first.click()
    admin.get_by_role("button", name="Change it").click()
    expect(admin.locator("#id_rows-1-title")).to_have_value("Delivered on")


def test_member_is_invited_and_the_invitation_revoked(admin: Page) -> None:
    """The buttons are on the member's page until the first sign-in."""
    admin.goto("/admin/tenancy/membership/add/")
    admin.get_by_label("E-mail").fill("later@example.org")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_test_id("invitation-link")).to_be_visible()
    admin.get_by_role("link", name="All members").click()
    admin.get_by_role("link", name="later@example.org").click()
    check(admin, "member")
    admin.get_by_role("button", name="Revoke the invitation").click()
    expect(admin.get_by_role("button", name="Revoke the invitation")).to_have_count(0)


def test_appearance_is_shared_with_the_administration(admin: Page) -> None:
    """Chosen in the program it holds in the administration, and the other way round."""
    admin.goto("/password/")
    check(admin, "password")
    admin.get_by_label("You and your settings").click()
    admin.get_by_role("button", name="Dark").click()
    admin.goto("/admin/")
    expect(admin.locator("html.dark")).to_have_count(1)
    admin.evaluate("localStorage.setItem('adminTheme', JSON.stringify('light')); document.body.click()")
    admin.goto("/password/")
    expect(admin.locator("html[data-theme=light]")).to_have_count(1)


def test_ended_session_keeps_the_page_and_what_was_typed(admin: Page, program: Program) -> None:
    """The page asks to sign in in another tab, and goes on afterwards."""
    admin.goto("/")
    admin.locator("#task-search").fill("typed")
    cookies = admin.context.cookies()
    admin.context.clear_cookies(name="sessionid")
    admin.locator("#task-search").fill("typed more")
    expect(admin.get_by_role("dialog").get_by_text("You were signed out")).to_be_visible()
    expect(admin.locator("#task-search")).to_have_value("typed more")
    admin.context.add_cookies(cookies)  # type: ignore[arg-type]  # what the browser itself returned
    admin.evaluate("dispatchEvent(new Event('focus'))")
    expect(admin.get_by_role("dialog")).to_have_count(0)
    assert admin.url.startswith(program.url)
