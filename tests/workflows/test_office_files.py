"""Office files from their upload to what the API gives: pages that can be looked at, with boxes that fit."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from ingestion.adapters.formats.office.converter import LibreOffice
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.limits import ChildLimits
from ingestion.adapters.sandbox.pool import Nursery
from ingestion.domain.formats.office import DOC, DOCX, ODT, PPT, PPTX, RTF, XLSX
from ingestion.domain.page.notes import Note
from ingestion.domain.ports import PaperMaker
from quality.services.rule_set import Engine
from refinery.core.tenancy.roles import Role
from tests.reading import offices
from tests.workflows.conftest import io_activities
from tests.workflows.papers import Office, open_office
from tests.workflows.plant import Plant
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.renditions import PaperReader

HEADLINE = set(offices.LINES[0].split())
VALUES = {value for row in offices.ROWS for value in row}
NEW = {
    "a.docx": (DOCX, offices.word, HEADLINE | VALUES),
    "a.xlsx": (XLSX, offices.workbook, VALUES),
    "a.pptx": (PPTX, offices.slides, HEADLINE | VALUES),
    "a.odt": (ODT, offices.open_text, HEADLINE | VALUES),
    "a.rtf": (RTF, offices.rich_text, HEADLINE | {"Müller"}),
}
OLD = {  # as LibreOffice writes them: its .doc knows no widths of the table, whose words run together then
    "a.doc": (DOC, "a.docx", HEADLINE),
    "a.ppt": (PPT, "a.pptx", HEADLINE | VALUES),
}


@pytest.fixture
def maker() -> PaperMaker:
    """LibreOffice."""
    return LibreOffice()


@pytest.fixture
def sandboxed() -> Iterator[SandboxedPageReader]:
    """A reader of real files."""
    made = SandboxedPageReader(Nursery(ChildLimits(), spare=False))
    yield made
    made.close()


@pytest.fixture
def office(idle_plant: Plant, engine: Engine, sandboxed: SandboxedPageReader, maker: PaperMaker) -> Office:
    """A tenant beside a plant that truly reads."""
    idle_plant.work(queues.IO, *io_activities(engine))
    idle_plant.work(queues.CPU, ReadingActivities(PaperReader(sandboxed, maker)).read_pages)
    idle_plant.relay()
    return open_office()


def upload(client: Client, name: str, content: bytes) -> str:
    """Send a file, its type unsaid; gives its document's id."""
    file = SimpleUploadedFile(name, content, content_type="application/octet-stream")
    answer = client.post("/v1/documents/ingest", {"file": file})
    assert answer.status_code == 202, answer.content
    return str(answer.json()["id"])


def pages_of(client: Client, document: str) -> list[dict[str, Any]]:
    """Give all pages of a document."""
    count = client.get(f"/v1/documents/{document}").json()["pages"]
    return [client.get(f"/v1/documents/{document}/pages/{number}").json() for number in range(1, count + 1)]


def check(client: Client, document: str, expected: set[str]) -> list[dict[str, Any]]:
    """Check that all words are there, each where its picture has ink; gives the pages."""
    pages = pages_of(client, document)
    assert {word["text"] for page in pages for word in page["words"]} >= expected
    for page in pages:
        answer = client.get(page["image"])
        picture = Image.open(BytesIO(b"".join(answer.streaming_content))).convert("L")  # type: ignore[attr-defined]
        assert picture.size == (page["width"], page["height"])
        for word in page["words"]:
            assert inked(picture, word["bbox"]), word["text"]
        covered = sum(block["words"][1] - block["words"][0] for block in page["blocks"])
        assert covered == len(page["words"])
    return pages


def inked(picture: Image.Image, bbox: list[float]) -> bool:
    """Say whether something is printed within a box, and the box is no wider than what a word may be."""
    x0, y0, x1, y1 = bbox
    box = (
        int(x0 * picture.width),
        int(y0 * picture.height),
        round(x1 * picture.width),
        round(y1 * picture.height),
    )
    dark, light = picture.crop(box).getextrema()
    return 0 < x1 - x0 < 0.6 and 0 < y1 - y0 < 0.2 and light - dark > 60  # type: ignore[operator]  # one band


@offices.needs_office
@pytest.mark.parametrize("name", [*NEW, *OLD])
def test_an_office_file_becomes_pages(idle_plant: Plant, office: Office, tmp_path: Path, name: str) -> None:
    """As an office program lays them out."""
    media_type, make, expected = NEW.get(name) or _old(name, tmp_path)
    content = make()
    client = office.house.api(Role.OPERATOR)
    document = upload(client, name, content)
    idle_plant.watch.wait_for("assess", f"doc/{document}/1")
    told = client.get(f"/v1/documents/{document}").json()
    assert (told["media_type"], told["pages_failed"]) == (media_type, 0)
    pages = check(client, document, expected)
    assert {tuple(page["notes"]) for page in pages} == {()}


def _old(name: str, folder: Path) -> tuple[str, Callable[[], bytes], set[str]]:
    media_type, source, expected = OLD[name]
    newer, make, _ = NEW[source]
    return media_type, lambda: offices.converted(make(), newer, name[2:], folder), expected


class TestWithoutAnOfficeProgram:
    """Their text is drawn on pages, and that is told; old files say what is missing."""

    @pytest.fixture
    def maker(self) -> PaperMaker:
        """Nothing."""
        return offices.Absent()

    @pytest.mark.parametrize("name", NEW)
    def test_its_text_is_drawn(self, idle_plant: Plant, office: Office, name: str) -> None:
        """With boxes that fit all the same."""
        _, make, expected = NEW[name]
        client = office.house.api(Role.OPERATOR)
        document = upload(client, name, make())
        idle_plant.watch.wait_for("assess", f"doc/{document}/1")
        pages = check(client, document, expected)
        assert pages[0]["notes"] == [Note.PLAIN_LAYOUT.value]

    def test_an_old_file_says_what_it_needs(self, idle_plant: Plant, office: Office) -> None:
        """It ends typed, with its original kept."""
        client = office.house.api(Role.OPERATOR)
        names = "".join(f"{name}\0\0" for name in ("PowerPoint Document", "Current User")).encode("utf-16-le")
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(2000)
        document = upload(client, "a.ppt", content)
        assert idle_plant.result(f"doc/{document}/1") == "FAILED"
        error = client.get(f"/v1/documents/{document}/status").json()["error"]
        assert error["code"] == "unsupported"
        assert "LibreOffice" in error["detail"]
