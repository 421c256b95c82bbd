"""Exports made by a worker: Label Studio's own check accepts the task, and the PDF's text is where it is seen."""

import json
from io import BytesIO

import pymupdf
import pytest
from django.core.files.storage import default_storage
from PIL import Image
from temporalio.testing import ActivityEnvironment

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from review.adapters.label_studio import LabelStudioMaker
from review.adapters.searchable_pdf import SearchablePdfMaker
from review.domain.exporting import ExportedPage, ExportedWord, ExportFacts
from review.models import Artefact
from review.services.exports import request_export
from tests.factories.documents import Sheet, make_document
from tests.factories.people import House, make_house
from workers.activities.make_export import ExportActivities
from workers.messages import ExportOrder


@pytest.fixture
def house(db: None) -> House:
    """A tenant."""
    return make_house(roles=[Role.OPERATOR])


def made(house: House, form: str) -> bytes:
    """Ask for an export and let the worker's activity make it."""
    fields = (Sheet("supplier", "Acme Ltd"), Sheet("total", "120.00", 0.6, extra={"human": "confirmed"}))
    document = make_document(house, fields=fields)
    actor = house.actor(Role.OPERATOR)
    with tenant_scope(house.tenant_id):
        artefact = request_export(actor=actor, document_id=document.id, form=form)
    activities = ExportActivities({"label-studio": LabelStudioMaker(), "pdf": SearchablePdfMaker()})
    order = ExportOrder(str(house.tenant_id), str(artefact.id))
    for _ in range(2):  # a retry has no second effect
        assert ActivityEnvironment().run(activities.make, order) == "done"
    with tenant_scope(house.tenant_id):
        content: bytes = default_storage.open(Artefact.objects.get(pk=artefact.id).blob_key).read()
    return content


def test_label_studio_gets_a_prediction_and_the_human_annotation(house: House) -> None:
    """Rectangles in percent; only what a human saw is an annotation."""
    export = json.loads(made(house, "label-studio"))
    task = export["tasks"][0]
    boxes = {region["id"]: region for region in task["predictions"][0]["result"] if region["from_name"] == "field"}
    assert set(boxes) == {"supplier", "total"}
    assert boxes["total"]["value"]["x"] == pytest.approx(30)
    annotated = {region["id"] for region in task["annotations"][0]["result"]}
    assert annotated == {"total"}
    assert task["data"]["pages"][0].endswith("/pages/1/image?run=1")


def test_the_pdf_can_be_searched(house: House) -> None:
    """The word stands where its box says."""
    with pymupdf.open(stream=made(house, "pdf"), filetype="pdf") as pdf:
        page = pdf[0]
        found = page.search_for("120.00")
        assert len(found) == 1
        assert abs(found[0].x0 / page.rect.width - 0.3) < 0.01
        assert abs(found[0].x1 / page.rect.width - 0.4) < 0.02


def test_the_pictures_of_born_digital_pages_are_taken_too() -> None:
    """They are kept as lossless WebP, which PDF does not know."""
    picture = BytesIO()
    Image.new("L", (120, 160), 200).save(picture, "WEBP", lossless=True)
    page = ExportedPage(1, 120, 160, "", picture.getvalue())
    content = SearchablePdfMaker().make(ExportFacts("1", "a.pdf", "invoice", "prior", (page,), ()))
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        assert [image[2:4] for image in pdf[0].get_images()] == [(120, 160)]


@pytest.mark.parametrize("text", ["12,50 €", "Łódź", "Счёт", "Τιμολόγιο", "請求書", "발주서", "发票号码"])
def test_what_is_written_in_other_letters_is_found_as_well(text: str) -> None:
    """The euro sign is one of them."""
    words = (ExportedWord(text, BoundingBox(0.1, 0.1, 0.5, 0.14)),)
    content = SearchablePdfMaker().make(
        ExportFacts("1", "a.pdf", "invoice", "prior", (ExportedPage(1, 1240, 1754, "", words=words),), ())
    )
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        assert pdf[0].get_text().strip() == text


@pytest.mark.parametrize("lie", [0, 1, 2, 3])
def test_words_of_a_page_that_lies_run_along_its_lines(lie: int) -> None:
    """And fill their boxes."""
    box = BoundingBox(0.3, 0.2, 0.385, 0.483) if lie % 2 else BoundingBox(0.2, 0.3, 0.6, 0.36)
    page = ExportedPage(1, 1240, 1754, "", words=(ExportedWord("Messtechnik", box),), lie=lie)
    content = SearchablePdfMaker().make(ExportFacts("1", "a.pdf", "invoice", "prior", (page,), ()))
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        sheet = pdf[0]
        (found,) = sheet.search_for("Messtechnik")
        line = sheet.get_text("dict")["blocks"][0]["lines"][0]
        wanted = pymupdf.Rect(*box.as_list()) * pymupdf.Matrix(sheet.rect.width, sheet.rect.height)
    assert line["dir"] == pytest.approx([(1, 0), (0, -1), (-1, 0), (0, 1)][lie], abs=1e-6)
    assert (found & wanted).get_area() > 0.6 * max(found.get_area(), wanted.get_area())


def test_a_document_without_pages_has_no_pdf(house: House) -> None:
    """The artefact says why."""
    document = make_document(house, fields=(), pages=0)
    with tenant_scope(house.tenant_id):
        artefact = request_export(actor=house.actor(Role.OPERATOR), document_id=document.id, form="pdf")
    order = ExportOrder(str(house.tenant_id), str(artefact.id))
    assert ActivityEnvironment().run(ExportActivities({"pdf": SearchablePdfMaker()}).make, order) == "failed"
    with tenant_scope(house.tenant_id):
        assert Artefact.objects.get(pk=artefact.id).detail == "there is no page to export"
