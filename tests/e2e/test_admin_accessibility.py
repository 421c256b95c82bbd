"""Django admin in a real browser: no policy violations, no accessibility violations."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.program import Program
from tests.e2e.test_user_journey import signed_in

pytestmark = pytest.mark.e2e
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
LISTS = (
    "tenancy/membership",
    "tenancy/apikey",
    "tenancy/tenant",
    "tenancy/team",
    "audit/auditevent",
    "ingestion/schema",
    "ingestion/document",
    "review/queue",
    "review/reviewtask",
    "webhooks/webhookendpoint",
)
FORMS = ("tenancy/membership", "tenancy/apikey", "tenancy/team", "ingestion/schema", "review/queue")
CHANGED = ("tenancy/tenant", "review/queue", "ingestion/schema", "ingestion/document", "audit/auditevent")
Scheme = Literal["light", "dark"]
VIEWPORTS: tuple[tuple[Scheme, int], ...] = (("light", 1440), ("dark", 768))


class AdminVisit:
    """A signed-in administrator, and the browser's complaints."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def violations(self, address: str) -> list[str]:
        """Open a page; return the findings of axe and the browser in each viewport, one line each."""
        self.complaints.clear()
        answer = self.page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert (answer.status, self.page.url.endswith(address)) == (200, True), (address, self.page.url)
        return [
            *(
                f"{scheme}, {width}: {line}"
                for scheme, width in VIEWPORTS
                for line in self._violations_in_view(scheme, width)
            ),
            *self.complaints,
        ]

    def _violations_in_view(self, scheme: Scheme, width: int) -> list[str]:
        self.page.emulate_media(color_scheme=scheme)
        # the site applies the scheme only when a page is opened
        self.page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", scheme == "dark")
        self.page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(self.page, options=RULES).response["violations"]
        lines = [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
        beyond = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return [*lines, *([f"{beyond} px too wide"] if beyond > 0 else [])]

    def first_of(self, kind: str) -> list[str]:
        """Return the URL of a list's first row, or nothing for an empty list."""
        self.page.goto(f"/admin/{kind}/")
        found = self.page.locator("#result_list tbody th a").evaluate_all(
            "rows => rows.map(row => row.getAttribute('href'))"
        )
        return list(found[:1])


@pytest.fixture(params=["org_admin", "super_admin"])
def visit(request: pytest.FixtureRequest, program: Program, chromium: Browser) -> Iterator[AdminVisit]:
    """Yield a visit by each kind of administrator."""
    page = signed_in(chromium, program, request.param)
    page.wait_for_url(f"{program.url}/")
    yield AdminVisit(page)
    page.context.close()


def test_admin_pages_have_no_accessibility_violations(visit: AdminVisit) -> None:
    """WCAG 2.2 AA on index, roles, lists, forms and rows, light and dark, at desktop and tablet size."""
    addresses = ["/admin/", "/admin/roles/", *(f"/admin/{kind}/" for kind in LISTS)]
    addresses += [f"/admin/{kind}/add/" for kind in FORMS] + [row for kind in CHANGED for row in visit.first_of(kind)]
    assert any("/tenancy/tenant/" in address and address.endswith("/change/") for address in addresses)
    faults = {address: visit.violations(address) for address in addresses}
    assert {place: lines for place, lines in faults.items() if lines} == {}


def test_admin_api_key_is_created_and_shown_once(program: Program, chromium: Browser) -> None:
    """From the menu of the index; the page with the key is accessible too."""
    page = signed_in(chromium, program, "org_admin")
    page.wait_for_url(f"{program.url}/")
    visit = AdminVisit(page)
    page.goto("/admin/")
    page.get_by_role("navigation", name="Administration").get_by_role("link", name="API keys").click()
    page.goto("/admin/tenancy/apikey/add/")
    page.get_by_label("Name").fill("looked at")
    page.get_by_label("Role").select_option("viewer")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_test_id("new-key")).to_have_text(re.compile(r"^rfk_[\w-]{43}$"))
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.get_by_role("link", name="All keys").click()
    expect(page.get_by_role("link", name="looked at").first).to_be_visible()
    expect(page.get_by_test_id("new-key")).to_have_count(0)
    page.get_by_role("link", name="Back to the desk").click()
    expect(page).to_have_url(f"{program.url}/")
    assert visit.complaints == []
    page.context.close()
