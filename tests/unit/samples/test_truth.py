"""The ground truth matches text and position on the page."""

import re
from collections.abc import Collection
from datetime import date

import pymupdf
import pytest

from samples.compose import DISCHARGE_TEMPLATES, INVOICE_TEMPLATES, LAB_TEMPLATES, RECEIPT_TEMPLATES, TRAVEL_TEMPLATES
from samples.generate import make_document, make_sample
from samples.plans import SamplePlan
from samples.schemas import KINDS, SCHEMAS
from tests.unit.samples.sample_content import fields_of, text_in, words_of

TEMPLATES: dict[str, Collection[str]] = {
    "invoice": INVOICE_TEMPLATES,
    "receipt": RECEIPT_TEMPLATES,
    "lab_report": LAB_TEMPLATES,
    "discharge_letter": DISCHARGE_TEMPLATES,
    "identity_document": TRAVEL_TEMPLATES,
}
PAIRS = [(kind, template) for kind in KINDS for template in TEMPLATES[kind]]


def _letters_only(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("kind", "template"), PAIRS)
def test_truth_field_value_is_printed_in_its_box(kind: str, template: str) -> None:
    for index in range(4):
        sample = make_sample(SamplePlan(kind, 31, index, "sample", scan=False, template=template))
        with pymupdf.open(stream=sample.content, filetype="pdf") as document:
            for name, field in fields_of(sample).items():
                value = field["value"].replace(", ", "") if name == "diagnoses" else field["value"]
                assert _letters_only(value), name
                read = text_in(document, field["page"], field["bbox"]).replace("·", "")  # the dot between address lines
                assert read == _letters_only(value), name


@pytest.mark.parametrize("kind", KINDS)
def test_truth_words_equal_pdf_words(kind: str) -> None:
    sample = make_document(kind, seed=32, index=0, scan=False)
    with pymupdf.open(stream=sample.content, filetype="pdf") as document:
        read = [word[4] for page in document for word in page.get_text("words")]
        words = words_of(sample)
        assert sorted("".join(read)) == sorted("".join(word["text"] for word in words))
        for word in words:
            assert word["text"] in text_in(document, word["page"], word["bbox"])


def test_truth_long_invoice_has_total_on_last_page() -> None:
    for template in INVOICE_TEMPLATES:
        sample = make_sample(SamplePlan("invoice", 33, 1, "long", scan=False, template=template, long=True))
        with pymupdf.open(stream=sample.content, filetype="pdf") as document:
            assert document.page_count == sample.truth["pages"] == 2
        fields = fields_of(sample)
        assert fields["total"]["page"] == 2
        assert fields["supplier"]["page"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_truth_nothing_is_printed_off_page(kind: str) -> None:
    for index in range(12):
        sample = make_document(kind, seed=34, index=index, scan=False)
        with pymupdf.open(stream=sample.content, filetype="pdf") as document:
            for page in document:
                for left, top, right, bottom, text, *_ in page.get_text("words"):
                    assert left >= 0, text
                    assert top >= 0, text
                    assert right <= page.rect.width, text
                    assert bottom <= page.rect.height, text


@pytest.mark.parametrize("kind", KINDS)
def test_truth_normalized_values_are_normalized(kind: str) -> None:
    for index in range(10):
        fields = fields_of(make_document(kind, seed=35, index=index, scan=False))
        assert tuple(fields) == SCHEMAS[kind]
        for name, field in fields.items():
            if "date" in name or name.endswith("_at"):
                date.fromisoformat(field["normalized"])
            if name in ("total", "net_total", "tax_total"):
                assert re.fullmatch(r"\d+\.\d\d", field["normalized"])
            if name in ("iban", "vat_id", "npi", "document_number", "invoice_number"):
                assert " " not in field["normalized"]


def test_truth_normalized_address_joins_printed_lines() -> None:
    address = fields_of(make_document("invoice", seed=36, index=0, scan=False))["supplier_address"]
    assert address["normalized"] == ", ".join(address["value"].split("\n"))
