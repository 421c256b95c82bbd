"""Full user journey in a real browser: upload, live progress, keyboard review, training, promotion, export."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from samples.generate import make_document
from samples.sample import Sample
from tests.e2e.program import ApiClient, Program, wait_until

pytestmark = pytest.mark.e2e
TIMEOUT_MS = 120_000  # upper limit for reading a page on a busy machine


def signed_in(browser: Browser, program: Program, role: str) -> Page:
    """Open a browser context signed in as the demo user of a role."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, base_url=program.url, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(program.users[role]["email"])
    page.get_by_label("Password").fill(program.users[role]["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    return page


@pytest.fixture(scope="module")
def sample_invoice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sample]:
    """Return a new invoice unlike the demonstration documents."""
    made = make_document("invoice", seed=90210, index=3, scan=False)
    folder = tmp_path_factory.mktemp("upload")
    made.write(folder)
    return folder / made.filename, made


@pytest.fixture(scope="module")
def api(program: Program) -> ApiClient:
    """Return a REST client of a manager."""
    return program.api("manager")


def test_document_from_upload_to_promoted_model(
    program: Program, chromium: Browser, api: ApiClient, sample_invoice: tuple[Path, Sample]
) -> None:
    """One document is reviewed in the browser; the rest of the queue over REST, to get enough labels."""
    path, _made = sample_invoice
    check_upload_with_live_progress(chromium, program, path)
    document = next(row for row in api.get("/v1/documents")["results"] if row["filename"] == path.name)
    check_keyboard_review(chromium, program, api, document["id"])
    taught = training_examples(api)
    assert any(example["kind"] == "corrected" and example["document"] == document["id"] for example in taught)
    review_remaining_tasks(api)
    check_training_and_promotion(chromium, program)
    check_api_exports(api, document["id"])
    check_export_button(chromium, program, document["id"])


def check_upload_with_live_progress(browser: Browser, program: Program, path: Path) -> None:
    """Choose a file; its row appears and reaches review without a reload."""
    page = signed_in(browser, program, "operator")
    page.goto("/documents/")
    page.get_by_test_id("upload").set_input_files(path)
    row = page.get_by_role("row").filter(has_text=path.name)
    expect(row).to_contain_text("In review", timeout=TIMEOUT_MS)
    expect(page.get_by_test_id("live-state")).to_contain_text("Live")
    page.context.close()


def check_keyboard_review(browser: Browser, program: Program, api: ApiClient, document: str) -> None:
    """Claim the document, correct one value, confirm the rest, approve: no clicks after claiming."""
    task = next(task for task in api.get("/v1/review/tasks?status=OPEN")["results"] if task["document"] == document)
    page = signed_in(browser, program, "reviewer")
    page.goto(f"/review/tasks/{task['id']}/")
    page.get_by_role("button", name="Claim it").press("Enter")
    expect(page.get_by_test_id("approve")).to_be_enabled()
    supplier = page.get_by_test_id("field:supplier")
    while not supplier.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("Corrected by hand Ltd")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("toast").first).to_contain_text("approved")
    expect(page).not_to_have_url(f"{program.url}/review/tasks/{task['id']}/")
    expect(page.get_by_test_id("page-image")).to_be_visible()
    page.context.close()
    assert api.get(f"/v1/documents/{document}/status")["status"] == "APPROVED"
    fields = {field["name"]: field for field in api.get(f"/v1/documents/{document}/fields")}
    assert fields["supplier"]["value"] == "Corrected by hand Ltd"
    assert fields["supplier"]["human"] == "corrected"


def training_examples(api: ApiClient) -> list[dict[str, str]]:
    """Return the available training examples."""
    found: list[dict[str, str]] = api.get("/v1/training-examples?limit=200")["results"]
    return found


def is_idle(api: ApiClient) -> bool:
    """Return whether all documents are finished; the demonstration's scans take longest."""
    rows = api.get("/v1/documents?limit=200")["results"]
    return not {row["status"] for row in rows} & {"RECEIVED", "READING", "ASSESSING"}


def review_remaining_tasks(api: ApiClient) -> None:
    """Review the queue over REST: confirm most fields, correct one in each document."""
    wait_until(lambda: is_idle(api), 300)
    while claimed := api.post("/v1/review/tasks/next"):
        fields = api.get(f"/v1/documents/{claimed['document']['id']}/fields")
        corrections = [{"field": field["name"], "value": field["value"]} for field in fields if field["value"]]
        assert corrections, f"nothing was read of {claimed['document']}"
        corrections[0]["value"] += " X"
        body = {"lease": claimed["lease"]["token"], "decision": "approve", "corrections": corrections}
        done = api.post(f"/v1/review/tasks/{claimed['task']['id']}/submit", body)
        assert done["status"] == "APPROVED"


def check_training_and_promotion(browser: Browser, program: Program) -> None:
    """Train a candidate by the button, compare it with the champion, and promote it."""
    page = signed_in(browser, program, "manager")
    page.goto("/models/")
    page.get_by_role("button", name="Train a candidate").click()
    promote = page.get_by_role("button", name="Promote to champion")
    expect(promote).to_be_visible(timeout=TIMEOUT_MS)
    promote.click()
    expect(page.get_by_role("button", name="Roll back to the previous version")).to_be_visible()
    page.context.close()


def check_api_exports(api: ApiClient, document: str) -> None:
    """JSON and CSV at once, Label Studio by a worker."""
    whole = api.get(f"/v1/documents/{document}/export?format=json")
    assert (whole["status"], whole["schema"]) == ("APPROVED", "invoice")
    sheet = api.client.get(f"/v1/documents/{document}/export?format=csv")
    assert "Corrected by hand Ltd" in sheet.text
    artefact = api.get(f"/v1/documents/{document}/export?format=label-studio")
    wait_until(lambda: api.get(artefact["links"]["self"])["status"] == "done")
    made = api.client.get(f"{artefact['links']['self']}/file")
    with ZipFile(BytesIO(made.content)) as container:
        (task,) = json.loads(container.read("tasks.json"))
    regions = task["annotations"][0]["result"]
    assert any(region["value"].get("text") == ["Corrected by hand Ltd"] for region in regions)


def check_export_button(browser: Browser, program: Program, document: str) -> None:
    """Request the PDF on the record: its link appears automatically and returns the file."""
    page = signed_in(browser, program, "operator")
    page.goto(f"/documents/{document}/")
    page.get_by_role("button", name="Make Searchable PDF", exact=True).click()
    link = page.get_by_role("link", name="Download Searchable PDF")
    expect(link).to_be_visible(timeout=TIMEOUT_MS)
    with page.expect_download() as given:
        link.click()
    assert given.value.path().read_bytes().startswith(b"%PDF")
    page.context.close()
