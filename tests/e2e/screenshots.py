"""`python -m tests.e2e.screenshots [FOLDER]`: the pictures of README and docs, from the running program."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.program import ROOT, Program, running, until
from tests.e2e.viewer.conftest import FLAGS, found_chromium

WIDTHS = {1440: 900, 768: 1024}
PAGES = {"desk": "/", "documents": "/documents/", "batches": "/batches/", "models": "/models/"}
IN_README = {
    ("desk", "light", 1440),
    ("viewer", "light", 1440),
    ("viewer", "dark", 1440),
    ("record", "light", 1440),
}
DOCUMENTS = 14


def settle(page: Page) -> None:
    """Wait until everything that the page shows has come."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


def sign_in(browser: Browser, program: Program, width: int, scheme: str) -> Page:
    """Open a page as the demonstration's manager."""
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


def shoot(page: Page, folder: Path, width: int, scheme: str, document: str) -> None:
    """Take every page once."""
    stops = {**PAGES, "record": f"/documents/{document}/"}
    for name, path in stops.items():
        page.goto(path)
        settle(page)
        page.screenshot(path=folder / f"{name}-{scheme}-{width}.png")
    page.goto(f"/documents/{document}/")
    page.get_by_role("link", name="Review it").click()
    page.get_by_test_id("page-image").wait_for()
    settle(page)
    page.screenshot(path=folder / f"viewer-{scheme}-{width}.png")


def main() -> None:
    """Start the program, wait for its documents, and take the pictures; those of the README go to docs/images."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "screenshots"
    images = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    images.mkdir(parents=True, exist_ok=True)
    with running() as program, sync_playwright() as playwright:
        api = program.api("manager")
        until(lambda: len(api.get("/v1/documents?status=IN_REVIEW&limit=200")["results"]) >= DOCUMENTS, 300)
        wrong = next(
            row["id"] for row in api.get("/v1/documents?limit=200")["results"] if "wrong-total" in row["filename"]
        )
        browser = playwright.chromium.launch(executable_path=found_chromium(), args=FLAGS)
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                shoot(sign_in(browser, program, width, scheme), folder, width, scheme, wrong)
        browser.close()
    for name, scheme, width in IN_README:
        (images / f"{name}-{scheme}.png").write_bytes((folder / f"{name}-{scheme}-{width}.png").read_bytes())


if __name__ == "__main__":
    main()
