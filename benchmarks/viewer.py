"""The viewer in a real browser over fixture data: the next document, a field's highlight, a thousand boxes.

Needs Chromium. The server is the harness of tests/e2e, so that only the browser is measured; `desk` measures the
program itself.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from playwright.sync_api import Page, expect, sync_playwright

from refinery.stack.program import ROOT

DOCUMENTS = 25
FIELDS = 40
FRAMES = 180
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
NEXT = """() => new Promise((done) => {
  const title = document.querySelector("h1[data-title]");
  const from = performance.now();
  new MutationObserver((_, watch) => {
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - from));
  }).observe(title, {childList: true});
  document.querySelector("[data-testid=approve]").click();
})"""
HIGHLIGHT = """(name) => new Promise((done) => {
  const { work } = document.querySelector("[data-viewer]").viewer;
  const from = performance.now();
  work.focus(name);
  requestAnimationFrame(() => done(performance.now() - from));
})"""
PAN_AND_ZOOM = """async (frames) => {
  const { stage } = document.querySelector("[data-viewer]").viewer;
  stage.fit();
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const from = performance.now();
  for (let i = 0; i < frames; i += 1) {
    stage.pan(i % 2 ? 9 : -7, 5);
    if (i % 4 === 0) stage.zoom(i < frames / 2 ? 1.05 : 0.95);
    await frame();
  }
  return (frames * 1000) / (performance.now() - from);
}"""


@contextmanager
def harness() -> Iterator[str]:
    """Run a harness server for the duration of the block and yield its address."""
    command = [sys.executable, "-m", "tests.e2e.harness.server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield (server.stdout.readline() if server.stdout else "").strip()
        finally:
            server.terminate()


def start(page: Page, address: str) -> None:
    """Open the first of fresh documents and wait until the next one is preloaded."""
    page.request.get(f"{address}/harness/reset?count={DOCUMENTS + 2}")
    page.goto(address)
    page.get_by_test_id("start-reviewing").click()
    wait_until_preloaded(page)


def wait_until_preloaded(page: Page) -> None:
    """Wait until the viewer has preloaded the next document."""
    expect(page.locator("[data-viewer]")).to_have_attribute("data-ahead", "held")
    expect(page.get_by_test_id("approve")).to_be_enabled()


def next_documents(page: Page) -> list[float]:
    """Return the milliseconds from a decision to the next document's frame, each with the next one preloaded."""
    taken = []
    for _ in range(DOCUMENTS):
        wait_until_preloaded(page)
        taken.append(float(page.evaluate(NEXT)))
    return taken


def highlights(page: Page) -> list[float]:
    """Return the milliseconds from a field's focus to the frame in which its box is highlighted."""
    names = page.evaluate("() => document.querySelector('[data-viewer]').viewer.work.fields.map((f) => f.name)")
    return [float(page.evaluate(HIGHLIGHT, names[index % len(names)])) for index in range(FIELDS)]


def frames(page: Page, boxes: int) -> float:
    """Return the frames per second while a page with that many boxes is panned and zoomed."""
    page.goto(f"{page.url.split('?')[0]}?boxes={boxes}")
    expect(page.get_by_test_id("approve")).to_be_enabled()
    return float(page.evaluate(PAN_AND_ZOOM, FRAMES))


def result_row(what: str, times: list[float], goal: str) -> str:
    """Return one row of the table."""
    return f"| {what} | {median(times):.0f} ms | {quantiles(times, n=20)[-1]:.0f} ms | {goal} |"


def main() -> None:
    """Measure and print the section."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with harness() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        start(page, address)
        following, lit = next_documents(page), highlights(page)
        rates = {boxes: frames(page, boxes) for boxes in (0, 1000)}
        version = browser.version
        browser.close()
    print("| what | median | 95th percentile | goal |\n| --- | --- | --- | --- |")
    print(result_row("the next document after a decision", following, "250 ms at the 95th percentile"))
    print(result_row("a field's focus to its highlight", lit, "50 ms"))
    shown = ", ".join(f"{rate:.0f} with {boxes:,} boxes" for boxes, rate in rates.items())
    print(f"\nFrames a second while panning and zooming: {shown} (goal: 50 with 1,000).")
    print(f"Chromium {version}, headless, drawn in software, over fixture data.")


if __name__ == "__main__":
    main()
