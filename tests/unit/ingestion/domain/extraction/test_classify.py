"""Classification of documents."""

from dataclasses import replace

import pytest

from ingestion.domain.extraction.classification import classify
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.barcodes import Barcode
from ingestion.domain.schemas import BUILT_IN_SCHEMAS, INVOICE
from tests.support.text_pages import page_from_text
from tests.unit.ingestion.domain.extraction.test_clinical import LETTER
from tests.unit.ingestion.domain.extraction.test_codes import BOX, GIRO
from tests.unit.ingestion.domain.extraction.test_identity_documents import PAGE
from tests.unit.ingestion.domain.extraction.test_invoices import GERMAN
from tests.unit.ingestion.domain.extraction.test_receipts import SLIP


@pytest.mark.parametrize(
    ("text", "key"), [(GERMAN, "invoice"), (SLIP, "receipt"), (LETTER, "discharge_letter"), (PAGE, "identity_document")]
)
def test_classify_gives_kind_with_reasons(text: str, key: str) -> None:
    classification = classify(build_document_rows([page_from_text(text)]), BUILT_IN_SCHEMAS)
    assert classification.key == key
    assert classification.confidence > 0.5
    assert classification.reasons


def test_classify_unrelated_page_is_unknown() -> None:
    classification = classify(
        build_document_rows([page_from_text("Once upon a time there was a king\nwho had three daughters")]),
        BUILT_IN_SCHEMAS,
    )
    assert classification.key == ""
    assert classification.reasons == ()


@pytest.mark.parametrize(
    "text",
    [
        "First item\nSecond item in list\nThird item",
        "To: Sarah\nFrom: Ryan\nDate: 12 March 2024\nSubject: Family day\nThe farm is open to all",
        "The results of the study are given by name\nand date of birth of each duck",
    ],
)
def test_classify_common_word_gives_no_kind(text: str) -> None:
    classification = classify(build_document_rows([page_from_text(text)]), BUILT_IN_SCHEMAS)
    assert (classification.key, classification.reasons) == ("", ())
    assert 0 < classification.confidence < 1


def test_classify_kind_without_keywords_uses_its_labels() -> None:
    own = replace(INVOICE, key="own", keywords=())
    page = page_from_text("Invoice number 4711\nDue date 12.03.2024\nVAT ID DE136695976")
    assert classify(build_document_rows([page]), [own]).key == "own"
    assert classify(build_document_rows([page_from_text("a note on a date")]), [own]).key == ""


def test_classify_payment_code_indicates_invoice() -> None:
    """The payment slip below an invoice labels one of its sections as a receipt."""
    text = "Dear Ms Moor\nItem  Garden work  949.75\nThank you\nReceipt  Payment part"
    page = page_from_text(text)
    code = Barcode("qr_code", GIRO, BOX)
    assert classify(build_document_rows([page]), BUILT_IN_SCHEMAS).key == "receipt"
    assert classify(build_document_rows([replace(page, codes=(code,))]), BUILT_IN_SCHEMAS).key == "invoice"


@pytest.mark.parametrize(("word", "key"), [("Schlussrechnung", "invoice"), ("Berechnung", ""), ("Hochrechnung", "")])
def test_classify_german_compound_by_last_part(word: str, key: str) -> None:
    assert (
        classify(
            build_document_rows([page_from_text(f"{word} zu Ihrem Vertrag\nDatum 12.03.2024")]), BUILT_IN_SCHEMAS
        ).key
        == key
    )


def test_classify_letter_with_long_head_reads_subject_below() -> None:
    head = "\n".join(f"Line {number} of the sender's head" for number in range(14))
    text = f"{head}\nBeitragsrechnung, fällig am 01.04.2024\n" + "\n" * 28 + "its end ".ljust(80, ".")
    assert classify(build_document_rows([page_from_text(text)]), BUILT_IN_SCHEMAS).key == "invoice"
