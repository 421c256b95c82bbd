"""Which kind a document is."""

import pytest

from ingestion.domain.classify import classify
from ingestion.domain.schemas import BUILT_IN
from tests.domain.fields.drawing import draw
from tests.domain.fields.test_clinical import LETTER
from tests.domain.fields.test_identity import PAGE
from tests.domain.fields.test_invoices import GERMAN
from tests.domain.fields.test_receipts import SLIP


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
