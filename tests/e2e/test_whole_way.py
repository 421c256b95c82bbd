"""The whole way in a real browser: upload, live progress, review by keyboard, learn, promote, export."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from samples.generate import make_document
from samples.sample import Sample
from tests.e2e.program import Api, Program, until

pytestmark = pytest.mark.e2e
SLOW = 120_000  # milliseconds a page may take to be read on a busy machine; a ceiling, not a goal


def signed_in(browser: Browser, program: Program, role: str) -> Page:
    """Open a browser context in which the demo user of a role is signed in."""
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
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sample]:
    """A fresh invoice that no demonstration document resembles."""
    made = make_document("invoice", seed=90210, index=3, scan=False)
    folder = tmp_path_factory.mktemp("upload")
    made.write(folder)
    return folder / made.filename, made


@pytest.fixture(scope="module")
def api(program: Program) -> Api:
    """REST as a manager."""
    return program.api("manager")


def test_a_document_from_upload_to_a_better_model(
    program: Program, chromium: Browser, api: Api, sample: tuple[Path, Sample]
) -> None:
    """One document by hand; the rest of the queue over REST, so that there is something to learn from."""
    path, _made = sample
    uploaded_and_followed_live(chromium, program, path)
    document = next(row for row in api.get("/v1/documents")["results"] if row["filename"] == path.name)
    corrected_by_keyboard(chromium, program, api, document["id"])
    taught = examples(api)
    assert any(example["kind"] == "corrected" and example["document"] == document["id"] for example in taught)
    review_the_rest(api)
    retrained_and_promoted(chromium, program)
    exported(api, document["id"])
    exported_by_a_button(chromium, program, document["id"])


def uploaded_and_followed_live(browser: Browser, program: Program, path: Path) -> None:
    """Choose a file; its row appears and reaches review without a reload."""
    page = signed_in(browser, program, "operator")
    page.goto("/documents/")
    page.get_by_test_id("upload").set_input_files(path)
    row = page.get_by_role("row").filter(has_text=path.name)
    expect(row).to_contain_text("In review", timeout=SLOW)
    expect(page.get_by_test_id("live-state")).to_contain_text("Live")
    page.context.close()


def corrected_by_keyboard(browser: Browser, program: Program, api: Api, document: str) -> None:
    """Claim the document, correct one value, confirm the rest, approve: not one click once it is claimed."""
    task = next(
        task for task in api.get("/v1/review/tasks?status=OPEN")["results"] if task["document"] == document
    )
    page = signed_in(browser, program, "reviewer")
    page.goto(f"/review/tasks/{task['id']}/")
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


def examples(api: Api) -> list[dict[str, str]]:
    """Read the training examples that there are."""
    found: list[dict[str, str]] = api.get("/v1/training-examples?limit=200")["results"]
    return found


def all_judged(api: Api) -> bool:
    """Say whether no document is on its way any more: the demonstration's scans take longest."""
    rows = api.get("/v1/documents?limit=200")["results"]
    return not {row["status"] for row in rows} & {"RECEIVED", "READING", "ASSESSING"}


def review_the_rest(api: Api) -> None:
    """Work through the queue over REST: confirm most fields, correct one in each document."""
    until(lambda: all_judged(api), 300)
    while claimed := api.post("/v1/review/tasks/next"):
        fields = api.get(f"/v1/documents/{claimed['document']['id']}/fields")
        corrections = [{"field": field["name"], "value": field["value"]} for field in fields if field["value"]]
        assert corrections, f"nothing was read of {claimed['document']}"
        corrections[0]["value"] += " X"
        body = {"lease": claimed["lease"]["token"], "decision": "approve", "corrections": corrections}
        done = api.post(f"/v1/review/tasks/{claimed['task']['id']}/submit", body)
        assert done["status"] == "APPROVED"


def retrained_and_promoted(browser: Browser, program: Program) -> None:
    """Train a candidate by the button; it is measured beside what judges now; promote it."""
    page = signed_in(browser, program, "manager")
    page.goto("/models/")
    page.get_by_role("button", name="Train a candidate").click()
    promote = page.get_by_role("button", name="Promote to champion")
    expect(promote).to_be_visible(timeout=SLOW)
    promote.click()
    expect(page.get_by_role("button", name="Roll back to the one before")).to_be_visible()
    page.context.close()


def exported(api: Api, document: str) -> None:
    """JSON and CSV at once, Label Studio by a worker."""
    whole = api.get(f"/v1/documents/{document}/export?format=json")
    assert (whole["status"], whole["schema"]) == ("APPROVED", "invoice")
    sheet = api.client.get(f"/v1/documents/{document}/export?format=csv")
    assert "Corrected by hand Ltd" in sheet.text
    artefact = api.get(f"/v1/documents/{document}/export?format=label-studio")
    until(lambda: api.get(artefact["links"]["self"])["status"] == "done")
    made = api.get(f"{artefact['links']['self']}/file")
    regions = made["tasks"][0]["annotations"][0]["result"]
    assert any(region["value"].get("text") == ["Corrected by hand Ltd"] for region in regions)


def exported_by_a_button(browser: Browser, program: Program, document: str) -> None:
    """Press for the PDF on the record: its link comes by itself and gives the file."""
    page = signed_in(browser, program, "operator")
    page.goto(f"/documents/{document}/")
    page.get_by_role("button", name="Make Searchable PDF", exact=True).click()
    link = page.get_by_role("link", name="Download Searchable PDF")
    expect(link).to_be_visible(timeout=SLOW)
    with page.expect_download() as given:
        link.click()
    assert given.value.path().read_bytes().startswith(b"%PDF")
    page.context.close()
