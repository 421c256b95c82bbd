"""Office files from upload to API response: page images, and word boxes that match them."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from ingestion.adapters.formats.office.converter import LibreOfficeRenderer
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.adapters.sandbox.pool import SandboxPool
from ingestion.domain.formats.entries.office import DOC, DOCX, ODT, PPT, PPTX, RTF, XLSX
from ingestion.domain.page.notes import Note
from ingestion.domain.ports import PdfRenderer
from quality.services.rule_set import AssessmentConfig
from refinery.core.tenancy.roles import Role
from tests.support import office_files
from tests.support.ingest_harness import IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness, io_activities
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.renditions import RenderingReader

HEADLINE = set(office_files.LINES[0].split())
VALUES = {value for row in office_files.ROWS for value in row}
CURRENT_FORMATS = {
    "a.docx": (DOCX, office_files.make_docx, HEADLINE | VALUES),
    "a.xlsx": (XLSX, office_files.make_xlsx, VALUES),
    "a.pptx": (PPTX, office_files.make_pptx, HEADLINE | VALUES),
    "a.odt": (ODT, office_files.make_odt, HEADLINE | VALUES),
    "a.rtf": (RTF, office_files.make_rtf, HEADLINE | {"Müller"}),
}
LEGACY_FORMATS = {  # as LibreOffice writes them: its .doc loses the table's column widths, so the words run together
    "a.doc": (DOC, "a.docx", HEADLINE),
    "a.ppt": (PPT, "a.pptx", HEADLINE | VALUES),
}


@pytest.fixture
def pdf_renderer() -> PdfRenderer:
    """Return the LibreOffice renderer."""
    return LibreOfficeRenderer()


@pytest.fixture
def sandboxed_reader() -> Iterator[SandboxedPageReader]:
    """Yield a reader of real files."""
    made = SandboxedPageReader(SandboxPool(SandboxLimits(), prestart=False))
    yield made
    made.close()


@pytest.fixture
def ingest(
    idle_harness: TemporalHarness,
    assessment_engine: AssessmentConfig,
    sandboxed_reader: SandboxedPageReader,
    pdf_renderer: PdfRenderer,
) -> IngestHarness:
    """Return a tenant with a harness that uses the real reader."""
    idle_harness.add_worker(queues.IO, *io_activities(assessment_engine))
    idle_harness.add_worker(queues.CPU, ReadingActivities(RenderingReader(sandboxed_reader, pdf_renderer)).read_pages)
    idle_harness.add_relay()
    return make_ingest_harness()


def upload(client: Client, name: str, content: bytes) -> str:
    """Upload a file without a declared type and return the document's id."""
    file = SimpleUploadedFile(name, content, content_type="application/octet-stream")
    answer = client.post("/v1/documents/ingest", {"file": file})
    assert answer.status_code == 202, answer.content
    return str(answer.json()["id"])


def pages_of(client: Client, document: str) -> list[dict[str, Any]]:
    """Return all pages of a document."""
    count = client.get(f"/v1/documents/{document}").json()["pages"]
    return [client.get(f"/v1/documents/{document}/pages/{number}").json() for number in range(1, count + 1)]


def assert_words_on_ink(client: Client, document: str, expected: set[str]) -> list[dict[str, Any]]:
    """Check that all words are found and each box contains ink; return the pages."""
    pages = pages_of(client, document)
    assert {word["text"] for page in pages for word in page["words"]} >= expected
    for page in pages:
        answer = client.get(page["image"])
        picture = Image.open(BytesIO(b"".join(answer.streaming_content))).convert("L")  # type: ignore[attr-defined]
        assert picture.size == (page["width"], page["height"])
        for word in page["words"]:
            assert has_ink(picture, word["bbox"]), word["text"]
        covered = sum(block["words"][1] - block["words"][0] for block in page["blocks"])
        assert covered == len(page["words"])
    return pages


def has_ink(picture: Image.Image, bbox: list[float]) -> bool:
    """Return whether a box contains ink and is no wider than a word can be."""
    x0, y0, x1, y1 = bbox
    box = (int(x0 * picture.width), int(y0 * picture.height), round(x1 * picture.width), round(y1 * picture.height))
    dark, light = picture.crop(box).getextrema()
    return 0 < x1 - x0 < 0.6 and 0 < y1 - y0 < 0.2 and light - dark > 60  # type: ignore[operator]  # one band


@office_files.needs_office
@pytest.mark.parametrize("name", [*CURRENT_FORMATS, *LEGACY_FORMATS])
def test_office_file_becomes_pages(
    idle_harness: TemporalHarness, ingest: IngestHarness, tmp_path: Path, name: str
) -> None:
    """The office program lays out the pages."""
    media_type, make, expected = CURRENT_FORMATS.get(name) or _legacy_file(name, tmp_path)
    content = make()
    client = ingest.tenant.api(Role.OPERATOR)
    document = upload(client, name, content)
    idle_harness.activity_log.wait_for("assess", f"doc/{document}/1")
    body = client.get(f"/v1/documents/{document}").json()
    assert (body["media_type"], body["pages_failed"]) == (media_type, 0)
    pages = assert_words_on_ink(client, document, expected)
    assert {tuple(page["notes"]) for page in pages} == {()}


def _legacy_file(name: str, folder: Path) -> tuple[str, Callable[[], bytes], set[str]]:
    media_type, source, expected = LEGACY_FORMATS[name]
    newer, make, _ = CURRENT_FORMATS[source]
    return media_type, lambda: office_files.converted_by_office(make(), newer, name[2:], folder), expected


class TestWithoutOfficeProgram:
    """Without an office program, text is drawn on pages and marked as such; legacy formats name the requirement."""

    @pytest.fixture
    def pdf_renderer(self) -> PdfRenderer:
        """Return no renderer."""
        return office_files.MissingOfficeProgram()

    @pytest.mark.parametrize("name", CURRENT_FORMATS)
    def test_office_text_is_drawn_on_pages(
        self, idle_harness: TemporalHarness, ingest: IngestHarness, name: str
    ) -> None:
        """The drawn pages have matching boxes."""
        _, make, expected = CURRENT_FORMATS[name]
        client = ingest.tenant.api(Role.OPERATOR)
        document = upload(client, name, make())
        idle_harness.activity_log.wait_for("assess", f"doc/{document}/1")
        pages = assert_words_on_ink(client, document, expected)
        assert pages[0]["notes"] == [Note.PLAIN_LAYOUT.value]

    def test_workbook_without_results_is_reported(self, idle_harness: TemporalHarness, ingest: IngestHarness) -> None:
        """Values that nobody has computed are an issue of the document, neither empty nor zero."""
        client = ingest.tenant.api(Role.OPERATOR)
        document = upload(client, "sum.xlsx", office_files.make_xlsx(formula="=SUM(B2:B3)"))
        idle_harness.activity_log.wait_for("assess", f"doc/{document}/1")
        issues = client.get(f"/v1/documents/{document}/status").json()["issues"]
        assert "formulas_calculated" in {issue["code"] for issue in issues}

    def test_legacy_office_file_fails_with_requirement(
        self, idle_harness: TemporalHarness, ingest: IngestHarness
    ) -> None:
        """The run ends with a typed error; the original is kept."""
        client = ingest.tenant.api(Role.OPERATOR)
        names = "".join(f"{name}\0\0" for name in ("PowerPoint Document", "Current User")).encode("utf-16-le")
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(2000)
        document = upload(client, "a.ppt", content)
        assert idle_harness.result(f"doc/{document}/1") == "FAILED"
        error = client.get(f"/v1/documents/{document}/status").json()["error"]
        assert error["code"] == "unsupported"
        assert "LibreOffice" in error["detail"]
