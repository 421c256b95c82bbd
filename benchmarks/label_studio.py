"""The Label Studio export, imported into a running Label Studio: its predictions, annotations and page images.

Label Studio is installed in a separate folder, `.cache/label-studio-VERSION`, by uv, because its requirements
contradict ours. It runs on a free port with a temporary folder; the export is uploaded as a file, as people drag it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import httpx
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from ingestion.adapters.exports.label_studio import CONFIGURATION_FILE, TASK_FILE, LabelStudioExporter
from ingestion.domain.exporting import ExportedPage, ExportedValue, ExportFacts
from refinery.core.types import BoundingBox
from refinery.stack.ports import free_ports
from refinery.stack.program import ROOT

VERSION: Final = "1.23.0"
FOLDER: Final = ROOT / ".cache" / f"label-studio-{VERSION}"
EMAIL, PASSWORD, TOKEN = "bench@example.com", "a long enough passphrase", "0123456789abcdef0123456789abcdef01234567"
START_SECONDS, STOP_SECONDS = 300, 30
WIDTH, HEIGHT = 1240, 1754
PLACE: Final = BoundingBox(0.3, 0.22, 0.6, 0.26)
WIDEST_IMAGE: Final = "Math.max(0, ...[...document.querySelectorAll('img')].map(image => image.naturalWidth))"


def main() -> int:
    """Import the export and print what Label Studio shows of it; return 1 if anything is missing."""
    with ZipFile(BytesIO(LabelStudioExporter().make(sample_facts()))) as container:
        config, tasks = container.read(CONFIGURATION_FILE).decode(), container.read(TASK_FILE)
    with running_label_studio(installed()) as address:
        headers = {"Authorization": f"Token {TOKEN}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            project, imported = import_tasks(client, config, tasks)
            task = client.get("/api/tasks", params={"project": project, "fields": "all"}).json()["tasks"][0]
        shown = shown_width(address, project, task["id"])
    rows = [
        ("tasks, predictions, annotations", (1, 1, 1), imported),
        ("columns", ["document", "filename", "pages", "schema"], sorted(task["data"])),
        ("regions predicted, with a text each", 4, len(task["predictions"][0]["result"])),
        ("regions annotated, with a text each", 2, len(task["annotations"][0]["result"])),
        ("width in pixels of the page that the browser shows", WIDTH, shown),
    ]
    print(f"| Label Studio {VERSION} | expected | found |\n| --- | --- | --- |")
    for name, expected, found in rows:
        print(f"| {name} | {expected} | {found} |")
    return int(any(expected != found for _, expected, found in rows))


def sample_facts() -> ExportFacts:
    """Return two pages and two fields, one of them corrected by a person."""
    values = (
        ExportedValue("total", "Total", "120.00", 0.9, "121.00", 1, PLACE),
        ExportedValue("supplier", "Supplier", "Acme Ltd", 0.8, None, 2, PLACE),
    )
    return ExportFacts("1", "invoice.pdf", "invoice", "prior", (sample_page(1), sample_page(2)), values)


def sample_page(number: int) -> ExportedPage:
    """Return a page as it is stored, in lossless WebP."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    ImageDraw.Draw(picture).text((400, 400), f"Total 121.00 on page {number}", fill="black", font_size=40)
    packed = BytesIO()
    picture.save(packed, "WEBP", lossless=True)
    return ExportedPage(number, WIDTH, HEIGHT, packed.getvalue())


def installed() -> Path:
    """Return the program; install it first if it is missing."""
    program = FOLDER / "bin" / "label-studio"
    if not program.exists():
        uv = shutil.which("uv", path=f"{ROOT / '.cache' / 'uv' / 'bin'}{os.pathsep}{os.environ['PATH']}") or "uv"
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, FOLDER], check=True)
        python = FOLDER / "bin" / "python"
        subprocess.run([uv, "pip", "install", "-q", "--python", python, f"label-studio=={VERSION}"], check=True)
    return program


@contextmanager
def running_label_studio(program: Path) -> Iterator[str]:
    """Yield the address of a Label Studio with an empty database."""
    (port,) = free_ports(1)
    options = ("--no-browser", "--port", str(port), "--username", EMAIL, "--password", PASSWORD)
    command = (program, "start", *options, "--user-token", TOKEN, "--enable-legacy-api-token")
    with tempfile.TemporaryDirectory() as folder:
        quiet = {"LABEL_STUDIO_BASE_DATA_DIR": folder, "COLLECT_ANALYTICS": "False"}
        output = subprocess.DEVNULL
        process = subprocess.Popen(command, env=os.environ | quiet, stdout=output, stderr=output)
        try:
            wait_until_up(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the first response."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{address}/health")
        except httpx.TransportError:
            time.sleep(1)
        else:
            return
    message = "Label Studio does not answer"
    raise TimeoutError(message)


def import_tasks(client: httpx.Client, config: str, tasks: bytes) -> tuple[int, tuple[int, int, int]]:
    """Create a project and upload the file; return the project's id and what was imported."""
    made = client.post("/api/projects", json={"title": "Refinery", "label_config": config}).raise_for_status()
    project: int = made.json()["id"]
    files = {TASK_FILE: (TASK_FILE, tasks, "application/json")}
    done: dict[str, Any] = client.post(f"/api/projects/{project}/import", files=files).raise_for_status().json()
    return project, (done["task_count"], done["prediction_count"], done["annotation_count"])


def shown_width(address: str, project: int, task: int) -> int:
    """Return the width of the page's image that a signed-in person sees with the task."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}/user/login")
        page.fill("input[name=email]", EMAIL)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.goto(f"{address}/projects/{project}/data?task={task}")
        shown = page.wait_for_function(f"(widest => widest > {WIDTH // 2} && widest)({WIDEST_IMAGE})")
        width: int = shown.json_value()
        browser.close()
    return width


if __name__ == "__main__":
    sys.exit(main())
