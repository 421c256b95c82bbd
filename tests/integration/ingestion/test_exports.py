"""Exports made by a worker: Label Studio's own check accepts the task, and the PDF text matches its image."""

import json
from base64 import b64decode
from io import BytesIO
from zipfile import ZipFile

import pymupdf
import pytest
from django.core.files.storage import default_storage
from lxml import etree
from PIL import Image
from temporalio.testing import ActivityEnvironment

from ingestion.adapters.exports import label_studio
from ingestion.adapters.exports.embedded_images import image_address
from ingestion.adapters.exports.label_studio import LabelStudioExporter
from ingestion.adapters.exports.searchable_pdf import SearchablePdfExporter
from ingestion.domain.exporting import ExportedPage, ExportedWord, ExportFacts
from ingestion.models import Artefact
from ingestion.services.exports import request_export
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from tests.support.factories.documents import FieldSample, make_document
from tests.support.factories.tenants import TenantFixture, make_tenant
from workers.activities.make_export import ExportActivities
from workers.messages import ExportInput


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant."""
    return make_tenant(roles=[Role.OPERATOR])


def make_export(tenant: TenantFixture, form: str) -> bytes:
    """Request an export and let the worker's activity make it."""
    fields = (FieldSample("supplier", "Acme Ltd"), FieldSample("total", "120.00", 0.6, extra={"human": "confirmed"}))
    document = make_document(tenant, fields=fields)
    actor = tenant.actor(Role.OPERATOR)
    with tenant_scope(tenant.tenant_id):
        artefact = request_export(actor=actor, document_id=document.id, form=form)
    activities = ExportActivities({"label-studio": LabelStudioExporter(), "pdf": SearchablePdfExporter()})
    order = ExportInput(str(tenant.tenant_id), str(artefact.id))
    for _ in range(2):  # a retry has no further effect
        assert ActivityEnvironment().run(activities.make, order) == "done"
    with tenant_scope(tenant.tenant_id):
        content: bytes = default_storage.open(Artefact.objects.get(pk=artefact.id).blob_key).read()
    return content


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP."""
    with ZipFile(BytesIO(content)) as container:
        return {name: container.read(name) for name in container.namelist()}


def test_label_studio_export_contains_prediction_and_annotation(tenant: TenantFixture) -> None:
    """Rectangles in percent; only values seen by a human are annotations, by whoever imports them."""
    (task,) = json.loads(unpacked(make_export(tenant, "label-studio"))["tasks.json"])
    boxes = {region["id"]: region for region in task["predictions"][0]["result"] if region["from_name"] == "field"}
    assert set(boxes) == {"supplier", "total"}
    assert boxes["total"]["value"]["x"] == pytest.approx(30)
    (annotation,) = task["annotations"]
    assert {region["id"] for region in annotation["result"]} == {"total"}
    assert "completed_by" not in annotation


def test_label_studio_export_contains_configuration_and_steps(tenant: TenantFixture) -> None:
    files = unpacked(make_export(tenant, "label-studio"))
    assert list(files) == ["tasks.json", "labeling-config.xml", "README.txt"]
    labels = [label.get("value") for label in etree.fromstring(files["labeling-config.xml"]).iter("Label")]
    assert labels == ["supplier", "total"]


def test_label_studio_export_contains_page_images(tenant: TenantFixture) -> None:
    """Nothing is fetched from Refinery, where a browser of Label Studio has no session."""
    (task,) = json.loads(unpacked(make_export(tenant, "label-studio"))["tasks.json"])
    (address,) = task["data"]["pages"]
    kind, _, content = address.partition(",")
    assert kind == "data:image/jpeg;base64"
    with Image.open(BytesIO(b64decode(content))) as picture:
        picture.load()
        assert picture.format == "JPEG"


def test_label_studio_export_reduces_large_pages() -> None:
    picture = BytesIO()
    Image.new("RGB", (3000, 6000), "white").save(picture, "WEBP", lossless=True)
    address = image_address(ExportedPage(1, 3000, 6000, picture.getvalue()))
    with Image.open(BytesIO(b64decode(address.partition(",")[2]))) as embedded:
        assert embedded.size == (1000, 2000)


def test_label_studio_export_without_fields_has_valid_configuration() -> None:
    page = ExportedPage(1, 120, 160)
    files = unpacked(LabelStudioExporter().make(ExportFacts("1", "a.pdf", "", "prior", (page,), ())))
    assert b"<Label " in files["labeling-config.xml"]
    assert json.loads(files["tasks.json"])[0]["predictions"][0]["result"] == []


def test_label_studio_export_beyond_import_limit_fails_with_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_studio, "MAX_TASK_BYTES", 100)
    with pytest.raises(ValueError, match="250 MB"):
        LabelStudioExporter().make(ExportFacts("1", "a.pdf", "", "prior", (ExportedPage(1, 120, 160),), ()))


def test_pdf_export_is_searchable_at_word_boxes(tenant: TenantFixture) -> None:
    """Each word is at the position of its box."""
    with pymupdf.open(stream=make_export(tenant, "pdf"), filetype="pdf") as pdf:
        page = pdf[0]
        found = page.search_for("120.00")
        assert len(found) == 1
        assert abs(found[0].x0 / page.rect.width - 0.3) < 0.01
        assert abs(found[0].x1 / page.rect.width - 0.4) < 0.02


def test_pdf_export_includes_webp_page_images() -> None:
    """Page images are stored as lossless WebP, which PDF does not support."""
    picture = BytesIO()
    Image.new("L", (120, 160), 200).save(picture, "WEBP", lossless=True)
    page = ExportedPage(1, 120, 160, picture.getvalue())
    content = SearchablePdfExporter().make(ExportFacts("1", "a.pdf", "invoice", "prior", (page,), ()))
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        assert [image[2:4] for image in pdf[0].get_images()] == [(120, 160)]


@pytest.mark.parametrize("text", ["12,50 €", "Łódź", "Счёт", "Τιμολόγιο", "請求書", "발주서", "发票号码"])
def test_pdf_export_finds_non_latin_text(text: str) -> None:
    """The euro sign is included."""
    words = (ExportedWord(text, BoundingBox(0.1, 0.1, 0.5, 0.14)),)
    content = SearchablePdfExporter().make(
        ExportFacts("1", "a.pdf", "invoice", "prior", (ExportedPage(1, 1240, 1754, words=words),), ())
    )
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        assert pdf[0].get_text().strip() == text


@pytest.mark.parametrize("lie", [0, 1, 2, 3])
def test_pdf_export_rotated_page_has_words_along_lines(lie: int) -> None:
    """The words fill their boxes."""
    box = BoundingBox(0.3, 0.2, 0.385, 0.483) if lie % 2 else BoundingBox(0.2, 0.3, 0.6, 0.36)
    page = ExportedPage(1, 1240, 1754, words=(ExportedWord("Messtechnik", box),), quarter_turns=lie)
    content = SearchablePdfExporter().make(ExportFacts("1", "a.pdf", "invoice", "prior", (page,), ()))
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        sheet = pdf[0]
        (found,) = sheet.search_for("Messtechnik")
        line = sheet.get_text("dict")["blocks"][0]["lines"][0]
        wanted = pymupdf.Rect(*box.as_list()) * pymupdf.Matrix(sheet.rect.width, sheet.rect.height)
    assert line["dir"] == pytest.approx([(1, 0), (0, -1), (-1, 0), (0, 1)][lie], abs=1e-6)
    assert (found & wanted).get_area() > 0.6 * max(found.get_area(), wanted.get_area())


def test_pdf_export_without_pages_fails_with_reason(tenant: TenantFixture) -> None:
    """The artefact contains the reason."""
    document = make_document(tenant, fields=(), pages=0)
    with tenant_scope(tenant.tenant_id):
        artefact = request_export(actor=tenant.actor(Role.OPERATOR), document_id=document.id, form="pdf")
    order = ExportInput(str(tenant.tenant_id), str(artefact.id))
    assert ActivityEnvironment().run(ExportActivities({"pdf": SearchablePdfExporter()}).make, order) == "failed"
    with tenant_scope(tenant.tenant_id):
        assert Artefact.objects.get(pk=artefact.id).detail == "there is no page to export"
