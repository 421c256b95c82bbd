"""Screenshots of README and docs from the running program: `python -m tests.e2e.screenshots [FOLDER]`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.program import ROOT, Program, running_program, wait_until
from tests.e2e.viewer.conftest import CHROMIUM_FLAGS, chromium_path

WIDTHS = {1440: 900, 768: 1024}
PAGES = {"desk": "/", "documents": "/documents/", "batches": "/batches/", "models": "/models/"}
README_SCREENSHOTS = {
    ("desk", "light", 1440),
    ("viewer", "light", 1440),
    ("viewer", "dark", 1440),
    ("record", "light", 1440),
}
DOCUMENTS = 14


def wait_for_idle(page: Page) -> None:
    """Wait until the page has loaded everything."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


def sign_in(browser: Browser, program: Program, width: int, scheme: str) -> Page:
    """Open a page signed in as the demonstration's manager."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        base_url=program.url,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(program.users["manager"]["email"])
    page.get_by_label("Password").fill(program.users["manager"]["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    return page


def take_screenshots(page: Page, folder: Path, width: int, scheme: str, document: str) -> None:
    """Take a screenshot of every page."""
    stops = {**PAGES, "record": f"/documents/{document}/"}
    for name, path in stops.items():
        page.goto(path)
        wait_for_idle(page)
        page.screenshot(path=folder / f"{name}-{scheme}-{width}.png")
    page.goto(f"/documents/{document}/")
    page.get_by_role("link", name="Review it").click()
    page.get_by_test_id("page-image").wait_for()
    if page.get_by_role("button", name="Claim it").is_visible():
        page.get_by_role("button", name="Claim it").click()
        expect(page.get_by_test_id("approve")).to_be_enabled()
    wait_for_idle(page)
    page.screenshot(path=folder / f"viewer-{scheme}-{width}.png")


def main() -> None:
    """Start the program, wait for its documents, and take the screenshots; those of the README go to docs/images."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "screenshots"
    images = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    images.mkdir(parents=True, exist_ok=True)
    with running_program() as program, sync_playwright() as playwright:
        api = program.api("manager")
        wait_until(lambda: len(api.get("/v1/documents?status=IN_REVIEW&limit=200")["results"]) >= DOCUMENTS, 300)
        wrong = next(
            row["id"] for row in api.get("/v1/documents?limit=200")["results"] if "wrong-total" in row["filename"]
        )
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                take_screenshots(sign_in(browser, program, width, scheme), folder, width, scheme, wrong)
        browser.close()
    for name, scheme, width in README_SCREENSHOTS:
        (images / f"{name}-{scheme}.png").write_bytes((folder / f"{name}-{scheme}-{width}.png").read_bytes())


if __name__ == "__main__":
    main()
