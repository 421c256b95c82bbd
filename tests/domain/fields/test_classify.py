"""Which kind a document is."""

from dataclasses import replace

import pytest

from ingestion.domain.extraction.classification import classify
from ingestion.domain.page.barcodes import Code
from ingestion.domain.schemas import BUILT_IN, INVOICE
from tests.domain.fields.drawing import draw
from tests.domain.fields.test_clinical import LETTER
from tests.domain.fields.test_identity import PAGE
from tests.domain.fields.test_invoices import GERMAN
from tests.domain.fields.test_receipts import SLIP
from tests.domain.test_codes import BOX, GIRO


@pytest.mark.parametrize(
    ("text", "key"),
    [(GERMAN, "invoice"), (SLIP, "receipt"), (LETTER, "discharge_letter"), (PAGE, "identity_document")],
)
def test_tells_the_kind_and_why(text: str, key: str) -> None:
    told = classify([draw(text)], BUILT_IN)
    assert told.key == key
    assert told.confidence > 0.5
    assert told.reasons


def test_a_page_of_anything_else_is_nothing_known() -> None:
    told = classify([draw("Once upon a time there was a king\nwho had three daughters")], BUILT_IN)
    assert told.key == ""
    assert told.reasons == ()


@pytest.mark.parametrize(
    "text",
    [
        "First item\nSecond item in list\nThird item",
        "To: Sarah\nFrom: Ryan\nDate: 12 March 2024\nSubject: Family day\nThe farm is open to all",
        "The results of the study are given by name\nand date of birth of each duck",
    ],
)
def test_a_word_that_many_kinds_of_paper_print_makes_no_kind(text: str) -> None:
    told = classify([draw(text)], BUILT_IN)
    assert (told.key, told.reasons) == ("", ())
    assert 0 < told.confidence < 1


def test_a_kind_without_keywords_is_told_by_its_labels() -> None:
    own = replace(INVOICE, key="own", keywords=())
    page = draw("Invoice number 4711\nDue date 12.03.2024\nVAT ID DE136695976")
    assert classify([page], [own]).key == "own"
    assert classify([draw("a note on a date")], [own]).key == ""


def test_a_payment_code_asks_for_money() -> None:
    """The slip below a bill calls a part of itself a receipt."""
    text = "Dear Ms Moor\nItem  Garden work  949.75\nThank you\nReceipt  Payment part"
    page = draw(text)
    code = Code("qr_code", GIRO, BOX)
    assert classify([page], BUILT_IN).key == "receipt"
    assert classify([replace(page, codes=(code,))], BUILT_IN).key == "invoice"


@pytest.mark.parametrize(
    ("word", "key"), [("Schlussrechnung", "invoice"), ("Berechnung", ""), ("Hochrechnung", "")]
)
def test_a_compound_is_a_kind_of_its_last_part(word: str, key: str) -> None:
    assert classify([draw(f"{word} zu Ihrem Vertrag\nDatum 12.03.2024")], BUILT_IN).key == key


def test_a_letter_with_a_long_head_says_what_it_is_about_below_it() -> None:
    head = "\n".join(f"Line {number} of the sender's head" for number in range(14))
    text = f"{head}\nBeitragsrechnung, fällig am 01.04.2024\n" + "\n" * 28 + "its end ".ljust(80, ".")
    assert classify([draw(text)], BUILT_IN).key == "invoice"
